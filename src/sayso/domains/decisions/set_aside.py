"""Events that were set aside: listing them, and deciding them again once their cause is gone.

Owns the way back from a stored event to an arrival. An event keeps its id; it gets a new place in the log.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from sayso.core.engine.events import TIMER, Arrival
from sayso.core.program.calendar import moment_of
from sayso.domains.decisions.answers import Answer
from sayso.domains.decisions.batch import decide_batch
from sayso.domains.decisions.store import Key
from sayso.domains.events.identities import recognise
from sayso.domains.events.models import Event
from sayso.domains.events.queries import set_aside_events
from sayso.domains.workspaces.models import Workspace


def list_set_aside(workspace: Workspace) -> Sequence[Event]:
    """Return the events that were set aside, by their place in the log; `failure` says why."""
    return list(set_aside_events(workspace))


def replay_set_aside(
    *, workspace: Workspace, now: datetime, positions: Collection[int] | None = None
) -> Sequence[Answer]:
    """Decide events again that were set aside, until nothing more can be; what fails again is set aside again.

    They go in the order of the log, but what refers to another of them goes after it.

    A timer that failed is not replayed: what it was set for is looked at by a person, with the failure at hand.

    Args:
        workspace: whose events.
        now: the time.
        positions: places in the log of those to decide again; all of them when None.

    Returns:
        The last answer to each, in the order of the log.
    """
    waiting = [event for event in set_aside_events(workspace) if event.type != TIMER]
    chosen = [event for event in waiting if positions is None or event.position in positions]
    left = sorted(map(_arrival, chosen), key=_refers_to_one_of(chosen))
    answers: dict[Key, Answer] = {}
    while left:
        again = decide_batch(workspace.pk, left, now=now, again=True)
        answers.update(((each.source, each.external_id), answer) for each, answer in zip(left, again, strict=True))
        failed = [each for each, answer in zip(left, again, strict=True) if answer.status != "decided"]
        left = failed if len(failed) < len(left) else []
    return [answers[event.source, event.external_id] for event in chosen]


def _refers_to_one_of(events: Iterable[Event]) -> Callable[[Arrival], bool]:
    keys = {(event.source, event.external_id) for event in events}
    return lambda arrival: (arrival.source, arrival.refers_to) in keys


def _arrival(event: Event) -> Arrival:
    assert event.occurred_at is not None
    return Arrival(
        event.source,
        event.external_id,
        event.type,
        event.ref,
        moment_of(event.occurred_at),
        event.amount_minor,
        event.currency,
        event.referral_code,
        event.refers_to,
        event.props,
        tuple(recognise(event.props).identities),
        event.counts_only,
    )
