"""One leaf of a condition in words: what a person did, has or is; or, where nobody is spoken of, a statement.

Owns the sentences of single leaves. `condition_words` joins them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sayso.core.program.document import Fact
from sayso.core.program.explain.terms import (
    PEOPLE,
    Reader,
    country_or_language,
    days_since_name,
    name_in_words,
    term_in_words,
)
from sayso.core.program.explain.units import amount_of_points
from sayso.core.program.tree import Compare, Flag, Leaf, Name, Operator, Value

_KEYS: dict[Operator, str] = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_FLIPPED: dict[Operator, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_TIMES = ("date", "moment")


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf in words. With a role they follow that person ("the friend": "is new here"); else they stand alone."""

    role: str | None
    words: str


def part_of(leaf: Leaf, reader: Reader) -> Part:
    """The words of one leaf."""
    if isinstance(leaf, Flag):
        return _flag(leaf, reader)
    leaf = _name_first(leaf)
    name = leaf.left if isinstance(leaf.left, Name) else days_since_name(leaf.left)
    if name is not None and name.role in PEOPLE and isinstance(leaf.right, Value):
        predicate = _predicate(leaf, name, reader)
        if predicate:
            return Part(reader.role(name.role), predicate)
    if isinstance(leaf.right, Name) and leaf.right.field == "tags" and leaf.right.role in PEOPLE:
        return Part(reader.role(leaf.right.role), _tags(leaf, reader))
    return Part(None, _statement(leaf, reader))


def _name_first(leaf: Compare) -> Compare:
    if not isinstance(leaf.left, Value) or leaf.operator in ("in", "not in"):
        return leaf
    return Compare(_FLIPPED.get(leaf.operator, leaf.operator), leaf.right, leaf.left)


def _flag(leaf: Flag, reader: Reader) -> Part:
    voice, not_ = reader.voice, "" if leaf.expected else "not_"
    if leaf.name.role not in PEOPLE:
        return Part(None, voice.say(f"clause.{not_}flag", name=name_in_words(leaf.name, reader)))
    role = reader.role(leaf.name.role)
    if leaf.name.field == "is_new":
        return Part(role, voice.say(f"is.{not_}new"))
    return Part(role, voice.say(f"is.{not_}flag", name=reader.named(leaf.name.field)))


def _tags(leaf: Compare, reader: Reader) -> str:
    has = "belongs.to" if reader.is_outside else "has.tag"
    has_not = "belongs.not_to" if reader.is_outside else "has.no_tag"
    key = has if leaf.operator == "in" else has_not
    return reader.voice.say(key, tags=term_in_words(leaf.left, reader))


# --- what is said of a person ---------------------------------------------------------------------------------------


def _predicate(leaf: Compare, name: Name, reader: Reader) -> str | None:
    if leaf.left is not name:
        return _days_ago(leaf, name, reader)
    fact = reader.document.facts.get(name.field)
    if fact:
        return _fact(leaf, fact, reader)
    if name.type in _TIMES:
        return _since(name, _when(leaf, reader), reader) if leaf.operator in _KEYS else None
    known = _KNOWN.get(name.field, _own)
    return known(leaf, reader)


def _fact(leaf: Compare, fact: Fact, reader: Reader) -> str | None:
    if leaf.operator not in _KEYS:
        return None
    said = _counted(leaf, fact, reader) if fact.count else _summed(leaf, fact, reader)
    return reader.voice.say("timed", predicate=said, last=reader.voice.last(fact.within)) if fact.within else said


def _counted(leaf: Compare, fact: Fact, reader: Reader) -> str:
    voice, event = reader.voice, reader.event(fact.event)
    operator, number = _whole(leaf)
    if (operator, number) == (">=", 1):
        return voice.say("deed.once", done=event.done)
    if (operator, number) in (("<=", 0), ("==", 0)):
        return event.undone if fact.within else voice.say("deed.not_yet", undone=event.undone)
    noun = event.one if number == 1 else event.many
    value = f"{voice.number(number)} {noun}"
    return event.has.format(quantity=voice.say(f"bound.{_KEYS[operator]}", value=value))


def _whole(leaf: Compare) -> tuple[Operator, int | Decimal]:
    """More than 2 is at least 3, where things are counted."""
    number = _number(leaf)
    if leaf.operator == ">" and isinstance(number, int):
        return ">=", number + 1
    if leaf.operator == "<" and isinstance(number, int):
        return "<=", number - 1
    return leaf.operator, number


def _number(leaf: Compare) -> int | Decimal:
    value = leaf.right.value if isinstance(leaf.right, Value) else 0
    return value if isinstance(value, int | Decimal) else 0


def _summed(leaf: Compare, fact: Fact, reader: Reader) -> str:
    voice, event = reader.voice, reader.event(fact.event)
    amount = _bound("amount", leaf, reader)
    if event.spent:
        return event.spent.format(amount=amount)
    return voice.say("did.sum", amount=amount, events=event.many)


def _bound(style: str, leaf: Compare, reader: Reader) -> str:
    """`at least 3`, or, of amounts, `€20 or more`."""
    voice = reader.voice
    value = term_in_words(leaf.right, reader)
    if leaf.operator in ("in", "not in"):
        return value
    return voice.say(f"{style}.{_KEYS[leaf.operator]}", value=value)


def _days_ago(leaf: Compare, name: Name, reader: Reader) -> str | None:
    operator, days = _whole(leaf)
    keys = {">=": "at_least", "<=": "at_most", "==": "exactly", "!=": "not"}
    if operator not in keys or not isinstance(days, int):
        return None
    return _since(name, reader.voice.count(f"days.{keys[operator]}", days), reader)


def _since(name: Name, when: str, reader: Reader) -> str | None:
    voice = reader.voice
    if name.field in reader.document.attributes:
        return None
    if name.field == "joined":
        return voice.say("did.join", when=when)
    event = reader.event(name.field.removeprefix("last_"))
    return event.has.format(quantity=voice.say("did.last", event=event.last, when=when))


def _when(leaf: Compare, reader: Reader) -> str:
    key = f"date.{_KEYS[leaf.operator]}"
    if isinstance(leaf.right, Value) and leaf.right.type == "date" and isinstance(leaf.right.value, int):
        return reader.voice.on_date(key, date.fromordinal(leaf.right.value))
    return reader.voice.say(key, date=term_in_words(leaf.right, reader))


def _tier(leaf: Compare, reader: Reader) -> str:
    tiers = reader.document.tiers
    named = tiers.names if tiers else {}
    names = [reader.text(named[tier]) if tier in named else tier.capitalize() for tier in _texts(leaf)]
    key = "has.tier" if leaf.operator in ("==", "in") else "has.no_tier"
    return reader.voice.say(key, tiers=reader.voice.one_of(names))


def _texts(leaf: Compare) -> list[str]:
    value = leaf.right.value if isinstance(leaf.right, Value) else ""
    return [str(item) for item in value] if isinstance(value, tuple) else [str(value)]


def _points(leaf: Compare, reader: Reader) -> str | None:
    if leaf.operator not in _KEYS:
        return None
    operator, number = _whole(leaf)
    value = amount_of_points(int(number), reader.document, reader.voice)
    return reader.voice.say("has.points", quantity=reader.voice.say(f"bound.{_KEYS[operator]}", value=value))


def _score(key: str) -> Callable[[Compare, Reader], str | None]:
    def said(leaf: Compare, reader: Reader) -> str | None:
        return reader.voice.say(key, bound=_bound("amount", leaf, reader))

    return said


def _friends(leaf: Compare, reader: Reader) -> str | None:
    if leaf.operator not in _KEYS:
        return None
    voice, (operator, number) = reader.voice, _whole(leaf)
    if (operator, number) == (">=", 1):
        return voice.say("did.friend")
    if (operator, number) in (("<=", 0), ("==", 0)):
        return voice.say("did.no_friend")
    value = voice.count("friends", int(number))
    return voice.say("did.friends", quantity=voice.say(f"bound.{_KEYS[operator]}", value=value))


def _home(field: str, key: str, negative: str, place: str) -> Callable[[Compare, Reader], str | None]:
    def said(leaf: Compare, reader: Reader) -> str | None:
        names = [country_or_language(field, code, reader.voice) for code in _texts(leaf)]
        chosen = key if leaf.operator in ("==", "in") else negative
        return reader.voice.say(chosen, **{place: reader.voice.one_of(names)})

    return said


def _own(leaf: Compare, reader: Reader) -> str | None:
    name = leaf.left
    if not isinstance(name, Name):
        return None
    plain = {"==": "has.value", "in": "has.value", "!=": "has.no_value", "not in": "has.no_value"}
    key = plain.get(leaf.operator, "has.value")
    bound = term_in_words(leaf.right, reader) if leaf.operator in plain else _bound("bound", leaf, reader)
    return reader.voice.say(key, bound=bound, name=reader.named(name.field))


_KNOWN: dict[str, Callable[[Compare, Reader], str | None]] = {
    "tier": _tier,
    "points": _points,
    "score": _score("has.score"),
    "last_score": _score("did.last_score"),
    "friends_joined": _friends,
    "country": _home("country", "is.from", "is.not_from", "countries"),
    "language": _home("language", "does.speak", "does.not_speak", "languages"),
}


# --- what is said of nobody -----------------------------------------------------------------------------------------


def _statement(leaf: Compare, reader: Reader) -> str:
    voice, left, right = reader.voice, term_in_words(leaf.left, reader), term_in_words(leaf.right, reader)
    if leaf.operator in ("in", "not in"):
        return _membership(leaf, left, right, reader)
    if leaf.left.type in _TIMES and isinstance(leaf.right, Value):
        return voice.say("clause.time", left=left, when=_when(leaf, reader))
    if leaf.left.type in _TIMES:
        keys = {">": "later", "<": "earlier", "<=": "not_later", ">=": "not_earlier", "==": "eq", "!=": "ne"}
        return voice.say(f"clause.{keys[leaf.operator]}", left=left, right=right)
    return voice.say(f"clause.{_KEYS[leaf.operator]}", left=left, right=right)


def _membership(leaf: Compare, left: str, right: str, reader: Reader) -> str:
    if isinstance(leaf.right, Value):
        return reader.voice.say("clause.eq" if leaf.operator == "in" else "clause.ne", left=left, right=right)
    key = "clause.contains" if leaf.operator == "in" else "clause.contains_not"
    return reader.voice.say(key, left=left, right=right)


def amount_asked(leaf: Leaf, reader: Reader) -> str | None:
    """`€20 or more`, when the leaf compares the event's amount with money; None when it asks for something else."""
    if not isinstance(leaf, Compare):
        return None
    leaf = _name_first(leaf)
    name = leaf.left
    is_amount = isinstance(name, Name) and (name.role, name.field) == ("event", "amount")
    if not is_amount or not isinstance(leaf.right, Value) or leaf.operator not in _KEYS:
        return None
    return _bound("amount", leaf, reader)
