"""The difference of two versions of a program, as a list of changes in words; and whether one takes something away.

Owns `Change` and what touches referrals that are already open (SEMANTICS 18). It must not publish or refuse anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sayso.core.program.change_effects import Effect, effect_of, effect_of_condition
from sayso.core.program.change_words import Side, Version, sentence_of, sides_of
from sayso.core.program.conditions import Condition
from sayso.core.program.differences import Difference, Kind, Path, differences
from sayso.core.program.document import Document
from sayso.core.program.explain.voice import Language

__all__ = ["Change", "Version", "changes", "takes_something"]

# What an open referral is judged by. Who may recommend, who is a friend and the guard are judged when it opens.
_OPEN_TERMS = frozenset({"referral", "rewards", "budget", "currency", "program", "exclusive"})


@dataclass(frozen=True, slots=True)
class Change:
    """One change between two versions.

    path: the place in the document, `rewards.thanks.hold`.
    kind: added, removed or changed.
    sentence: the change in the reader's language.
    effect: what it does to members by itself: better, worse, same (only words or our own costs), or unclear where
        the two cannot be put in order.
    """

    path: str
    kind: Kind
    sentence: str
    effect: Effect


def changes(old: Version, new: Version, *, language: Language) -> list[Change]:
    """Every change from one version to the next, in document order; empty only when nothing differs."""
    sides = sides_of(old, new, language=language)
    return [_change(difference, sides) for difference in differences(old.document, new.document)]


def takes_something(old: Version, new: Version, *, language: Language) -> list[Change]:
    """The changes that take something from referrals already open, or cannot be compared (SEMANTICS 18).

    A program that `applies_to: everyone` is refused with this list unless it is empty.
    """
    asked = _asked_by_open_referrals(old) | _asked_by_open_referrals(new)
    sides = sides_of(old, new, language=language)
    return [
        _change(difference, sides)
        for difference in differences(old.document, new.document)
        if _effect(difference, sides) in ("worse", "unclear") and _is_open_term(difference, old, new, asked)
    ]


def _change(difference: Difference, sides: tuple[Side, Side]) -> Change:
    path, sentence = ".".join(difference.path), sentence_of(difference, sides)
    return Change(path, difference.kind, sentence, _effect(difference, sides))


def _effect(difference: Difference, sides: tuple[Side, Side]) -> Effect:
    before, after = (side.version.conditions.get(".".join(difference.path)) for side in sides)
    if before is None or after is None:
        return effect_of(difference)
    return effect_of_condition(difference, before.tree, after.tree)


def _is_open_term(difference: Difference, old: Version, new: Version, asked: frozenset[Path]) -> bool:
    path = difference.path
    if path[0] == "rewards" and len(path) > 1:
        return not all(_is_own_step(version.document, path[1]) for version in (old, new))
    return path[0] in _OPEN_TERMS or any(path[: len(place)] == place for place in asked)


def _is_own_step(document: Document, name: str) -> bool:
    """Whether a clause pays members for their own steps, which no referral waits for; so does none at all."""
    clause = document.rewards.get(name)
    return clause is None or clause.to == "member"


def _asked_by_open_referrals(version: Version) -> frozenset[Path]:
    """The declarations on which the terms of a referral rest: facts, attributes, groups, score and tiers."""
    return frozenset(_places_asked(version.document, version.conditions))


def _places_asked(document: Document, conditions: Mapping[str, Condition]) -> Iterator[Path]:
    for clause in document.rewards.values():
        if clause.to != "member" and clause.for_:
            yield ("people", "groups", clause.for_)
    for place, condition in conditions.items():
        if place.startswith(("referral.", "rewards.")):
            for name in condition.names:
                yield from _declared(name.field)
    for group in document.people.groups:
        if condition_of_group := conditions.get(f"people.groups.{group}"):
            for name in condition_of_group.names:
                yield from _declared(name.field)


def _declared(field: str) -> Iterator[Path]:
    yield ("facts", field)
    yield ("attributes", field)
    if field == "score":
        yield ("score",)
    if field == "tier":
        yield ("tiers",)
