"""Italian: what there is to gain, said to whoever recommends, and what kinds of things there are."""

from collections.abc import Mapping

OFFERS: dict[str, str | Mapping[str, str]] = {
    "kind.credit": "Credito",
    "kind.cashback": "Cashback",
    "kind.coupon": "Buono",
    "kind.percentage": "Sconto",
    "kind.gift_card": "Carta regalo",
    "kind.donation": "Donazione",
    "kind.gift": "Regalo",
    "kind.service": "Servizio",
    "kind.rate": "Condizione speciale",
    "kind.invitation": "Invito",
    "kind.contest_entry": "Concorso",
    "kind.badge": "Distintivo",
    "kind.thanks": "Biglietto di ringraziamento",
    "gift.choice.you": "a tua scelta {gifts}",
    "offer.counts": "Vale quando il tuo amico {deed}.",
    "offer.arrives": "Il tuo premio arriva {length} dopo.",
    "offer.friend": "Quando il tuo amico {deed}, riceve {gifts}{terms}.",
    "offer.advocate": "Quando il tuo amico {deed}, ricevi {gifts}{terms}.",
    "offer.every.friend": "Ogni {ordinal} volta che un tuo amico {deed}, quell’amico riceve {gifts}{terms}.",
    "offer.every.advocate": "Ogni {ordinal} volta che un altro tuo amico {deed}, ricevi {gifts}{terms}.",
    "offer.recurring.friend": "Da quando il tuo amico {deed}, riceve {gifts} per {each}{terms}.",
    "offer.recurring.advocate": "Da quando il tuo amico {deed}, ricevi {gifts} per {each} del tuo amico{terms}.",
}
