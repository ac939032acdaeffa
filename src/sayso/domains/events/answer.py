"""What the sender of an event is told: the other half of `submit`.

Owns the shape of an answer, so that whoever submits knows it. It must not find one: `decisions` does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sayso.core.engine.decision import Decision
from sayso.core.engine.rows import Earned, Reason

Status = Literal["decided", "set_aside", "refused"]


@dataclass(slots=True, init=False)
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
        note: what to say of one of which nothing came, since no program hears its type.
        decision: what was decided just now; None for a repeat.
    """

    external_id: str
    status: Status
    position: int
    repeated: bool
    reasons: list[Reason]
    problem: str
    member: int
    earned: Sequence[Earned]
    differs: Sequence[str]
    note: str
    decision: Decision | None = field(compare=False, repr=False)

    def __init__(  # noqa: PLR0913
        self,
        external_id: str,
        status: Status,
        position: int = 0,
        *,
        repeated: bool = False,
        reasons: list[Reason] | None = None,
        problem: str = "",
        member: int = 0,
        earned: Sequence[Earned] = (),
        differs: Sequence[str] = (),
        note: str = "",
        decision: Decision | None = None,
    ) -> None:
        self.external_id = external_id
        self.status = status
        self.position = position
        self.repeated = repeated
        self.reasons = [] if reasons is None else reasons
        self.problem = problem
        self.member = member
        self.earned = earned
        self.differs = differs
        self.note = note
        self.decision = decision
