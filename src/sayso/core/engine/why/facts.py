"""The fact on which a condition failed: what it is called, what was seen, what is needed, what is missing.

Owns those four in words, and which of them a member may be told. It must not say what came of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sayso.core.engine.rows import Reason
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.why.clauses import Place, place_of
from sayso.core.program.explain.condition_words import leaf_in_words, missing_in_words
from sayso.core.program.explain.terms import Reader, term_in_words, value_of
from sayso.core.program.explain.voice import Language, voice_of
from sayso.core.program.tree import Compare, Flag, Leaf, Name, Operator, Type, Value, leaves, names

# What members know about themselves. Tags, groups, scores and what a company keeps about people are judgements of ours.
_OWN = frozenset({"joined", "tier", "points", "friends_joined", "is_new", "country", "language", "last_score"})
_KEYS: dict[Operator, str] = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_FLIPPED: dict[Operator, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Fact:
    """A failed leaf in words.

    Attributes:
        leaf: all of it as a clause, "the friend is new here".
        name: what is measured, "the number of purchases in the last 90 days"; empty where nothing is.
        known: whether its value was known at all (SEMANTICS 42).
    """

    leaf: str
    name: str
    seen: str
    needed: str
    missing: str
    known: bool


def failed_leaf(reason: Reason, program: CompiledProgram | None) -> Leaf | None:
    """The leaf that failed; None when no condition did, or the version has no such condition."""
    if program is None or reason.leaf < 0:
        return None
    rule = program.rules.get(f"{reason.clause}.{reason.field}" if reason.field else reason.clause)
    found = list(leaves(rule.condition.tree)) if rule else []
    return found[reason.leaf] if reason.leaf < len(found) else None


def may_be_told(leaf: Leaf, program: CompiledProgram, place: Place) -> bool:
    """Whether the member whom a clause is about may be told what this leaf saw."""
    return all(_is_theirs(name, program, place) for name in names(leaf))


def _is_theirs(name: Name, program: CompiledProgram, place: Place) -> bool:
    document = program.document
    if name.role == "program":
        return True
    if name.role in ("event", "referral"):  # the event of a referral, and its days, are the friend's
        return place.subject != "advocate"
    if name.role not in ("member", place.subject):
        return False
    counted = name.field in document.facts or name.field.startswith("last_")
    return name.field in _OWN or (counted and name.field not in document.attributes)


def fact_of(reason: Reason, program: CompiledProgram, language: Language) -> Fact | None:
    """The fact on which a condition failed; None when no condition did."""
    leaf = failed_leaf(reason, program)
    if leaf is None:
        return None
    reader = Reader(voice_of(language), program.document, place_of(reason.clause, program.document).subject)
    words = leaf_in_words(leaf, program.document, language=language, subject=reader.subject)
    kind, say = _kind_of(leaf), _speaker(reader, program)
    value = _as_read(reason.seen, kind)
    seen = say(value, kind)
    measured = _measured(leaf)
    if measured is None:
        return Fact(words, "", seen, "", "", reason.seen is not None)
    missing = missing_in_words(measured, value, language=language, currency=program.currency) or ""
    name = term_in_words(measured.left, reader)
    return Fact(words, name, seen, _needed(measured, reader), missing, reason.seen is not None)


def _speaker(reader: Reader, program: CompiledProgram) -> Callable[[Any, Type], str]:
    zone = str(program.calendar.zone)

    def say(value: Any, kind: Type) -> str:
        return value_of(value, kind, reader, zone)

    return say


def _measured(leaf: Leaf) -> Compare | None:
    """The leaf with what is measured on its left and what is needed, a plain value, on its right."""
    if not isinstance(leaf, Compare) or leaf.left.type == "tags" or leaf.right.type == "tags":
        return None
    if isinstance(leaf.left, Value) and leaf.operator not in ("in", "not in"):
        leaf = Compare(_FLIPPED.get(leaf.operator, leaf.operator), leaf.right, leaf.left)
    return leaf if isinstance(leaf.right, Value) and not isinstance(leaf.left, Value) else None


def _needed(leaf: Compare, reader: Reader) -> str:
    value = term_in_words(leaf.right, reader)
    if leaf.operator in ("==", "in"):
        return value
    if leaf.operator == "not in":
        return reader.voice.say("bound.ne", value=value)
    if leaf.right.type in ("date", "moment"):
        return reader.voice.say(f"date.{_KEYS[leaf.operator]}", date=value)
    return reader.voice.say(f"bound.{_KEYS[leaf.operator]}", value=value)


def _kind_of(leaf: Leaf) -> Type:
    """The type of the value that the leaf saw: its left side, unless that is a literal."""
    if isinstance(leaf, Flag):
        return leaf.name.type
    return leaf.right.type if isinstance(leaf.left, Value) else leaf.left.type


def _as_read(seen: Any, kind: Type) -> Any:
    """A value as it was before it was stored; decimals are stored as text."""
    if kind == "decimal" and isinstance(seen, str | float):
        try:
            return Decimal(str(seen))
        except InvalidOperation:
            return seen
    return seen
