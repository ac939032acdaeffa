"""One clause considered for one beneficiary: what the rooms that grant pass to each other."""

from dataclasses import dataclass, field
from typing import NamedTuple

from sayso.core.engine.decision import Verdict
from sayso.core.engine.facts import SeriesKey
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.scope import Scope
from sayso.core.program.document import Clause


class Trigger(NamedTuple):
    """The event that earned a step, this one or one before: its position, and its amount in the program's currency."""

    position: int
    amount: int | None


@dataclass(slots=True)
class Case:
    """One clause that is considered for one beneficiary.

    Attributes:
        cause: a referral's number or an event's position.
        trigger: position of the event that earned it.
        taken: names of `one_of` that an earlier clause of this occasion took.
    """

    scope: Scope
    name: str
    clause: Clause
    cause: int
    trigger: int
    taken: set[str] = field(default_factory=set)

    @property
    def path(self) -> str:
        """Where the clause stands in the document."""
        return f"rewards.{self.name}"

    @property
    def beneficiary(self) -> int:
        """The member who would get it."""
        return self.scope.member

    @property
    def program(self) -> CompiledProgram:
        """The version that decides."""
        return self.scope.program

    @property
    def granted_key(self) -> SeriesKey:
        """The tally of what the clause granted to the member, or to their account where the limit is shared."""
        owner = self.beneficiary
        if self.clause.per == "account":
            owner = self.scope.draft.member(owner).account or owner
        return owner, f"granted/{self.program.name}/{self.name}", ""

    def say(self, verdict: Verdict, seen: object = None) -> None:
        """Give the reason for how the clause came out."""
        self.scope.draft.say(self.program, self.path, verdict, seen, self.beneficiary)
