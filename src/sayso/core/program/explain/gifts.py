"""What is given, as noun phrases: "a €10 coupon (for orders of €30 or more, valid for 60 days)".

Owns the words for each kind of gift (SEMANTICS 34). It must not know who gets it.
"""

from collections.abc import Callable, Iterable, Iterator

from sayso.core.program.document import Choice, Gift
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.units import amount_of_points
from sayso.core.program.explain.voice import Voice
from sayso.core.program.values import Percent, Rate

# Of what a company words itself, what needs no "the gift" before it: "a free week".
_SAYS_ITSELF = ("gift", "service")
# What belongs to a gift and stands behind it in brackets.
_DETAILS = ("minimum_order", "up_to", "expires", "cost")


def gifts_in_words(give: Iterable[Gift | Choice], reader: Reader) -> str:
    """Everything that one reward gives."""
    return reader.voice.all_of([_one(each, reader) for each in give])


def _one(given: Gift | Choice, reader: Reader) -> str:
    if isinstance(given, Choice):
        gifts = reader.voice.one_of([gift_in_words(gift, reader) for gift in given.choice])
        return reader.voice.say("gift.choice", gifts=gifts)
    return gift_in_words(given, reader)


def gift_in_words(gift: Gift, reader: Reader) -> str:
    """One gift with what belongs to it."""
    return _with_details(_KINDS[gift.kind](gift, reader), gift, reader)


def bare(gift: Gift) -> Gift:
    """A gift without what stands behind it in brackets."""
    return gift.model_copy(update=dict.fromkeys(_DETAILS))


def with_conditions(plain: str, gift: Gift, reader: Reader) -> str:
    """A gift that somebody has, with what they must keep to when they use it.

    Args:
        plain: the gift in words, with the amount that was granted.
        gift: as the document writes it; neither its cost nor the ceiling of a share already taken is told.
    """
    untold = ("cost",) if gift.kind == "percentage" else ("cost", "up_to")
    return _with_details(plain, gift.model_copy(update=dict.fromkeys(untold)), reader)


def when_promised(gift: Gift, reader: Reader) -> str:
    """What is asked of whoever will use a gift, "for orders of €30 or more", and its ceiling; empty where nothing is.

    For how long it is good is not among it: whoever has it reads the day itself.
    """
    return ", ".join(_details(gift.model_copy(update=dict.fromkeys(("cost", "expires"))), reader))


def when_used(gift: Gift, reader: Reader) -> str:
    """The same of a gift that somebody has; the ceiling of a share already taken is not told."""
    return when_promised(gift if gift.kind == "percentage" else gift.model_copy(update={"up_to": None}), reader)


def _with_details(plain: str, gift: Gift, reader: Reader) -> str:
    details = list(_details(gift, reader))
    if not details:
        return plain
    return reader.voice.say("gift.with", gift=plain, details=", ".join(details))


def _details(gift: Gift, reader: Reader) -> Iterator[str]:
    voice = reader.voice
    if gift.minimum_order:
        yield voice.say("detail.minimum_order", amount=voice.money(gift.minimum_order))
    if gift.up_to:
        yield voice.say("detail.up_to", amount=voice.money(gift.up_to))
    if gift.expires:
        yield voice.say("detail.expires", length=voice.length(gift.expires))
    if gift.cost:
        yield voice.say("detail.cost", amount=voice.money(gift.cost))


def _amount(gift: Gift, reader: Reader) -> str:
    value, voice = gift.value, reader.voice
    if isinstance(value, Percent):
        return voice.say(f"gift.{gift.kind}.share", amount=voice.share(value))
    return voice.say(f"gift.{gift.kind}", amount=voice.money(value))


def _worded(gift: Gift, reader: Reader) -> str:
    return described(gift.kind, reader.text(gift.value), reader.voice)


def described(kind: str, text: str, voice: Voice) -> str:
    """A gift that the company describes: "a free week" as it stands, a name with its kind, "the gift “Beans”"."""
    thing = voice.thing(text) if kind in (*_SAYS_ITSELF, "invitation") else ""
    if thing and kind in _SAYS_ITSELF:
        return thing
    return voice.say(f"gift.{kind}", text=thing or voice.quoted(text))


def described_in_short(kind: str, text: str, voice: Voice) -> str:
    """The same as a headline says it, which has no need of "the gift" and "the service"."""
    if kind in _SAYS_ITSELF:
        return voice.thing(text) or voice.quoted(text)
    return described(kind, text, voice)


def _percentage(gift: Gift, reader: Reader) -> str:
    return reader.voice.say("gift.percentage", share=reader.voice.share(gift.value))


def _entries(gift: Gift, reader: Reader) -> str:
    return reader.voice.count("gift.contest_entry", gift.value)


def _badge(gift: Gift, reader: Reader) -> str:
    return badge_in_words(gift.value, reader)


def _points(gift: Gift, reader: Reader) -> str:
    return points_in_words(gift.value, "", reader)


_KINDS: dict[str, Callable[[Gift, Reader], str]] = {
    **dict.fromkeys(("credit", "cashback", "coupon", "gift_card", "donation"), _amount),
    **dict.fromkeys(("gift", "service", "rate", "invitation", "thanks"), _worded),
    "percentage": _percentage,
    "contest_entry": _entries,
    "badge": _badge,
    "points": _points,
}


def badge_in_words(name: str, reader: Reader) -> str:
    """A badge by its name, as a noun: "the “Ambassador” badge"."""
    return reader.voice.say("badge.named", name=reader.voice.quoted(reader.badge(name)))


def points_in_words(points: Rate | int, event: str, reader: Reader) -> str:
    """So many points, or so many for so much money of an event."""
    voice = reader.voice
    if isinstance(points, int):
        return amount_of_points(points, reader.document, voice)
    amount, money = amount_of_points(points.points, reader.document, voice), voice.each(points.per)
    words = reader.event(event) if event else None
    if words and words.per_money:
        return voice.say("points.rate.words", points=amount, per_money=words.per_money.format(money=money))
    if words:
        return voice.say("points.rate.event", points=amount, money=money, event=words.each)
    return voice.say("points.rate", points=amount, money=money)
