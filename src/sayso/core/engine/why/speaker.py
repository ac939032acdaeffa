"""One reason with its reader: the phrases of that reader, and everything that a phrase may speak of.

Owns what stands in the places of a phrase: names, amounts, dates. It must not choose what is said.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from sayso.core.engine.decision import Verdict
from sayso.core.engine.rows import Reason
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.why.clauses import Place, place_of, what_in_words
from sayso.core.engine.why.phrases import PHRASES
from sayso.core.program.document import Clause, Document
from sayso.core.program.explain.called import step_called
from sayso.core.program.explain.loyalty import tier_name
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.units import amount_of_points
from sayso.core.program.explain.voice import Voice

Audience = Literal["staff", "member"]
Names = Callable[[int], str]

# Verdicts that saw a step, a group or a clause; what else is seen as a text was sent by somebody.
_SEES_A_NAME = frozenset({Verdict.WAITS_FOR_STEP, Verdict.NOT_IN_GROUP, Verdict.ANOTHER_OF})


@dataclass
class Speaker:
    """A reason and who reads it.

    Attributes:
        program: the version that decided; None for the workspace itself, or when that version is gone.
        names: how the reader may call a member, by number.
        in_review: the referral that it is about waits for a person's look.
        deed: whose deed led to it, in a sentence; empty where it was nobody else's.
    """

    reason: Reason
    program: CompiledProgram | None
    voice: Voice
    audience: Audience
    names: Names
    in_review: bool = False
    deed: str = ""

    def say(self, key: str, **more: str) -> str:
        """A phrase with everything it may speak of."""
        return PHRASES[self.voice.language][key].format(**(self._values | more))

    def knows(self, key: str) -> bool:
        """Whether there is such a phrase."""
        return key in PHRASES[self.voice.language]

    @property
    def verdict(self) -> Verdict:
        """How the clause came out."""
        return Verdict(self.reason.verdict)

    @property
    def document(self) -> Document | None:
        """What the version says."""
        return self.program.document if self.program else None

    @cached_property
    def place(self) -> Place:
        """Where the reason stands."""
        return place_of(self.reason.clause, self.document)

    @property
    def clause(self) -> Clause | None:
        """The reward that the reason is about; None where it is about something else."""
        rewards = self.document.rewards if self.document and self.place.kind == "reward" else {}
        return rewards.get(self.place.name)

    # --- what phrases speak of --------------------------------------------------------------------------------------

    @cached_property
    def _values(self) -> dict[str, str]:
        reason, voice, clause = self.reason, self.voice, self.clause
        seen, staff = reason.seen, self.audience == "staff"
        number = seen if isinstance(seen, int) and not isinstance(seen, bool) else 0
        return {
            "who": self.names(reason.subject) if staff and reason.subject else "",
            "other": self.names(number) if staff and self._sees_a_member() else "",
            "what": self._what(number),
            "name": self._called(self.place.name),
            "value": self._value(seen),
            "count": self._count(number),
            "amount": voice.minor(number, self.program.currency) if self.program else voice.number(number),
            "every": voice.ordinal(clause.every) if clause and clause.every else "",
            "length": voice.length(clause.hold) if clause and clause.hold else "",
            "date": self._date(number),
            "tier": self._tier(str(seen)),
            "state": PHRASES[voice.language].get(f"state.{seen}", str(seen)),
            "sign": self._sign(),
        }

    def _sees_a_member(self) -> bool:
        of_a_member = self.place.kind == "referral" or self.verdict in (Verdict.MERGED, Verdict.CODE_TAKEN)
        return isinstance(self.reason.seen, int) and of_a_member

    def _what(self, number: int) -> str:
        """What was given or refused; points by their number where that is what was seen."""
        points = (Verdict.MET, Verdict.CAPPED, Verdict.TAKEN_BACK)
        if self.place.kind == "earn" and self.document and number and self.verdict in points:
            return amount_of_points(number, self.document, self.voice)
        return what_in_words(self.place, self.document, self.voice.language)

    def _value(self, seen: Any) -> str:
        if seen is None or seen == "":
            return self.voice.say("unknown")
        if isinstance(seen, int | Decimal):
            return self.voice.number(seen)
        named = self.verdict in _SEES_A_NAME and isinstance(seen, str)
        return self._called(seen) if named else self.voice.named(seen if isinstance(seen, str) else ", ".join(seen))

    def _called(self, name: str) -> str:
        """A name of the document's, as the document calls it; a step without a name by what happens there."""
        return step_called(name, Reader(self.voice, self.document)) if self.document else self.voice.named(name)

    def _count(self, number: int) -> str:
        if self.place.kind == "grant" and self.program:
            return self.voice.minor(number, self.program.currency)
        return self.voice.number(number)

    def _date(self, number: int) -> str:
        """The last day of a deadline, which is the midnight that closes it."""
        if self.verdict is not Verdict.STEP_TOO_LATE or self.program is None:
            return ""
        return self.voice.date(dt.date.fromordinal(self.program.calendar.day(number - 1)))

    def _tier(self, name: str) -> str:
        if self.document is None:
            return self.voice.named(name)
        return self.voice.quoted(tier_name(name, Reader(self.voice, self.document)))

    def _sign(self) -> str:
        """What the guard saw; elsewhere the clause's name, which may be one that the phrases have too."""
        key = self.place.path
        if not key.startswith("guard."):
            return self._called(self.place.name)
        if self.place.name == "speed":
            guard = self.document.guard if self.document else None
            if guard is None or guard.speed is None:
                return self.voice.named("speed")
            limit = self.voice.count("guard.referrals", guard.speed.count, per=self.voice.per(guard.speed.per))
            return self.voice.say(key, limit=limit)
        return self.voice.say(key) if self.voice.knows(key) else self.voice.named(self.place.name)
