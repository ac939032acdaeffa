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


def granted_key(owner: int, program: str, clause: str) -> SeriesKey:
    """The tally of what a clause granted to a member, or to an account where the limit is shared."""
    return owner, f"granted/{program}/{clause}", ""


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
    def limit_owner(self) -> int:
        """Whose limit a grant counts towards: the member's, or that of their account where it is shared."""
        if self.clause.per == "account":
            return self.scope.draft.member(self.beneficiary).account or self.beneficiary
        return self.beneficiary

    @property
    def granted_key(self) -> SeriesKey:
        """The tally of what the clause granted towards that limit."""
        return granted_key(self.limit_owner, self.program.name, self.name)

    def say(self, verdict: Verdict, seen: object = None) -> None:
        """Give the reason for how the clause came out."""
        self.scope.draft.say(self.program, self.path, verdict, seen, self.beneficiary)
