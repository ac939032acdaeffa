"""One event as it stands in the log: what came in, and what was decided.

Owns how it is found and written. The shapes of a decision are `sending`'s.
"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Query
from pydantic import Field

from sayso.domains.decisions.effects import told_of
from sayso.domains.events.models import Event
from sayso.domains.events.queries import event_at, event_called
from sayso.domains.workspaces.ids import number_of
from sayso.web.api.access import caller_of
from sayso.web.api.events import answer_as_dict
from sayso.web.api.routes import Routes
from sayso.web.api.sending import DecisionOut
from sayso.web.api.shapes import LONGEST, In, Name, Out, PublicId, Told

routes = Routes("Events")

EventPath = Annotated[
    str, Path(max_length=LONGEST, description="Your own id of the event, percent-encoded, or its id `evt_…`.")
]


class EventOut(Out):
    """An event that is stored."""

    event: str = Field(description="Your id of it.")
    id: str = Field(description="Our id of it, `evt_…`.")
    position: int
    source: str = Field(description="In whose name it was sent.")
    type: str
    occurred_at: Told | None
    amount_minor: int | None
    currency: str
    referral_code: str
    refers_to: str
    status: Literal["decided", "set_aside"]
    detail: str = Field(description="What kept it from being decided; empty where it was.")
    member: str | None
    decision: DecisionOut | None = Field(description="Null while it is not decided.")


class EventWanted(In):
    """Which of several events with the same id is meant."""

    source: Name | None = Field(None, description="In whose name it was sent; your key's unless said.")


@routes.get("/events/{path:event}", gives=EventOut, fails=(404,))
def get_event(request: HttpRequest, event: EventPath, wanted: Query[EventWanted]) -> dict[str, Any]:
    """Show an event with what was decided and why.

    The rewards and referrals that it made are shown as they stand now.
    """
    caller = caller_of(request)
    position = number_of(PublicId.event, event)
    if position is None:
        found = event_called(caller.workspace, event, source=wanted.source or caller.key.source)
    else:
        found = event_at(caller.workspace, position)
    return _out(found)


def _out(event: Event) -> dict[str, Any]:
    said = answer_as_dict(told_of(event))
    del said["repeated"]
    return {
        "source": event.source,
        "type": event.type,
        "occurred_at": event.occurred_at,
        "amount_minor": event.amount_minor,
        "currency": event.currency,
        "referral_code": event.referral_code,
        "refers_to": event.refers_to,
        "detail": "",
        "member": None,
        "decision": None,
        **said,
    }
