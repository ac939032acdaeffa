"""Spanish: what there is to gain, said to whoever recommends, and what kinds of things there are."""

from collections.abc import Mapping

OFFERS: dict[str, str | Mapping[str, str]] = {
    "kind.credit": "Saldo",
    "kind.cashback": "Reembolso",
    "kind.coupon": "Cupón",
    "kind.percentage": "Descuento",
    "kind.gift_card": "Tarjeta regalo",
    "kind.donation": "Donación",
    "kind.gift": "Regalo",
    "kind.service": "Servicio",
    "kind.rate": "Tarifa especial",
    "kind.invitation": "Invitación",
    "kind.contest_entry": "Sorteo",
    "kind.badge": "Insignia",
    "kind.thanks": "Tarjeta de agradecimiento",
    "gift.choice.you": "a tu elección {gifts}",
    "offer.counts": "Cuenta cuando tu amigo {deed}.",
    "offer.arrives": "Tu recompensa llega {length} después.",
    "offer.friend": "Cuando tu amigo {deed}, recibe {gifts}{terms}.",
    "offer.advocate": "Cuando tu amigo {deed}, recibes {gifts}{terms}.",
    "offer.every.friend": "Cada {ordinal} vez que un amigo tuyo {deed}, ese amigo recibe {gifts}{terms}.",
    "offer.every.advocate": "Cada {ordinal} vez que otro amigo tuyo {deed}, recibes {gifts}{terms}.",
    "offer.recurring.friend": "Desde que tu amigo {deed}, recibe {gifts} por {each}{terms}.",
    "offer.recurring.advocate": "Desde que tu amigo {deed}, recibes {gifts} por {each} de tu amigo{terms}.",
}
