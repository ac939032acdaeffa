"""What a reward gives, in the words of its owner's language.

Owns which gift of the document an item of a reward comes from. It must not tell what anything costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sayso.core.engine.gifts import amount_of, gifts_of
from sayso.core.engine.rows import Item
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.program.document import Choice, Clause, Document, Gift
from sayso.core.program.explain.gifts import when_used, with_conditions
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.things import Thing, thing_in_words
from sayso.core.program.explain.voice import Voice
from sayso.domains.rewards.models import Reward


@dataclass(frozen=True, slots=True)
class InWords:
    """A reward in words; each is empty where there is nothing of it.

    Attributes:
        given: what is given for certain, with their conditions: "a coupon worth €20 (for orders of €30 or more)".
        offered: of what one thing may be chosen, "a gift card worth €20 or a donation of €25".
    """

    given: str
    offered: str


class Things(NamedTuple):
    """What a reward gives, thing by thing: for certain, and of what one is to be chosen, each at its place."""

    given: tuple[Thing, ...]
    offered: tuple[Thing, ...]


def reward_in_words(reward: Reward, program: CompiledProgram, voice: Voice) -> InWords:
    """Return what a reward gives, in words.

    Args:
        reward: as it is stored.
        program: the version that granted it.
        voice: how the reader's language speaks.
    """
    reader = Reader(voice, program.document)
    given, offered = _with_their_gifts(reward, program.document)
    return InWords(
        voice.all_of([_text(*each, reader) for each in given]) if given else "",
        voice.one_of([_text(*each, reader) for each in offered]) if offered else "",
    )


def things_of(reward: Reward, reader: Reader) -> Things:
    """Return what a reward gives, thing by thing.

    Args:
        reward: as it is stored.
        reader: for whom, of the version that granted it.
    """
    given, offered = _with_their_gifts(reward, reader.document)
    return Things(tuple(_thing(*each, reader) for each in given), tuple(_thing(*each, reader) for each in offered))


_Written = Sequence[tuple[Item, Gift | None]]


def _text(item: Item, gift: Gift | None, reader: Reader) -> str:
    text = _thing(item, gift, reader).text
    return with_conditions(text, gift, reader) if gift else text


def _thing(item: Item, gift: Gift | None, reader: Reader) -> Thing:
    thing = thing_in_words(item.kind, item.value, gift, reader)
    return replace(thing, condition=when_used(gift, reader)) if gift else thing


# --- which gift of the document it was ------------------------------------------------------------------------------


def _with_their_gifts(reward: Reward, document: Document) -> tuple[_Written, _Written]:
    clause = document.rewards.get(reward.clause)
    gifts = list(gifts_of(clause)) if clause else []
    choices = _choices(clause) if clause else []
    given = [(item, _like(item, gifts)) for item in reward.given]
    if [item.kind for item in reward.offered] == [gift.kind for gift in choices]:
        return given, list(zip(reward.offered, choices, strict=True))
    return given, [(item, _like(item, choices)) for item in reward.offered]


def _choices(clause: Clause) -> list[Gift]:
    """What may be chosen, in the order in which a reward lists it."""
    gives = (clause.give or (), *(clause.by_count or {}).values())
    return [gift for give in gives for each in give if isinstance(each, Choice) for gift in each.choice]


def _like(item: Item, gifts: Sequence[Gift]) -> Gift | None:
    """The gift of the document that is most like an item of a reward, of those of its kind."""

    def likeness(gift: Gift) -> tuple[bool, bool, bool]:
        same_cost = gift.cost is not None and gift.cost.minor == item.cost
        return same_cost, amount_of(gift, 0) == item.value, gift.expires == item.expires

    return max((gift for gift in gifts if gift.kind == item.kind), key=likeness, default=None)
