"""What a condition may ask: who is who for one clause, and where each declared name finds its value.

Owns the meaning of every name of the vocabulary. Unknown is None. It must not change anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sayso.core.engine.draft import Draft
from sayso.core.engine.rows import Referral
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.ledger.chart import available
from sayso.core.program.calendar import time_meant
from sayso.core.program.document import Document, Fact
from sayso.core.program.tree import Name
from sayso.core.program.vocabulary import NEW_FOR

Getter = Callable[["Scope"], Any]


@dataclass(slots=True, init=False)
class Scope:
    """Who is who while one clause is judged; members by number, 0 for nobody.

    Attributes:
        amount: the event's amount in the program's currency, or what is left of it after a refund.
    """

    draft: Draft
    program: CompiledProgram
    member: int
    amount: int | None
    friend: int
    advocate: int
    referral: Referral | None

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        draft: Draft,
        program: CompiledProgram,
        member: int,
        amount: int | None = None,
        friend: int = 0,
        advocate: int = 0,
        referral: Referral | None = None,
    ) -> None:
        self.draft = draft
        self.program = program
        self.member = member
        self.amount = amount
        self.friend = friend
        self.advocate = advocate
        self.referral = referral

    def about(self, member: int) -> "Scope":
        """The same scope, seen from another member."""
        return Scope(self.draft, self.program, member, self.amount, self.friend, self.advocate, self.referral)

    def person(self, role: str) -> int:
        """The number of the member in a role."""
        return self.member if role == "member" else self.friend if role == "friend" else self.advocate


def resolver(document: Document) -> Callable[[Name], Getter]:
    """How the names of a document's conditions find their values."""

    def resolve(name: Name) -> Getter:
        if name.role == "event":
            return _event_getter(name)
        if name.role == "referral":
            return _referral_getter(name.field)
        if name.role == "program":
            return lambda scope: scope.program.name
        return _person_getter(document, name.role, name.field)

    return resolve


def _event_getter(name: Name) -> Getter:
    field = name.field
    if field == "amount":
        return lambda scope: scope.amount
    if field in ("type", "currency"):
        return lambda scope: getattr(scope.draft.event, field) or None
    match name.type:
        case "date" | "moment" as kind:
            return lambda scope: _time_in(scope, field, kind)
    return lambda scope: scope.draft.event.props.get(field)


def _time_in(scope: Scope, field: str, kind: Literal["date", "moment"]) -> Any:
    """What an event says under a name that is compared with a date: a text that is one is read as one."""
    value = scope.draft.event.props.get(field)
    return time_meant(value, kind, scope.draft.calendar) if isinstance(value, str) else value


def _referral_getter(field: str) -> Getter:
    if field == "opened_at":
        return lambda scope: scope.referral.opened_at if scope.referral else None
    return lambda scope: scope.referral.steps.get(field) if scope.referral else None


def _person_getter(document: Document, role: str, field: str) -> Getter:
    read = _reader(document, field)

    def get(scope: Scope) -> Any:
        person = scope.person(role)
        return read(scope, person) if person else None

    return get


def _reader(document: Document, field: str) -> Callable[[Scope, int], Any]:
    fact = document.facts.get(field)
    if fact is not None:
        return lambda scope, person: tallied(scope.draft, document.currency, person, fact)
    if field in _BUILT_IN:
        return _BUILT_IN[field]
    if field.startswith("last_") and field not in document.attributes:
        return lambda scope, person: _last(scope, person, field.removeprefix("last_"))
    return lambda scope, person: scope.draft.member(person).attributes.get(field)


def tallied(draft: Draft, currency: str, person: int, fact: Fact) -> int:
    """A count or a sum over a member's events, before the one being decided (SEMANTICS 12)."""
    first = draft.calendar.window(draft.now, fact.within) if fact.within else 0
    if fact.sum:
        return draft.counted((person, fact.event, currency), first, draft.event.day)[1]
    return happened(draft, person, fact.event, first)


def happened(draft: Draft, person: int, event_type: str, first: int) -> int:
    """How many events of a type a member had from a day on, in whatever currency."""
    last = draft.event.day
    return sum(draft.counted((person, event_type, currency), first, last)[0] for currency in draft.currencies)


def _last(scope: Scope, person: int, event_type: str) -> int | None:
    """The start of the local day of the latest event of a type."""
    days = []
    for currency in scope.draft.currencies:
        series = scope.draft.facts.series.find((person, event_type, currency))
        if series:
            days += [day for day, count in zip(series.days, series.counts, strict=True) if count > 0]
    return scope.draft.calendar.start(max(days)) if days else None


def _score(scope: Scope, person: int) -> int:
    seen = scope.about(person)
    signals = scope.program.document.score.items()
    return sum(signal.points for name, signal in signals if scope.program.rules[f"score.{name}.if"].check(seen))


def benefit_tier(draft: Draft, person: int, program: str) -> str:
    """The tier held when the event's local day began (SEMANTICS 13)."""
    part = draft.see("participations", (person, program))
    if part is None:
        return ""
    return part.tier if part.tier_day < draft.event.day else part.tier_before


_BUILT_IN: dict[str, Callable[[Scope, int], Any]] = {
    "tags": lambda scope, person: scope.draft.member(person).tags,
    "joined": lambda scope, person: scope.draft.member(person).joined_at,
    "score": _score,
    "last_score": lambda scope, person: scope.draft.member(person).attributes.get("last_score"),
    "friends_joined": lambda scope, person: happened(scope.draft, person, "friends_joined", 0),
    "tier": lambda scope, person: benefit_tier(scope.draft, person, scope.program.name) or None,
    "points": lambda scope, person: scope.draft.balance(available(person, scope.program.unit)),
    "country": lambda scope, person: scope.draft.member(person).country or None,
    "language": lambda scope, person: scope.draft.member(person).language or None,
    "is_new": lambda scope, person: (
        happened(scope.draft, person, "purchase", scope.draft.calendar.window(scope.draft.now, NEW_FOR)) == 0
    ),
}
