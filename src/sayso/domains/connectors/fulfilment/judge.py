"""What the answer of a receiver means for an order.

Pure. Owns the one reading of statuses and bodies: a definite no leaves the order unsent, silence leaves it unknown, and
unknown is never taken for no. It must not send anything.
"""

import json
from datetime import datetime
from typing import Any

from sayso.domains.connectors.http.message import Reply
from sayso.domains.connectors.webhooks import judge as deliveries
from sayso.domains.rewards.fulfilment.port import LONGEST, ProviderAnswer, Said

_REFUSED = (409, 422)
_GONE = 410
_GONE_WAIT_SECONDS = 6 * 3600.0
# Answers from which nobody can tell whether the order was taken.
_UNSURE = (408, 425, 429)
_NOT_FOUND = 404
_ACCEPTED = 202
# A page for people, such as the sign-in of something that stands in front of the receiver.
_PAGE = "text/html"
_NO_CODE = f"its answer has a code that cannot be kept: a code is text of at most {LONGEST} characters that can be seen"
_NO_RECEIVER = "a web page answered where the receiver should"

_OF_ORDERS = {
    "delivered": Said.DELIVERED,
    "pending": Said.PENDING,
    "failed": Said.FAILED,
    "refused": Said.REFUSED,
}


def of_check(reply: Reply, *, now: datetime) -> ProviderAnswer:
    """Return what the answer to "may this be issued?" means: whatever is no answer leaves the reward waiting."""
    body = _body(reply)
    if reply.status in _REFUSED or (reply.ok and body.get("status") == "refused"):
        return ProviderAnswer(Said.REFUSED, reason=_reason(reply, body))
    if reply.ok:
        return ProviderAnswer(Said.WAITS, reason=_NO_RECEIVER) if _is_page(reply) else ProviderAnswer(Said.ALLOWED)
    return ProviderAnswer(Said.WAITS, reason=_reason(reply, body), wait_seconds=_asked(reply, now))


def of_order(reply: Reply, *, now: datetime) -> ProviderAnswer:
    """Return what the answer to an order means."""
    body = _body(reply)
    if reply.ok and _is_page(reply):
        return ProviderAnswer(Said.UNKNOWN, reason=_NO_RECEIVER)
    if reply.ok:
        said = "pending" if reply.status == _ACCEPTED and "status" not in body else body.get("status", "delivered")
        return ProviderAnswer(Said.UNKNOWN, reason="its answer broke off") if reply.cut else _settled(said, reply, body)
    if reply.status in _REFUSED:
        return ProviderAnswer(Said.REFUSED, reason=_reason(reply, body))
    if reply.status >= 500 or reply.status in _UNSURE:
        return ProviderAnswer(Said.UNKNOWN, reason=_reason(reply, body), wait_seconds=_asked(reply, now))
    wait = _GONE_WAIT_SECONDS if reply.status == _GONE else None
    return ProviderAnswer(Said.WAITS, reason=_reason(reply, body), wait_seconds=wait)


def of_status(reply: Reply, *, now: datetime) -> ProviderAnswer:
    """Return what the answer to "what became of it?" means; that it was never there counts only in so many words."""
    body = _body(reply)
    said = body.get("status")
    if said == "not_found" and (reply.ok or reply.status == _NOT_FOUND):
        return ProviderAnswer(Said.NOT_FOUND)
    if reply.ok and not reply.cut and said is not None:
        return _settled(said, reply, body)
    reason = _reason(reply, body) if not reply.ok else "it did not say what became of the order"
    return ProviderAnswer(Said.UNKNOWN, reason=reason, wait_seconds=_asked(reply, now))


def _settled(status: object, reply: Reply, body: dict[str, Any]) -> ProviderAnswer:
    said = _OF_ORDERS.get(str(status))
    if said is None:
        return ProviderAnswer(Said.UNKNOWN, reason=f"it answered a status that is none: {str(status)[:40]!a}")
    if said is not Said.DELIVERED:
        return ProviderAnswer(said, reason="it is still at it" if said is Said.PENDING else _reason(reply, body))
    code = _text(body, "code")
    if body.get("code") not in (None, "") and not code:
        # It may be worth money, and its owner would look for it: a person or a better answer settles the order.
        return ProviderAnswer(Said.UNKNOWN, reason=_NO_CODE)
    return ProviderAnswer(said, code=code, reference=_text(body, "reference"), proof=_text(body, "proof"))


def _body(reply: Reply) -> dict[str, Any]:
    if reply.cut:
        return {}
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_page(reply: Reply) -> bool:
    return reply.headers.get("content-type", "").lower().startswith(_PAGE)


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if len(text) <= LONGEST and text.isprintable() else ""


def _reason(reply: Reply, body: dict[str, Any]) -> str:
    return _text(body, "reason") or _text(body, "detail") or f"the receiver answered {reply.status}"


def _asked(reply: Reply, now: datetime) -> float | None:
    outcome = deliveries.DeliveryAttempt(reply.status, "", reply.headers.get("retry-after", ""))
    return deliveries.asked_seconds(outcome, now=now) or None
