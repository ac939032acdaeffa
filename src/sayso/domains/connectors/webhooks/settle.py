"""Writing down what came of attempts, on the deliveries and on their endpoints, in one transaction.

Whoever lost its lease writes nothing. It must not send anything.
"""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F

from sayso.domains.connectors.webhooks.disable import close, pending_to
from sayso.domains.connectors.webhooks.judge import DeliveryAttempt, ends, spared_seconds, wait_seconds
from sayso.domains.connectors.webhooks.models import Delivery, DeliveryState, Endpoint

LONGEST_PROBLEM = 300

# Attempts with what came of each.
Ended = Sequence[tuple[Delivery, DeliveryAttempt]]

_log = structlog.get_logger(__name__)
_chance = secrets.SystemRandom().random


def settle(ended: Ended, *, now: datetime) -> int:
    """Write down what came of some attempts; return how many deliveries were still ours to write on.

    Args:
        ended: the attempts; what was removed with its endpoint meanwhile is passed over.
        now: the time.
    """
    by_endpoint: dict[tuple[int, int], list[tuple[Delivery, DeliveryAttempt]]] = defaultdict(list)
    for delivery, outcome in ended:
        by_endpoint[delivery.endpoint, delivery.workspace_id].append((delivery, outcome))
    ours = 0
    if by_endpoint:
        with transaction.atomic():
            # All who lock several lock them in this order.
            for endpoint in Endpoint.objects.select_for_update().filter(pk__in=list(by_endpoint)).order_by("number"):
                ours += _settle(endpoint, by_endpoint[endpoint.number, endpoint.workspace_id], now)
    return ours


def _settle(endpoint: Endpoint, ended: Ended, now: datetime) -> int:
    failed = [(delivery, outcome) for delivery, outcome in ended if not outcome.delivered]
    well = _delivered(endpoint, [each for each in ended if each[1].delivered], now)
    failed = [each for each in failed if each[0].release(**_after_failure(*each, now))]
    badly = [outcome for _, outcome in failed]
    if well + len(badly) < len(ended):
        _log.warning("deliveries were taken over by another worker", endpoint=endpoint.id)
    if badly and not _had_one_waiting(endpoint, failed):
        endpoint.failing_since = None
    if well or badly:
        _judge(endpoint, well=well > 0, failures=badly, now=now)
    return well + len(badly)


def _had_one_waiting(endpoint: Endpoint, failed: Ended) -> bool:
    """Whether something waited for an endpoint since it last failed: with nothing to take, nobody fails."""
    again = any(delivery.attempts > 1 for delivery, _ in failed)
    others = pending_to(endpoint).exclude(number__in=[delivery.number for delivery, _ in failed])
    return again or others.filter(next_at__gt=0, attempts__gt=0).exists()


def _delivered(endpoint: Endpoint, ended: Ended, now: datetime) -> int:
    """Write down all that arrived and was answered alike; only what is still under our lease changes."""
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for delivery, outcome in ended:
        alike[delivery.lease_token, outcome.status].append(delivery.number)
    ours = 0
    for (token, status), numbers in alike.items():
        rows = Delivery.objects.filter(number__in=numbers, workspace=endpoint.workspace_id)
        mine = rows.filter(lease_token=token).exclude(lease_token=0)
        told = {"last_status": status, "last_problem": "", "last_at": now, "finished_at": now, "next_at": None}
        over = {"state": DeliveryState.DELIVERED, "attempts": F("attempts") + 1, "lease_token": 0, "leased_until": None}
        ours += mine.update(**told, **over)
    return ours


def _after_failure(delivery: Delivery, outcome: DeliveryAttempt, now: datetime) -> dict[str, Any]:
    attempts = delivery.attempts + 1
    told = {
        "attempts": attempts,
        "last_status": outcome.status,
        "last_problem": outcome.problem[:LONGEST_PROBLEM],
        "last_at": now,
    }
    wait = wait_seconds(outcome, attempts=attempts, now=now, chance=_chance())
    if wait is None:
        return {**told, "state": DeliveryState.FAILED, "next_at": None, "finished_at": now}
    return {**told, "state": DeliveryState.PENDING, "next_at": now + timedelta(seconds=wait)}


def _judge(endpoint: Endpoint, *, well: bool, failures: Sequence[DeliveryAttempt], now: datetime) -> None:
    """Note on the endpoint how it does. What failed side by side counts as one failure: it has one cause."""
    if not failures and not endpoint.failures:
        return
    endpoint.failures = 0 if well else endpoint.failures + 1
    endpoint.failing_since = None if well else endpoint.failing_since or now
    spared = max((spared_seconds(each, failures=endpoint.failures, now=now) for each in failures), default=0.0)
    if spared:
        endpoint.held_until = max(now + timedelta(seconds=spared), endpoint.held_until or now)
    endpoint.save(update_fields=["failures", "failing_since", "held_until"])
    reasons = (ends(each, failing_since=endpoint.failing_since or now, now=now) for each in failures)
    if failures and endpoint.disabled_at:
        pending_to(endpoint).update(next_at=None)
    elif reason := next(filter(None, reasons), ""):
        close(endpoint, reason=reason, now=now)
