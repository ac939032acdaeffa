"""What a reward gives, in the words of its owner's language.

Owns which gift of the document an item of a reward comes from. It must not tell what anything costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sayso.core.engine.facts import Item
from sayso.core.engine.gifts import gifts_of
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.program.document import Gift
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.things import thing_in_words
from sayso.core.program.explain.voice import Voice
from sayso.domains.rewards.models import Reward


@dataclass(frozen=True, slots=True)
class InWords:
    """A reward in words; each is empty where there is nothing of it.

    Attributes:
        given: what is given for certain, "a gift card worth €20 and 50 stars".
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
    same = [gift for gift in gifts if gift.kind == item.kind]
    costing = [gift for gift in same if gift.cost is not None and gift.cost.minor == item.cost]
    gift = next(iter((*costing, *same)), None)
    return thing_in_words(item.kind, item.value, gift, reader).text
