"""What the sender of an event is told: the other half of `submit`.

Owns the shape of an answer, so that whoever submits knows it. It must not find one: `decisions` does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sayso.core.engine.decision import Decision
from sayso.core.engine.rows import Earned, Reason

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
        note: what to say of one of which nothing came, since no program hears its type.
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
    note: str = ""
    decision: Decision | None = field(default=None, compare=False, repr=False)
