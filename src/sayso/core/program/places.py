"""Where in a document conditions stand, and whose names may be used there.

Owns the list of places. It reads plain data, so that conditions are checked even where the rest has mistakes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sayso.core.program.tree import Type
from sayso.core.program.vocabulary import ROLES, Vocabulary
from sayso.core.program.yaml_source import Path

_ANYBODY = frozenset(ROLES)
_STANDING = frozenset({"member", "program"})
_OWN_EVENT = frozenset({"event", "member", "program"})
_TYPES: frozenset[Type] = frozenset({"bool", "whole", "decimal", "money", "text", "date", "moment", "tags"})


@dataclass(frozen=True, slots=True)
class Place:
    """A condition's text, its path, and the roles whose names it may use."""

    path: Path
    text: str
    roles: frozenset[str]


def condition_places(data: object) -> Iterator[Place]:
    """Every condition of a document, in the order of its sections."""
    for path, text, roles in _all_places(entries(data)):
        if isinstance(text, str):
            yield Place(path, text, roles)


_Found = tuple[Path, object, frozenset[str]]


def _all_places(data: Mapping[Any, Any]) -> Iterator[_Found]:
    people = entries(data.get("people"))
    for name in ("advocates", "friends"):
        yield (("people", name), people.get(name), _ANYBODY)
    for name, group in entries(people.get("groups")).items():
        yield (("people", "groups", name), group, _STANDING)
    for name, signal in entries(data.get("score")).items():
        yield (("score", name, "if"), entries(signal).get("if"), _STANDING)
    referral = entries(data.get("referral"))
    for name, step in entries(referral.get("steps")).items():
        yield (("referral", "steps", name, "when"), entries(step).get("when"), _ANYBODY)
    for name, clause in entries(data.get("rewards")).items():
        roles = _OWN_EVENT if entries(clause).get("to") == "member" else _ANYBODY
        yield from _when_and_if(("rewards", name), clause, roles)
    for name, earn in entries(entries(data.get("points")).get("earn")).items():
        yield from _when_and_if(("points", "earn", name), earn, _OWN_EVENT)
    for name, badge in entries(data.get("badges")).items():
        yield from _when_and_if(("badges", name), badge, _OWN_EVENT)
    moments = entries(data.get("asking")).get("when")
    for index, moment in enumerate(moments if isinstance(moments, list) else ()):
        yield (("asking", "when", index, "if"), entries(moment).get("if"), _OWN_EVENT)


def _when_and_if(path: Path, section: object, roles: frozenset[str]) -> Iterator[_Found]:
    for key in ("when", "if"):
        yield ((*path, key), entries(section).get(key), roles)


def entries(value: object) -> Mapping[Any, Any]:
    """The entries of a section, and none of what is no section."""
    return value if isinstance(value, dict) else {}


def vocabulary_in(data: object) -> Vocabulary:
    """The vocabulary of a document that may still have mistakes; what is unclear has any type."""
    document = entries(data)
    facts = {str(name): _fact_type(fact) for name, fact in entries(document.get("facts")).items()}
    attributes: dict[str, Type] = {
        str(name): kind if kind in _TYPES else "any" for name, kind in entries(document.get("attributes")).items()
    }
    steps = [str(name) for name in entries(entries(document.get("referral")).get("steps"))]
    currency = document.get("currency")
    known = currency if isinstance(currency, str) else ""
    return Vocabulary.build(currency=known, facts=facts, attributes=attributes, steps=steps)


def _fact_type(fact: object) -> Type:
    written = entries(fact)
    if "count" in written:
        return "whole"
    return "money" if "sum" in written else "any"
