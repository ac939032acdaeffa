"""Which answer an event gets: of what was just decided, of what the log holds, or that its id is taken."""

from sayso.core.engine.decision import Decided
from sayso.domains.events.answer import Answer, Status
from sayso.domains.events.models import Event, State
from sayso.domains.events.outcome import unpack
from sayso.domains.events.rows import Entry


def answer_to(decided: Decided) -> Answer:
    """Return the answer to an event that was just decided or set aside."""
    event, decision = decided.event, decided.decision
    if decision is None:
        return Answer(event.external_id, "set_aside", event.position, problem=decided.failure)
    return Answer(
        event.external_id,
        "decided",
        event.position,
        reasons=decision.reasons,
        member=event.member,
        earned=decision.earned,
        decision=decision,
    )


def repeat_of(entry: Entry | Event) -> Answer:
    """Return the first answer to an event that stands in the log."""
    status: Status = "set_aside" if entry.state == State.SET_ASIDE else "decided"
    reasons, earned = unpack(entry.outcome)
    return Answer(
        external_id=entry.external_id,
        status=status,
        position=entry.position,
        repeated=True,
        reasons=reasons,
        problem=entry.failure,
        member=entry.member,
        earned=earned,
    )


def conflict_with(entry: Entry, differing: list[str]) -> Answer:
    """Return the refusal of another event under an id that is taken."""
    problem = f"an event with this id is stored already and differs in {', '.join(differing)}"
    return Answer(entry.external_id, "refused", entry.position, problem=problem, differs=differing)
