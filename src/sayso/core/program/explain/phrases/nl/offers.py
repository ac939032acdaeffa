"""Dutch: what there is to gain, said to whoever recommends, and what kinds of things there are."""

from collections.abc import Mapping

OFFERS: dict[str, str | Mapping[str, str]] = {
    "kind.credit": "Tegoed",
    "kind.cashback": "Cashback",
    "kind.coupon": "Kortingsbon",
    "kind.percentage": "Korting",
    "kind.gift_card": "Cadeaukaart",
    "kind.donation": "Donatie",
    "kind.gift": "Cadeau",
    "kind.service": "Dienst",
    "kind.rate": "Speciaal tarief",
    "kind.invitation": "Uitnodiging",
    "kind.contest_entry": "Prijstrekking",
    "kind.badge": "Badge",
    "kind.thanks": "Bedankkaart",
    "gift.choice.you": "naar keuze {gifts}",
    "offer.counts": "Het telt wanneer je vriend {deed}.",
    "offer.arrives": "Je beloning komt {length} later.",
    "offer.friend": "Wanneer je vriend {deed}, krijgt je vriend {gifts}{terms}.",
    "offer.advocate": "Wanneer je vriend {deed}, krijg je {gifts}{terms}.",
    "offer.every.friend": "Elke {ordinal} keer dat een vriend van je {deed}, krijgt die vriend {gifts}{terms}.",
    "offer.every.advocate": "Bij elke {ordinal} vriend van je die {deed}, krijg je {gifts}{terms}.",
    "offer.recurring.friend": "Zodra je vriend {deed}, krijgt je vriend {gifts} voor {each}{terms}.",
    "offer.recurring.advocate": "Zodra je vriend {deed}, krijg je {gifts} voor {each} van je vriend{terms}.",
}
