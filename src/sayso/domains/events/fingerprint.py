"""The fingerprint of an event: what tells a repeat from another event under the same id.

Owns what counts as the same. It leaves out what is derived on receipt (normalised identities, whether a mailbox is
disposable), so that a newer list or library never turns a repeat into a conflict.
"""

from hashlib import sha256
from typing import Any

import msgspec

from sayso.core.engine.events import Arrival
from sayso.domains.events.rows import Entry

DERIVED_PROPS = frozenset({"email_disposable"})

_encode = msgspec.json.Encoder(order="deterministic").encode


def fingerprint(arrival: Arrival) -> bytes:
    """Return the SHA-256 of what was sent: 32 bytes, whatever order its fields came in."""
    return sha256(_encode(_body(arrival))).digest()


def differing(arrival: Arrival, stored: Entry) -> list[str]:
    """Return the names of the fields in which an arrival differs from what is stored under its id."""
    names = ("type", "occurred_at", "amount_minor", "currency", "referral_code", "refers_to")
    found = [name for name in names if getattr(arrival, name) != getattr(stored, name)]
    if _sent(arrival.props) != _sent(stored.props):
        found.append("props")
    return found or ["member"]


def _body(arrival: Arrival) -> tuple[Any, ...]:
    return (
        arrival.type, arrival.ref, arrival.occurred_at, arrival.amount_minor, arrival.currency,
        arrival.referral_code, arrival.refers_to, _sent(arrival.props),
    )  # fmt: skip


def _sent(props: dict[str, Any]) -> dict[str, Any]:
    if DERIVED_PROPS.isdisjoint(props):
        return props
    return {name: value for name, value in props.items() if name not in DERIVED_PROPS}
