"""What a reward gives, in the words of its owner's language.

Owns which gift of the document an item of a reward comes from. It must not tell what anything costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sayso.core.engine.facts import Item
from sayso.core.engine.gifts import amount_of, gifts_of
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.program.document import Gift
from sayso.core.program.explain.gifts import with_conditions
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.things import thing_in_words
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


def reward_in_words(reward: Reward, program: CompiledProgram, voice: Voice) -> InWords:
    """Return what a reward gives, in words.

    Args:
        reward: as it is stored.
        program: the version that granted it.
        voice: how the reader's language speaks.
    """
    reader = Reader(voice, program.document)
    clause = program.document.rewards.get(reward.clause)
    gifts = list(gifts_of(clause)) if clause else []
    given = [_text(item, gifts, reader) for item in reward.given]
    offered = [_text(item, gifts, reader) for item in reward.offered]
    return InWords(voice.all_of(given) if given else "", voice.one_of(offered) if offered else "")


def _text(item: Item, gifts: Sequence[Gift], reader: Reader) -> str:
    gift = _written(item, gifts)
    text = thing_in_words(item.kind, item.value, gift, reader).text
    return with_conditions(text, gift, reader) if gift else text


def _written(item: Item, gifts: Sequence[Gift]) -> Gift | None:
    """The gift of the document that an item comes from: of those of its kind the one that is most like it."""

    def likeness(gift: Gift) -> tuple[bool, bool, bool]:
        same_cost = gift.cost is not None and gift.cost.minor == item.cost
        return same_cost, amount_of(gift, 0) == item.value, gift.expires == item.expires

    return max((gift for gift in gifts if gift.kind == item.kind), key=likeness, default=None)
