"""What the sender of an event is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sayso.core.engine.decision import Decided, Decision, Reason
from sayso.core.engine.facts import Earned
from sayso.domains.events.models import State
from sayso.domains.events.outcome import unpack
from sayso.domains.events.rows import Entry

Status = Literal["decided", "set_aside", "refused"]


@dataclass(slots=True)
class Answer:
    """What became of one arrival.

    Attributes:
        status: `decided`; `set_aside`, kept to be looked at and decided later; `refused`, not stored.
        position: its place in the log; 0 when it was refused.
        repeated: it had been stored before, and this is what was decided then.
        reasons: why each clause came out as it did.
        problem: why it was refused or set aside.
        member: the number of whose event it is; 0 for the workspace's own and for what was not decided.
        earned: the points that it earned.
        differs: the fields in which it is not what is stored under its id.
        decision: what was decided just now; None for a repeat.
    """

    external_id: str
    status: Status
    position: int = 0
    repeated: bool = False
    reasons: list[Reason] = field(default_factory=list)
    problem: str = ""
    member: int = 0
    earned: Sequence[Earned] = ()
    differs: Sequence[str] = ()
    decision: Decision | None = field(default=None, compare=False, repr=False)


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


def repeat_of(entry: Entry) -> Answer:
    """Return the first answer to an event that came again."""
    status: Status = "set_aside" if entry.state == State.SET_ASIDE else "decided"
    reasons, earned = unpack(entry.outcome)
    return Answer(entry.external_id, status, entry.position, True, reasons, entry.failure, entry.member, earned)


def conflict_with(entry: Entry, differing: list[str]) -> Answer:
    """Return the refusal of another event under an id that is taken."""
    problem = f"an event with this id is stored already and differs in {', '.join(differing)}"
    return Answer(entry.external_id, "refused", entry.position, problem=problem, differs=differing)
