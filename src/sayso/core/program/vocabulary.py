"""The names that a program's conditions may use, and the type of each.

Owns which names exist. It must not read conditions, nor know where a fact's value comes from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from sayso.core.program.document import Document
from sayso.core.program.tree import Type
from sayso.core.program.values import Duration

ROLES: tuple[str, ...] = ("event", "member", "friend", "advocate", "referral", "program")
PEOPLE: frozenset[str] = frozenset({"member", "friend", "advocate"})

EVENT: Mapping[str, Type] = {"amount": "money", "currency": "text", "type": "text"}
PERSON: Mapping[str, Type] = {
    "tags": "tags",
    "joined": "moment",
    "score": "whole",
    "last_score": "whole",
    "friends_joined": "whole",
    "tier": "text",
    "points": "whole",
    "country": "text",
    "language": "text",
    "is_new": "bool",
}
# For so long without a purchase somebody is new (TRUST, "friend bought within 180 days").
NEW_FOR = Duration(days=180)
FUNCTIONS: tuple[str, ...] = ("days_since", "days_until")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What conditions may speak of.

    currency: the program's, in which amounts without a currency are read.
    people: facts and attributes of any member, beside the ones that everybody has.
    steps: the referral's steps; `referral.STEP` is the moment at which one was reached.
    roles: whose names may be used where the condition stands.
    """

    currency: str
    people: Mapping[str, Type]
    steps: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset(ROLES)

    @classmethod
    def build(
        cls, *, currency: str, facts: Mapping[str, Type], attributes: Mapping[str, Type], steps: Iterable[str]
    ) -> "Vocabulary":
        """Join what a document declares with what everybody has; what everybody has wins."""
        return cls(currency, {**attributes, **facts, **PERSON}, frozenset(steps))

    def within(self, roles: Iterable[str]) -> "Vocabulary":
        """The same names, of which only these roles may be used."""
        return replace(self, roles=frozenset(roles))

    def type_of(self, role: str, field: str) -> Type | None:
        """The type of a name; None when there is no such name."""
        if role == "event":
            return EVENT.get(field, "any")
        if role == "referral":
            return "moment" if field == "opened_at" or field in self.steps else None
        if role == "program":
            return "text" if field == "name" else None
        if field in self.people:
            return self.people[field]
        return "moment" if field.startswith("last_") and len(field) > len("last_") else None

    def fields(self, role: str) -> list[str]:
        """The names that a role is known to have, in the order of the alphabet."""
        if role in PEOPLE:
            return sorted(self.people)
        known = {"event": EVENT, "referral": {"opened_at", *self.steps}, "program": {"name"}}
        return sorted(known.get(role, ()))

    def nearest(self, role: str, field: str) -> str | None:
        """The declared name that looks most like one that is not declared."""
        return nearest(field, self.fields(role))

    def holder(self, field: str) -> str | None:
        """The first allowed role that has a field of this name."""
        allowed = (role for role in ROLES if role in self.roles)
        return next((role for role in allowed if field in self.fields(role)), None)


def vocabulary_of(document: Document) -> Vocabulary:
    """The vocabulary of a document that has been read."""
    facts: dict[str, Type] = {name: "whole" if fact.count else "money" for name, fact in document.facts.items()}
    steps = document.referral.steps if document.referral else ()
    return Vocabulary.build(currency=document.currency, facts=facts, attributes=document.attributes, steps=steps)


def nearest(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """The known word that looks most like this one; None when none is so like it (1 is the same)."""
    found = get_close_matches(word.lower(), list(known), n=1, cutoff=likeness)
    return found[0] if found else None
