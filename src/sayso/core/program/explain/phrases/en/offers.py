"""English: what there is to gain, said to whoever recommends, and what kinds of things there are."""

from collections.abc import Mapping

OFFERS: dict[str, str | Mapping[str, str]] = {
    "kind.credit": "Credit",
    "kind.cashback": "Cashback",
    "kind.coupon": "Coupon",
    "kind.percentage": "Discount",
    "kind.gift_card": "Gift card",
    "kind.donation": "Donation",
    "kind.gift": "Gift",
    "kind.service": "Service",
    "kind.rate": "Special rate",
    "kind.invitation": "Invitation",
    "kind.contest_entry": "Prize draw",
    "kind.badge": "Badge",
    "kind.thanks": "Thank-you card",
    "gift.choice.you": "your choice of {gifts}",
    "offer.counts": "It counts when your friend {deed}.",
    "offer.arrives": "Your reward arrives {length} after that.",
    "offer.friend": "When your friend {deed}, they get {gifts}{terms}.",
    "offer.advocate": "When your friend {deed}, you get {gifts}{terms}.",
    "offer.every.friend": "Every {ordinal} time a friend of yours {deed}, that friend gets {gifts}{terms}.",
    "offer.every.advocate": "For every {ordinal} friend of yours who {deed}, you get {gifts}{terms}.",
    "offer.recurring.friend": "Once your friend {deed}, they get {gifts} for {each}{terms}.",
    "offer.recurring.advocate": "Once your friend {deed}, you get {gifts} for {each} of theirs{terms}.",
}
