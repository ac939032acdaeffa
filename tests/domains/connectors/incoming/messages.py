"""Messages as other systems send them, signed as they sign, and the mappings that read them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

from sayso.domains.connectors.incoming.create import SourceWanted, create_source
from sayso.domains.connectors.incoming.enable import Sample, enable_source, try_mapping
from sayso.domains.connectors.incoming.models import Source
from sayso.domains.connectors.incoming.signatures import Signed, Signing
from sayso.domains.workspaces.models import Workspace

NOW = datetime(2027, 1, 10, 12, tzinfo=UTC)
STRIPE_SECRET = "whsec_of_the_dashboard"

CHECKOUT = {
    "id": "evt_1",
    "type": "checkout.session.completed",
    "created": int(NOW.timestamp()) - 60,
    "data": {"object": {"customer": "Ben", "amount_total": 2590, "currency": "eur", "order": 7}},
}
CHECKOUT_MAPPING = {
    "rules": {
        "paid": {
            "when": {"type": ["checkout.session.completed"], "data.object.customer": {"exists": True}},
            "event": {
                "type": "purchase",
                "id": {"path": "data.object.order", "prefix": "order-"},
                "member": {"path": "data.object.customer"},
                "occurred_at": {"path": "created", "as": "unix_seconds"},
                "amount_minor": {"path": "data.object.amount_total"},
                "currency": {"path": "data.object.currency"},
                "props": {"channel": "web", "order": {"path": "data.object.order"}},
            },
        }
    }
}


def body_of(content: Any) -> bytes:
    """A message as bytes."""
    return json.dumps(content).encode()


def digest(secret: str, content: bytes) -> bytes:
    """HMAC-SHA256."""
    return hmac.new(secret.encode(), content, hashlib.sha256).digest()


def by_stripe(content: Any, secret: str = STRIPE_SECRET, *, at: datetime = NOW) -> Signed:
    """A message as Stripe signs it, with the signature of an older secret beside it."""
    body, time = body_of(content), str(int(at.timestamp()))
    signature = digest(secret, time.encode() + b"." + body).hex()
    return Signed(body, {"stripe-signature": f"t={time},v1={'0' * 64},v1={signature},v0=abc"})


def by_shopify(content: Any, secret: str, **headers: str) -> Signed:
    """A message as Shopify signs it."""
    body = body_of(content)
    return Signed(body, {"x-shopify-hmac-sha256": base64.b64encode(digest(secret, body)).decode(), **headers})


def by_standard(content: Any, secret: str, *, name: str = "msg_1", at: datetime = NOW) -> Signed:
    """A message as Standard Webhooks signs it."""
    body = body_of(content)
    signature = Webhook(secret).sign(name, at, body.decode())
    headers = {"webhook-id": name, "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}
    return Signed(body, headers)


def made_source(workspace: Workspace, name: str, signing: Signing, mapping: Mapping[str, Any], secret: str = "") -> str:
    """A source that takes nothing yet; its secret."""
    return create_source(workspace=workspace, wanted=SourceWanted(name, signing, mapping, secret), now=NOW)[1]


def live_source(workspace: Workspace, mapping: Mapping[str, Any], sample: Any, name: str = "stripe") -> Source:
    """A source that signs as Stripe does and takes messages."""
    made_source(workspace, name, Signing("stripe"), mapping, STRIPE_SECRET)
    try_mapping(workspace=workspace, name=name, sample=Sample(body_of(sample)), now=NOW)
    return enable_source(workspace=workspace, name=name, now=NOW)
