"""Events that were set aside: listing them, and deciding them again once their cause is gone.

Owns the way back from a stored event to an arrival. An event keeps its id; it gets a new place in the log.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from django.db import connection

from sayso.core.engine.events import TIMER, Arrival
from sayso.core.program.calendar import moment_of
from sayso.domains.decisions.batch import decide_batch
from sayso.domains.decisions.elsewhere import Waits, told_why, waits_of
from sayso.domains.decisions.pausing import FAILURE, is_paused
from sayso.domains.decisions.store import Key
from sayso.domains.events.answer import Answer
from sayso.domains.events.identities import recognise
from sayso.domains.events.models import Event
from sayso.domains.events.queries import set_aside_events, set_aside_for
from sayso.domains.workspaces.head import locked, move
from sayso.domains.workspaces.models import Workspace

# As many as one transaction takes well.
AT_ONCE = 500


def list_set_aside(workspace: Workspace) -> Sequence[Event]:
    """Return the events that were set aside, by their place in the log; `failure` says why, as `told_why` does."""
    found = list(set_aside_events(workspace))
    for event, why in zip(found, told_why(workspace.pk, [*map(waits_of, found)]), strict=True):
        event.failure = why
    return found


def deciding_is_paused(workspace: Workspace) -> bool:
    """Whether the engine failed on so many events in a row that new ones are kept undecided."""
    workspace.refresh_from_db()
    return is_paused(workspace.failing)


def replay_set_aside(
    *, workspace: Workspace, now: datetime, positions: Collection[int] | None = None
) -> Sequence[Answer]:
    """Decide events again that were set aside, until nothing more can be; what fails again is set aside again.

    They go in the order of the log, but what refers to another of them goes after it.

    Where deciding was paused, it goes on after them.

    A timer that failed is not replayed: what it was set for is looked at by a person, with the failure at hand.

    Args:
        workspace: whose events.
        now: the time.
        positions: places in the log of those to decide again; all of them when None.

    Returns:
        The last answer to each, in the order of the log.
    """
    chosen = _waiting(workspace, positions)
    answers = _decide_again(workspace, chosen, now)
    while positions is None and not _goes_on(workspace, answers):
        # What came meanwhile was set aside, so that nothing is decided before what came earlier.
        answers += _decide_again(workspace, _waiting(workspace, None, only=FAILURE), now)
    return answers


def _waiting(workspace: Workspace, positions: Collection[int] | None, *, only: str = "") -> list[Event]:
    found = set_aside_events(workspace, positions=positions, failure=only)
    return [event for event in found if event.type != TIMER]


def _goes_on(workspace: Workspace, answers: Sequence[Answer]) -> bool:
    """Let deciding go on once nothing waits for that alone; whether there is nothing more to decide before it does.

    Where not one event could be decided, the cause is still there, and deciding stays paused.
    """
    with locked(connection, workspace.pk) as head:
        if is_paused(head.failing) and any(each.status == "decided" for each in answers):
            if set_aside_for(workspace, FAILURE):
                return False
            head.failing = ""
            move(connection, head)
    return True


def _decide_again(workspace: Workspace, chosen: Sequence[Event], now: datetime) -> list[Answer]:
    left = sorted(map(_arrival, chosen), key=_refers_to_one_of(chosen))
    answers: dict[Key, Answer] = {}
    while left:
        again = [
            answer
            for first in range(0, len(left), AT_ONCE)
            for answer in decide_batch(workspace.pk, left[first : first + AT_ONCE], now=now, again=True)
        ]
        answers.update(((each.source, each.external_id), answer) for each, answer in zip(left, again, strict=True))
        failed = [each for each, answer in zip(left, again, strict=True) if answer.status != "decided"]
        left = failed if len(failed) < len(left) else []
    last = [answers[event.source, event.external_id] for event in chosen]
    waits = [Waits(event.source, event.refers_to, each.problem) for event, each in zip(chosen, last, strict=True)]
    for answer, why in zip(last, told_why(workspace.pk, waits), strict=True):
        answer.problem = why
    return last


def _refers_to_one_of(events: Iterable[Event]) -> Callable[[Arrival], bool]:
    keys = {(event.source, event.external_id) for event in events}
    return lambda arrival: (arrival.source, arrival.refers_to) in keys


def _arrival(event: Event) -> Arrival:
    assert event.occurred_at is not None
    return Arrival(
        source=event.source,
        external_id=event.external_id,
        type=event.type,
        ref=event.ref,
        occurred_at=moment_of(event.occurred_at),
        amount_minor=event.amount_minor,
        currency=event.currency,
        referral_code=event.referral_code,
        refers_to=event.refers_to,
        props=event.props,
        identities=tuple(recognise(event.props).identities),
        counts_only=event.counts_only,
    )
