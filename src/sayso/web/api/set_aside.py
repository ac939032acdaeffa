"""Events that were set aside: seeing them, and deciding them again once their cause is gone.

Owns how such an event is written. It must not change one.
"""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query
from pydantic import Field

from sayso.domains.decisions.elsewhere import told_why, waits_of
from sayso.domains.decisions.replay_task import replay_later
from sayso.domains.decisions.set_aside import deciding_is_paused, replay_set_aside
from sayso.domains.events.models import Event
from sayso.domains.events.queries import NoSuchEvent, set_aside_page
from sayso.web.api.access import caller_of
from sayso.web.api.pages import Cursor, Listing, next_of
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import In, Name, Out, PublicId, Told, number_in, told_id
from sayso.web.api.tasks import TASK

routes = Routes("Set aside")

SCOPE = "events"


class SetAsideEventOut(Out):
    """An event that is kept and could not be decided."""

    event: str
    source: str
    id: str = Field(description="Your own id of it.")
    type: str
    member: str
    occurred_at: Told | None
    failure: str = Field(description="What kept it from being decided.")


class SetAsideEventsOut(Out):
    """A page of events that were set aside."""

    items: list[SetAsideEventOut]
    next: Cursor
    paused: bool = Field(
        description="Deciding failed on many events in a row, and new ones are kept undecided until these are replayed."
    )


class ReplayIn(In):
    """Which events are decided again."""

    events: list[Name] | None = Field(None, max_length=200, description="Their ids, `evt_…`; all where left out.")


class ReplayedOut(Out):
    """What became of one event."""

    id: str
    status: str = Field(description="decided or set_aside")
    event: str | None
    problem: str


class ReplaysOut(Out):
    """What became of them."""

    items: list[ReplayedOut]
    task: str | None = Field(
        None, description="Where more than 1,000 wait, the long task that decides them; the list is empty then."
    )


@routes.get("/set-aside-events", gives=SetAsideEventsOut)
def get_set_aside_events(request: HttpRequest, wanted: Query[Listing]) -> SetAsideEventsOut:
    """List the events that could not be decided."""
    page, workspace = wanted.page(), caller_of(request).workspace
    rows = set_aside_page(workspace, page)
    reasons = told_why(workspace.pk, [*map(waits_of, rows)])
    return SetAsideEventsOut(
        items=[_out(row, why) for row, why in zip(rows, reasons, strict=True)],
        next=next_of(rows, page, lambda row: row.position),
        paused=deciding_is_paused(workspace),
    )


@routes.post("/set-aside-events/replays", gives=ReplaysOut, scope=SCOPE)
def post_replays(request: HttpRequest, body: ReplayIn) -> ReplaysOut:
    """Decide events again that were set aside.

    What fails again stays set aside, so asking twice does no harm. Where deciding was paused and all are asked for,
    they are decided in their order, and deciding goes on. More than 1,000 are decided by a long task.
    """
    if body.events is not None:
        return _replay(request, [number_in(PublicId.event, each) for each in body.events])
    caller = caller_of(request)
    task = replay_later(workspace=caller.workspace, now=caller.now)
    return _replay(request, None) if task is None else ReplaysOut(items=[], task=told_id(TASK, task.id))


@routes.post("/set-aside-events/{event}/replays", gives=ReplaysOut, scope=SCOPE, fails=(404,))
def post_replay(request: HttpRequest, event: Annotated[str, Path(max_length=40)]) -> ReplaysOut:
    """Decide one event again that was set aside."""
    replayed = _replay(request, [number_in(PublicId.event, event)])
    if not replayed.items:
        raise NoSuchEvent(f"no event {event} is set aside")
    return replayed


def _replay(request: HttpRequest, positions: list[int] | None) -> ReplaysOut:
    caller = caller_of(request)
    answers = replay_set_aside(workspace=caller.workspace, now=caller.now, positions=positions)
    return ReplaysOut(
        items=[
            ReplayedOut(
                id=each.external_id,
                status=each.status,
                event=told_id(PublicId.event, each.position),
                problem=each.problem,
            )
            for each in answers
        ]
    )


def _out(row: Event, why: str) -> SetAsideEventOut:
    return SetAsideEventOut(
        event=told_id(PublicId.event, row.position) or "",
        source=row.source,
        id=row.external_id,
        type=row.type,
        member=row.ref,
        occurred_at=row.occurred_at,
        failure=why,
    )
