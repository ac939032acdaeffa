"""A stored reason put into words, for the staff or for the member, in four languages.

Owns which sentences a reason becomes. The words are `phrases`'; what a member may be told of a fact is `facts`'.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from sayso.core.engine.decision import Reason, Verdict
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.why.clauses import Place, place_of, what_in_words
from sayso.core.engine.why.facts import Fact, fact_of, failed_leaf, may_be_told
from sayso.core.engine.why.phrases import PHRASES
from sayso.core.engine.why.selection import Because, Silence
from sayso.core.program.document import Document
from sayso.core.program.explain.condition_words import condition_in_words
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.units import amount_of_points
from sayso.core.program.explain.voice import Language, Voice, sentence, voice_of
from sayso.core.program.scalars import words
from sayso.core.program.values import Duration, Limit

Audience = Literal["staff", "member"]
Names = Callable[[int], str]

# Verdicts whose own words say what came out; before every other one stands what was given or refused.
_TELLS_ITSELF = frozenset(
    {
        Verdict.TAKEN_BACK, Verdict.OUTSIDE_REFUND_TIME, Verdict.RELEASED, Verdict.EXPIRED, Verdict.REMINDED,
        Verdict.RAISED, Verdict.DROPPED, Verdict.KEPT, Verdict.REFILLED, Verdict.LAPSED, Verdict.DENIED,
        Verdict.ISSUED, Verdict.LOSS, Verdict.MERGED, Verdict.COUNTED_ONLY, Verdict.GUARD_REVIEW, Verdict.NOT_OPEN,
        Verdict.NOT_OFFERED,
    }
)  # fmt: skip
# Verdicts that saw a step, a group or a clause; what else is seen as a text was sent by somebody.
_SEES_A_NAME = frozenset({Verdict.WAITS_FOR_STEP, Verdict.NOT_IN_GROUP, Verdict.ANOTHER_OF})
_WITH_ITS_KIND = ("reward", "grant", "earn", "badge")


@dataclass(frozen=True, slots=True)
class Explained:
    """One reason in words.

    Attributes:
        sentences: what came out, why, what is missing, and where the document says so.
        verdict: how the clause came out; None when nothing happened yet that it listens to.
        path: the clause's place in the document, `badges.regular`.
        version: of the program that decided; 0 for the workspace itself.
        fact, seen, needed, missing: of a condition that failed; empty where there is none, or it is not theirs to know.
    """

    sentences: tuple[str, ...]
    verdict: Verdict | None
    path: str
    program: str
    version: int
    fact: str = ""
    seen: str = ""
    needed: str = ""
    missing: str = ""

    def as_text(self) -> str:
        """The sentences in a row."""
        return " ".join(self.sentences)


def render(
    reason: Reason, program: CompiledProgram | None, *, language: Language, audience: Audience, names: Names
) -> Explained:
    """Put a reason into words; for the member, it is theirs.

    Args:
        reason: as it was given or stored.
        program: the version that decided; None for the workspace itself, or when that version is gone.
        language: of the reader.
        audience: whoever works here, or the member whom the reason is about. The member is never told what the guard
            saw, what the budget holds, or anything about somebody else.
        names: how a member is called, by number; used for the staff only.
    """
    return _Telling(reason, program, voice_of(language), audience, names).explained()


def tell(found: Because | Silence, *, language: Language, audience: Audience, names: Names) -> Explained:
    """Put an answer of `why` into words; the parameters are those of `render`.

    What a friend did is told to the member without the values that were seen.
    """
    if isinstance(found, Silence):
        return _silence(found, language)
    reason = found.reason
    if audience == "member" and reason.subject not in (0, found.asked_by):
        return _about_a_friend(found, language)
    told = render(reason, found.program, language=language, audience=audience, names=names)
    if audience == "member" or not found.turned_away:
        return told
    named = PHRASES[language]["named.staff"].format(who=names(found.heard.member), other=names(found.asked_by))
    return replace(told, sentences=(named, *told.sentences))


@dataclass
class _Telling:
    reason: Reason
    program: CompiledProgram | None
    voice: Voice
    audience: Audience
    names: Names

    @property
    def document(self) -> Document | None:
        return self.program.document if self.program else None

    @cached_property
    def place(self) -> Place:
        return place_of(self.reason.clause, self.document)

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.reason.verdict)

    def explained(self) -> Explained:
        """Everything there is to tell."""
        fact = self._fact()
        sentences = [*self._outcome(), *self._cause(fact), *self._terms(), *_where(self)]
        told = (fact.name or fact.leaf, fact.seen, fact.needed, fact.missing) if fact else ()
        reason = self.reason
        return Explained(
            tuple(sentences), self.verdict, reason.clause, reason.program, reason.version, *told
        )  # fmt: skip

    def say(self, key: str, **more: str) -> str:
        """A phrase with everything it may speak of."""
        return PHRASES[self.voice.language][key].format(**(self._values | more))

    def _knows(self, key: str) -> bool:
        return key in PHRASES[self.voice.language]

    # --- what came out ------------------------------------------------------------------------------------------

    def _outcome(self) -> Iterator[str]:
        if self.verdict in _TELLS_ITSELF:
            return
        came = "later" if self.verdict is Verdict.BUDGET_WAITS else "given" if self._was_given() else "refused"
        kind = "advocate" if self.reason.clause == "people.advocates" else self.place.kind
        if came == "given" and self._hold():
            yield self.say(f"given.held.{self.audience}")
        elif kind in _WITH_ITS_KIND:
            yield self.say(f"{came}.{self.audience}")
        elif self._knows(f"{came}.{kind}.{self.audience}"):
            yield self.say(f"{came}.{kind}.{self.audience}")
        elif came != "given":
            yield self.say(f"refused.other.{self.audience}")

    def _was_given(self) -> bool:
        if self.verdict is Verdict.CAPPED:
            return bool(self.reason.seen)
        return self.verdict is Verdict.MET

    def _cause(self, fact: Fact | None) -> Iterator[str]:
        verdict = self.verdict
        if verdict is Verdict.MET:
            return
        if verdict is not Verdict.CONDITION or fact is None:
            name = verdict.name.lower()
            special = f"{name}.{self.place.kind}.{self.audience}"
            yield self.say(special if self._knows(special) else f"{name}.{self.audience}")
        if fact is not None:
            yield self._fact_in_words(fact)

    def cause_of_a_friend(self) -> str:
        """Why a recommendation of the reader's did not count, in words that would fit any friend."""
        name = self.verdict.name.lower()
        special = (f"{name}.friend", f"{name}.{self.place.kind}.member", f"{name}.member")
        return self.say(next(key for key in special if self._knows(key)))

    def _fact(self) -> Fact | None:
        leaf = failed_leaf(self.reason, self.program)
        if leaf is None or self.program is None:
            return None
        if self.audience == "member" and not may_be_told(leaf, self.program, self.place):
            return None
        return fact_of(self.reason, self.program, self.voice.language)

    def _fact_in_words(self, fact: Fact) -> str:
        if not fact.name:
            return self.say("asked.seen" if fact.known else "asked", leaf=fact.leaf, seen=fact.seen)
        key = "fact.unknown" if not fact.known else "fact.missing" if fact.missing else "fact"
        return self.say(key, fact=fact.name, seen=fact.seen, needed=fact.needed, missing=fact.missing)

    # --- what the terms say ---------------------------------------------------------------------------------------

    def _terms(self) -> Iterator[str]:
        """What would have changed the answer, where the document says it."""
        document, verdict = self.document, self.verdict
        if document is None:
            return
        if verdict in (Verdict.LIMIT_REACHED, Verdict.CAPPED) and (limit := self._limit(document)):
            yield self.say("limit", limit=self.voice.limit(limit))
        elif verdict is Verdict.NOT_EVERY and isinstance(self.reason.seen, int) and (every := self._every(document)):
            yield self.say("more", count=self.voice.number(every - self.reason.seen % every))
        elif verdict is Verdict.OUTSIDE_WINDOW and document.referral:
            yield self.say("window", length=self.voice.length(document.referral.window))
        elif verdict is Verdict.STEP_TOO_LATE and document.referral:
            step = document.referral.steps.get(self.place.name)
            if step and step.within:
                yield self.say("within", length=self.voice.length(step.within))
        elif verdict is Verdict.NOT_IN_GROUP and self.audience == "staff":
            yield from self._group()

    def _limit(self, document: Document) -> Limit | None:
        if self.place.kind == "reward" and self.place.name in document.rewards:
            return document.rewards[self.place.name].limit
        earn = document.points.earn.get(self.place.name) if document.points else None
        # A cap counts points, which "so many times" would not say.
        return earn.limit if earn and self.verdict is Verdict.LIMIT_REACHED else None

    def _every(self, document: Document) -> int:
        clause = document.rewards.get(self.place.name)
        return (clause.every or 0) if clause else 0

    def _group(self) -> Iterator[str]:
        rule = self.program.rules.get(f"people.groups.{self.reason.seen}") if self.program else None
        if rule is not None and self.program is not None:
            language = self.voice.language
            text = condition_in_words(rule.condition.tree, self.program.document, language=language)
            yield self.say("group", condition=text)

    def _hold(self) -> Duration | None:
        """How long what was earned waits until it is theirs; a decision never knows whether that is over."""
        rewards = self.document.rewards if self.document and self.place.kind == "reward" else {}
        return rewards[self.place.name].hold if self.place.name in rewards else None

    # --- what phrases speak of --------------------------------------------------------------------------------------

    @cached_property
    def _values(self) -> dict[str, str]:
        reason, voice, document = self.reason, self.voice, self.document
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
            "every": voice.ordinal(every) if (every := self._every(document) if document else 0) else "",
            "length": voice.length(hold) if (hold := self._hold()) else "",
            "date": self._date(number),
            "tier": self._tier(str(seen)),
            "state": self._state(str(seen)),
            "sign": self._sign(),
        }

    def _sees_a_member(self) -> bool:
        return isinstance(self.reason.seen, int) and (self.place.kind == "referral" or self.verdict is Verdict.MERGED)

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
        """A name of the document's, as the document calls it."""
        return Reader(self.voice, self.document).named(name) if self.document else self.voice.named(name)

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
        tiers = self.document.tiers if self.document else None
        named = tiers.names.get(name) if tiers else None
        return self.voice.quoted(words(named, self.voice.language)) if named else self.voice.named(name)

    def _state(self, name: str) -> str:
        phrases = PHRASES[self.voice.language]
        return phrases.get(f"state.{name}", name)

    def _sign(self) -> str:
        key = f"guard.{self.place.name}"
        if self.place.name == "speed":
            guard = self.document.guard if self.document else None
            if guard is None or guard.speed is None:
                return self.voice.named("speed")
            limit = self.voice.count("guard.referrals", guard.speed.count, per=self.voice.per(guard.speed.per))
            return self.voice.say(key, limit=limit)
        return self.voice.say(key) if self.voice.knows(key) else self.voice.named(self.place.name)


def _where(telling: _Telling) -> Iterator[str]:
    if telling.document is None:
        return
    title = telling.voice.quoted(words(telling.document.title, telling.voice.language))
    yield telling.say(
        f"place.{telling.audience}", path=telling.reason.clause, version=str(telling.reason.version), program=title
    )  # fmt: skip


def _about_a_friend(found: Because, language: Language) -> Explained:
    """What a friend, or whoever recommended the reader, did not do: that it is so, and nothing of theirs."""
    bare, program = found.reason._replace(leaf=-1, seen=None), found.program
    telling = _Telling(bare, program, voice_of(language), "member", str)
    if telling.place.kind == "step" and program is not None:
        sentences = [telling.say("refused.step.friend"), *_where(telling)]
    elif found.turned_away:
        sentences = [telling.say("refused.referral.friend"), telling.cause_of_a_friend(), *_where(telling)]
    else:
        return render(bare, program, language=language, audience="member", names=str)
    return Explained(tuple(sentences), telling.verdict, bare.clause, bare.program, bare.version)


def _silence(found: Silence, language: Language) -> Explained:
    document, voice = found.program.document, voice_of(language)
    place = place_of(found.path, document)
    text = PHRASES[language]["nothing"]
    if found.listening is not None:
        key = "silence.early" if found.early else "silence.friend" if found.listening.by_friend else "silence"
        event = Reader(voice, document).event(found.listening.event).a
        clause = what_in_words(place, document, language)
        date = voice.date(dt.date.fromordinal(found.program.calendar.day(found.early)))
        text = sentence(PHRASES[language][key].format(clause=clause, event=event, date=date))
    return Explained((text,), None, found.path, found.program.name, found.program.version)
