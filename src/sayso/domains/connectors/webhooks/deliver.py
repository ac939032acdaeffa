"""Delivering what is due: a duty of the worker, safe on many hosts at once.

Owns the lines: how many are open at a time, in all and to one endpoint. The lines are threads that only send; the
database is read and written by the thread of the duty, for all lines that ended meanwhile at once. A process that is
killed leaves a lease behind, and after that the delivery is taken up again under the same id.
"""

import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from sayso.domains.connectors.http.destination import Unreachable, UrlNotAllowed
from sayso.domains.connectors.http.message import Outgoing, Unanswered
from sayso.domains.connectors.http.send import SECONDS, send
from sayso.domains.connectors.webhooks.judge import DeliveryAttempt
from sayso.domains.connectors.webhooks.models import Delivery, Endpoint
from sayso.domains.connectors.webhooks.payload import prepare, refs_in
from sayso.domains.connectors.webhooks.settle import settle
from sayso.domains.jobs.lease import claim
from sayso.domains.jobs.lines import ended, share_out

LINES = 64
LINES_PER_ENDPOINT = 16
LEASE_SECONDS = 60.0

_log = structlog.get_logger(__name__)


def attempt(outgoing: Outgoing, until: float) -> DeliveryAttempt:
    """Send once, and return what came of it, whatever that was.

    Args:
        outgoing: what to send.
        until: when our lease is over, on the monotonic clock; who wakes up after it sends nothing.
    """
    if time.monotonic() + SECONDS > until:
        return DeliveryAttempt(problem="it was not sent, since its worker was asleep for too long")
    try:
        reply = send(outgoing)
    except (UrlNotAllowed, Unreachable, Unanswered) as error:
        return DeliveryAttempt(problem=str(error))
    except Exception as error:
        _log.exception("sending failed in a way that nobody foresaw")
        return DeliveryAttempt(problem=f"{type(error).__name__}: {error}")
    problem = "" if reply.ok else f"the receiver answered {reply.status}"
    return DeliveryAttempt(reply.status, problem, reply.headers.get("retry-after", ""))


class Lines:
    """The lines of one worker. They stay open from one piece of the duty to the next: who is slow holds up no other."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(LINES, thread_name_prefix="webhook")
        self._open: dict[Future[DeliveryAttempt], Delivery] = {}

    def deliver(self, now: datetime) -> bool:
        """Open lines to what is due, and write down what came of those that ended; whether there may be more.

        Args:
            now: the time.
        """
        self._take_up(now)
        more = bool(self._open)
        self._bring_in(now)
        return more

    def finish(self) -> None:
        """Wait for the lines that are open, which a time limit ends, and write down what came of them."""
        while self._open:
            self._bring_in(datetime.now(UTC))

    def _take_up(self, now: datetime) -> None:
        shares = self._shares(now) if len(self._open) < LINES else []
        if shares:
            for delivery, endpoint, refs in _claimed(shares, now):
                self._send(delivery, endpoint, refs, now)

    def _shares(self, now: datetime) -> list[tuple[Endpoint, int]]:
        """How many of the free lines each endpoint gets to which something is due."""
        # Found over all workspaces, since a worker serves every one.
        waiting = _due(now).filter(endpoint=OuterRef("number"), workspace=OuterRef("workspace"), leased_until__lte=now)
        found = Endpoint.objects.filter(Exists(waiting), held_until__lte=now)
        endpoints = {(each.number, each.workspace_id): each for each in found}
        # One that fails is tried with one line.
        most = {key: 1 if each.failures else LINES_PER_ENDPOINT for key, each in endpoints.items()}
        taken = Counter((each.endpoint, each.workspace_id) for each in self._open.values())
        shares = share_out(most, taken=taken, free=LINES - len(self._open))
        return [(endpoints[key], share) for key, share in shares.items()]

    def _send(self, delivery: Delivery, endpoint: Endpoint, refs: dict[int, str], now: datetime) -> None:
        try:
            outgoing = prepare(delivery, endpoint, refs=refs, now=now)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            _log.exception("delivery could not be prepared", delivery=delivery.id)
            settle([(delivery, DeliveryAttempt(problem=f"it could not be prepared: {error}"))], now=now)
        else:
            self._open[self._pool.submit(attempt, outgoing, time.monotonic() + LEASE_SECONDS)] = delivery

    def _bring_in(self, now: datetime) -> None:
        over = ended(self._open)
        settle([(self._open[each], each.result()) for each in over], now=now)
        for each in over:
            del self._open[each]


def _claimed(shares: Iterable[tuple[Endpoint, int]], now: datetime) -> list[tuple[Delivery, Endpoint, dict[int, str]]]:
    """Claim what is due to each endpoint, as far as its share goes, with the names of those whom it is about."""
    found = []
    with transaction.atomic():
        for endpoint, share in shares:
            due = _due(now).filter(endpoint=endpoint.number, workspace=endpoint.workspace_id)
            rows = claim(due.order_by("next_at", "number"), limit=share, now=now, seconds=LEASE_SECONDS)
            refs = refs_in(rows)
            found += [(row, endpoint, refs) for row in rows]
    return found


def _due(now: datetime) -> "QuerySet[Delivery]":
    return Delivery.objects.filter(next_at__gt=0, next_at__lte=now)
