"""Writing down what came of an attempt, on the delivery and on its endpoint, in one transaction.

Whoever lost its lease writes nothing. It must not send anything.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction

from sayso.domains.connectors.webhooks.disable import close, pending_to
from sayso.domains.connectors.webhooks.judge import Outcome, ends, spared_seconds, wait_seconds
from sayso.domains.connectors.webhooks.models import Delivery, DeliveryState, Endpoint
from sayso.domains.connectors.webhooks.queries import NoSuchEndpoint, locked_endpoint

LONGEST_PROBLEM = 300

_log = structlog.get_logger(__name__)
_chance = secrets.SystemRandom().random


def settle(delivery: Delivery, outcome: Outcome, *, now: datetime) -> bool:
    """Write down what came of an attempt; whether the delivery was still ours to write on."""
    with transaction.atomic():
        try:
            endpoint = locked_endpoint(workspace=delivery.workspace_id, number=delivery.endpoint)
        except NoSuchEndpoint:
            return False
        ours = delivery.release(**_values(delivery, outcome, now))
        if not ours:
            _log.warning("delivery was taken over by another worker", delivery=delivery.id)
        elif outcome.delivered:
            _recover(endpoint)
        else:
            _fail(endpoint, outcome, now)
    return ours


def _values(delivery: Delivery, outcome: Outcome, now: datetime) -> dict[str, Any]:
    attempts = delivery.attempts + 1
    told = {
        "attempts": attempts,
        "last_status": outcome.status,
        "last_problem": outcome.problem[:LONGEST_PROBLEM],
        "last_at": now,
    }
    if outcome.delivered:
        return {**told, "state": DeliveryState.DELIVERED, "next_at": None, "finished_at": now}
    wait = wait_seconds(outcome, attempts=attempts, now=now, chance=_chance())
    if wait is None:
        return {**told, "state": DeliveryState.FAILED, "next_at": None, "finished_at": now}
    return {**told, "state": DeliveryState.PENDING, "next_at": now + timedelta(seconds=wait)}


def _recover(endpoint: Endpoint) -> None:
    if endpoint.failures and endpoint.disabled_at is None:
        endpoint.failures, endpoint.failing_since, endpoint.held_until = 0, None, None
        endpoint.save(update_fields=["failures", "failing_since", "held_until"])


def _fail(endpoint: Endpoint, outcome: Outcome, now: datetime) -> None:
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    spared = timedelta(seconds=spared_seconds(outcome, failures=endpoint.failures, now=now))
    endpoint.held_until = max(now + spared, endpoint.held_until or now)
    endpoint.save(update_fields=["failures", "failing_since", "held_until"])
    if endpoint.disabled_at:
        pending_to(endpoint).update(next_at=None)
    elif reason := ends(outcome, failing_since=endpoint.failing_since, now=now):
        close(endpoint, reason=reason, now=now)
    elif spared:
        pending_to(endpoint).filter(next_at__lt=endpoint.held_until).update(next_at=endpoint.held_until)
