"""How every kind of gift reads to members and friends.

Owns which gifts are kept and where they are told. `keep_gifts` writes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

from sayso.core.program.document import GIFT_KINDS
from sayso.core.program.explain.offers import offers_in
from sayso.core.program.explain.recommending import offers_in_words
from sayso.core.program.explain.voice import Language
from sayso.domains.insight.portal.offer import Recommending
from sayso.domains.pages.landing import Published, landing_of
from sayso.web.landing.said import say
from sayso.web.portal.lines import headline, small_print
from sayso.web.share_sheet import message_of
from tests.core.documents import faultless

KEPT = Path(__file__).parent / "gifts"
READERS: tuple[Language, ...] = ("en", "es", "it", "nl")
# Of what a company words itself, once as a thing and once as a name.
GIFTS = (
    "{credit: 10 EUR}",
    "{cashback: 5%}",
    "{coupon: 10 EUR, minimum_order: 30 EUR}",
    "{percentage: 10%, cost: 3 EUR}",
    "{gift_card: 20 EUR}",
    "{donation: 25 EUR}",
    "{points: 500}",
    "{badge: regular}",
    "{contest_entry: 3}",
    "{gift: {en: A mug, es: Una taza, it: Un’opera d’arte, nl: Een mok}, cost: 4 EUR}",
    "{gift: {en: Beans for a week, es: Café para una semana, it: Caffè per una settimana, nl: Koffie voor een week}}",
    "{service: {en: a free week, es: una semana gratis, it: una settimana gratis, nl: een gratis week}}",
    "{service: {en: Barista at home, es: Barista en casa, it: Barista a casa, nl: Barista aan huis}}",
    "{rate: {en: 3% on savings, es: 3 % en ahorro, it: 3% sui risparmi, nl: 3% op spaargeld}}",
    "{invitation: {en: A tasting, es: Una cata, it: Una degustazione, nl: Een proeverij}}",
    "{invitation: {en: Summer tasting, es: Cata de verano, it: Degustazione d’estate, nl: Zomerproeverij}}",
    "{thanks: {en: Thank you., es: Gracias., it: Grazie., nl: Dank je wel.}}",
    "{choice: [{coupon: 15 EUR, minimum_order: 50 EUR}, {donation: 25 EUR}]}",
)
_DOCUMENT = """
sayso: 1
program: friends
title: Friends
currency: EUR
points: {{unit: stars}}
names: {{stars: {{en: stars, es: estrellas, it: stelle, nl: sterren}}}}
badges: {{regular: {{name: {{en: Regular, es: Cliente fiel, it: Di casa, nl: Stamgast}}, on: purchase}}}}
referral: {{window: 60d, steps: {{signed_up: {{on: signup}}, bought: {{on: purchase}}}}, success: bought}}
rewards:
  welcome: {{to: friend, at: bought, give: {gift}}}
  thanks: {{to: advocate, at: bought, give: {gift}}}
"""


def told(gift: str, language: Language) -> Iterator[str]:
    """The sentences in which members and friends read of one gift."""
    text = _DOCUMENT.format(gift=gift)
    document, conditions = faultless(text).document, faultless(text).conditions
    assert document is not None
    landing = landing_of(Published("friends", 1, text, "now"), language=language)
    terms = offers_in(document, conditions, language=language)
    friend, advocate = offers_in_words(document, conditions, language=language)
    offer = Recommending(
        "friends", "Friends", 1, (friend, advocate), friend.short, advocate.short, friend.condition,
        advocate.condition, friend.options, advocate.options, advocate.brief, "", False, "", ("copy",), False,
    )  # fmt: skip
    with translation.override(language):
        said = say(landing, name="Ada", company="Bluebell Coffee")
        yield f"page:      {said.headline}"
        yield f"           {' '.join(said.gets)}"
        yield f"           {said.thanks}"
        yield f"portal:    {headline(offer)} {small_print(offer)}".rstrip()
        if friend.options:
            yield f"           {', '.join(': '.join(filter(None, each)) for each in friend.options)}"
        yield f"           {advocate.sentence}"
        yield f"message:   {message_of(offer, company='Bluebell Coffee').words}"
    yield f"terms:     {' '.join(each.sentence for each in terms)}"


def told_of_all(language: Language) -> str:
    """The same of every gift."""
    assert all(any(f"{kind}:" in gift for gift in GIFTS) for kind in GIFT_KINDS)
    return "\n\n".join("\n".join([gift, *told(gift, language)]) for gift in GIFTS) + "\n"


def kept(language: Language) -> Path:
    """Where it is kept."""
    return KEPT / f"{language}.txt"
