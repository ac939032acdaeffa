"""One thing that somebody has or may choose, in words: what kind it is, how much, and both together.

Owns how a thing reads to whom it belongs. What a reward holds is the engine's; what it costs is nobody's business here.
"""

from dataclasses import dataclass
from typing import Any

from sayso.core.program.document import Gift
from sayso.core.program.explain.gifts import badge_in_words, bare, described, described_in_short, gift_in_words
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.units import amount_of_points, points_name
from sayso.core.program.explain.voice import sentence
from sayso.core.program.values import Money, Percent

_SPENT = frozenset({"credit", "cashback", "coupon", "gift_card"})
_MONEY = _SPENT | {"donation"}


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing in words.

    Attributes:
        kind: one of `document.GIFT_KINDS`.
        label: what kind of thing it is, "Gift card".
        amount: how much, "€20"; the name of what has no amount.
        text: both as they stand in a sentence, "a gift card worth €20".
        condition: what is asked of whoever uses it, "for orders of €30 or more"; empty where nothing is.
    """

    kind: str
    label: str
    amount: str
    text: str
    condition: str = ""

    @property
    def in_full(self) -> str:
        """The text with the condition behind it, "a coupon worth €10 (for orders of €30 or more)"."""
        return f"{self.text} ({self.condition})" if self.condition else self.text


def thing_in_words(kind: str, value: Any, gift: Gift | None, reader: Reader) -> Thing:
    """Return a thing in words.

    Args:
        kind: what kind of thing it is.
        value: minor units, points, hundredths of a percent, a count or a badge's name; None where the gift says it.
        gift: as the document writes it; None where it does not.
        reader: for whom.
    """
    voice = reader.voice
    if kind == "points":
        name = points_name(reader.document, voice)
        text = amount_of_points(value, reader.document, voice)
        return Thing(kind, sentence(name).removesuffix("."), voice.number(value), text)
    label = voice.say(f"kind.{kind}")
    if kind in _MONEY:
        amount = voice.minor(value, reader.document.currency)
        return Thing(kind, label, amount, voice.say(f"gift.{kind}", amount=amount))
    if kind == "percentage":
        amount = voice.share(Percent(value))
        return Thing(kind, label, amount, voice.say("gift.percentage", share=amount))
    if kind == "contest_entry":
        return Thing(kind, label, voice.number(value), voice.count("gift.contest_entry", value))
    if kind == "badge":
        return Thing(kind, label, reader.badge(value), badge_in_words(value, reader))
    if gift is None or not isinstance(gift.value, dict):
        return Thing(kind, label, "", label)
    words = reader.text(gift.value)
    return Thing(kind, label, words, described(kind, words, voice))


def short(gift: Gift, reader: Reader) -> str:
    """What a gift is, as a headline says it to who gets it: "€10", "a discount of 10%", "2,500 stars", "a free week".

    Money is its amount where it is theirs to spend; a donation is not.
    """
    if gift.kind in _SPENT and isinstance(gift.value, Money):
        return reader.voice.money(gift.value)
    if isinstance(gift.value, dict):
        return described_in_short(gift.kind, reader.text(gift.value), reader.voice)
    return gift_in_words(bare(gift), reader)


def amount_in_short(gift: Gift, reader: Reader) -> str:
    """How much a gift is, where its kind stands beside it: "€25", "10%"; else what `short` says."""
    value = gift.value
    if isinstance(value, dict):
        return reader.text(value)
    if isinstance(value, Percent):
        return reader.voice.share(value)
    return reader.voice.money(value) if isinstance(value, Money) else short(gift, reader)
