"""Conditions in words, for the handbook and for "why": whole ones, single leaves, and the values they saw.

Owns how leaves are joined into one clause. It must not decide whether a condition is met.
"""

from decimal import Decimal
from itertools import groupby

from sayso.core.program.document import Document
from sayso.core.program.explain import terms
from sayso.core.program.explain.leaves import amount_asked, part_of
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.voice import Language, voice_of
from sayso.core.program.tree import All, AnyOf, Compare, Flag, Leaf, Name, Node, Type, Value

__all__ = [
    "condition_in_words",
    "leaf_in_words",
    "missing_in_words",
    "name_in_words",
    "value_in_words",
]


def condition_in_words(tree: Node, document: Document, *, language: Language, subject: str = "member") -> str:
    """A whole condition as a clause: "the friend is new here and bought at least once in the last 90 days".

    subject: who `member.` means where the condition stands: member, friend or advocate.
    """
    return clause(tree, Reader(voice_of(language), document, subject))


def leaf_in_words(leaf: Leaf, document: Document, *, language: Language, subject: str = "member") -> str:
    """One leaf as a clause, for "why": the part of a condition that was not met."""
    return clause(leaf, Reader(voice_of(language), document, subject))


def name_in_words(name: Name, document: Document, *, language: Language, subject: str = "member") -> str:
    """What a name asks for: "the number of purchases in the last 90 days"; for the fact that is missing."""
    return terms.name_in_words(name, Reader(voice_of(language), document, subject))


def value_in_words(value: object, kind: Type, *, language: Language, currency: str, zone: str = "UTC") -> str:
    """A value as it was seen: money is in minor units of `currency`, a moment is told in `zone`, None is unknown."""
    return terms.value_in_words(value, kind, voice=voice_of(language), currency=currency, zone=zone)


def missing_in_words(leaf: Leaf, seen: object, *, language: Language, currency: str) -> str | None:
    """How much is missing to a lower bound, "2 short" or "€5 short"; None where nothing can be counted."""
    if not isinstance(leaf, Compare) or leaf.operator not in (">=", ">") or not isinstance(leaf.right, Value):
        return None
    wanted = leaf.right.value
    if isinstance(wanted, bool) or not isinstance(wanted, int | Decimal) or leaf.right.type in ("date", "moment"):
        return None
    if isinstance(seen, bool) or not isinstance(seen, int | Decimal) or seen > wanted:
        return None
    missing = wanted - seen + (1 if leaf.operator == ">" else 0)
    voice = voice_of(language)
    amount = terms.value_in_words(missing, leaf.right.type, voice=voice, currency=currency)
    one = missing == (100 if leaf.right.type == "money" else 1)
    return voice.count("missing", 1 if one else 2, missing=amount)


# --- joining --------------------------------------------------------------------------------------------------------


def clause(node: Node, reader: Reader) -> str:
    """A condition as a clause that names whom it speaks of."""
    roles = _roles(node, reader)
    if len(roles) == 1 and (role := roles.pop()):
        return reader.voice.say("clause", subject=reader.voice.say(f"role.{role}"), predicate=_said(node, reader))
    if isinstance(node, Compare | Flag):
        return part_of(node, reader).words
    pieces = [clause(part, reader) for part in _by_person(node, reader)]
    return _join(node, pieces, reader, inner=False)


def predicate(node: Node, reader: Reader) -> str | None:
    """A condition as it follows "who": "bought at least once"; None when it does not speak of the subject alone."""
    return _said(node, reader) if _roles(node, reader) == {reader.subject} else None


def deed(event: str, node: Node | None, reader: Reader) -> str:
    """What somebody does when an event happens, with what is asked of it: "spends €20 or more"."""
    words = reader.event(event)
    parts = [] if node is None else list(node.parts) if isinstance(node, All) else [node]
    amounts = [amount for part in parts if (amount := _amount(part, reader))]
    rest = [part for part in parts if not _amount(part, reader)]
    does = words.does
    if amounts:
        amount = reader.voice.all_of(amounts)
        does = (
            words.spends.format(amount=amount)
            if words.spends
            else reader.voice.say("deed.amount", does=does, amount=amount)
        )
    if not rest:
        return does
    condition = clause(rest[0] if len(rest) == 1 else All(tuple(rest)), reader)
    return reader.voice.say("deed.more", deed=does, condition=condition)


def _amount(node: Node, reader: Reader) -> str | None:
    return amount_asked(node, reader) if isinstance(node, Compare | Flag) else None


def _roles(node: Node, reader: Reader) -> set[str | None]:
    if isinstance(node, All | AnyOf):
        return {role for part in node.parts for role in _roles(part, reader)}
    return {part_of(node, reader).role}


def _role(node: Node, reader: Reader) -> str | None:
    roles = _roles(node, reader)
    return roles.pop() if len(roles) == 1 else None


def _said(node: Node, reader: Reader, *, inner: bool = False) -> str:
    if isinstance(node, Compare | Flag):
        return part_of(node, reader).words
    return _join(node, [_said(part, reader, inner=True) for part in node.parts], reader, inner=inner)


def _join(node: All | AnyOf, pieces: list[str], reader: Reader, *, inner: bool) -> str:
    voice = reader.voice
    if len(pieces) == 1:
        return pieces[0]
    if isinstance(node, All):
        joined = voice.all_of(pieces)
        return voice.say("both", parts=joined) if inner else joined
    joined = voice.one_of(pieces)
    return voice.say("either", parts=joined) if inner else joined


def _by_person(node: All | AnyOf, reader: Reader) -> list[Node]:
    """The parts, those side by side that speak of the same person joined, so that the person is named once."""
    joined: list[Node] = []
    for role, same in groupby(node.parts, lambda part: _role(part, reader)):
        parts = tuple(same)
        if role is None or len(parts) == 1:
            joined.extend(parts)
        else:
            joined.append(All(parts) if isinstance(node, All) else AnyOf(parts))
    return joined
