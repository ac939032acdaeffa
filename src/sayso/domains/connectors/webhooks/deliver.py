"""Delivering what is due: a duty of the worker, safe on many hosts at once.

Owns the lines: how many are open at a time, in all and to one endpoint. The lines are threads that only send; the
database is read and written by the thread of the duty. A process that is killed leaves a lease behind, and after that
the delivery is taken up again under the same id.
"""

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError

from sayso.domains.connectors.http.destination import Unreachable, UrlNotAllowed
from sayso.domains.connectors.http.message import Outgoing, Unanswered
from sayso.domains.connectors.http.send import SECONDS, send
from sayso.domains.connectors.webhooks.judge import Outcome
from sayso.domains.connectors.webhooks.models import Delivery, Endpoint
from sayso.domains.connectors.webhooks.payload import prepare
from sayso.domains.connectors.webhooks.settle import settle
from sayso.domains.jobs.lease import claim

LINES = 16
LINES_PER_ENDPOINT = 4
LEASE_SECONDS = 60.0
# So long one piece of the duty takes up more; what it then waits for ends by the time limit of sending.
TAKING_UP_SECONDS = 5.0
_LOOK_AGAIN_SECONDS = 0.2

_log = structlog.get_logger(__name__)


def deliver(now: datetime) -> bool:
    """Attempt the deliveries that are due; whether there may be more.

    Args:
        now: the time.
    """
    with ThreadPoolExecutor(LINES, thread_name_prefix="webhook") as pool:
        work = _Lines(pool, now)
        while work.take_up() or work.open:
            work.bring_in()
    return work.is_cut_short


def attempt(outgoing: Outgoing, until: float) -> Outcome:
    """Send once, and return what came of it, whatever that was.

    Args:
        outgoing: what to send.
        until: when our lease is over, on the monotonic clock; who wakes up after it sends nothing.
    """
    if time.monotonic() + SECONDS > until:
        return Outcome(problem="it was not sent, since its worker was asleep for too long")
    try:
        reply = send(outgoing)
    except (UrlNotAllowed, Unreachable, Unanswered) as error:
        return Outcome(problem=str(error))
    except Exception as error:
        _log.exception("sending failed in a way that nobody foresaw")
        return Outcome(problem=f"{type(error).__name__}: {error}")
    problem = "" if reply.ok else f"the receiver answered {reply.status}"
    return Outcome(reply.status, problem, reply.headers.get("retry-after", ""))


class _Lines:
    """The lines of one call of the duty.

    Attributes:
        open: what is being sent.
        is_cut_short: it stopped taking up deliveries because its time was over.
    """

    def __init__(self, pool: ThreadPoolExecutor, now: datetime) -> None:
        self._pool, self._now, self._started = pool, now, time.monotonic()
        self._most: dict[int, int] = {}  # lines to each endpoint that was looked at
        self.open: dict[Future[Outcome], Delivery] = {}
        self.is_cut_short = False

    def _clock(self) -> datetime:
        return self._now + timedelta(seconds=time.monotonic() - self._started)

    def take_up(self) -> bool:
        """Open lines for what is due, as far as there are any left; whether one was opened."""
        opened = False
        while len(self.open) < LINES and (endpoint := self._next_endpoint()):
            if time.monotonic() - self._started > TAKING_UP_SECONDS:
                self.is_cut_short = True
                break
            self._most[endpoint.number] = 1 if endpoint.failures else LINES_PER_ENDPOINT
            for delivery in self._claim(endpoint):
                opened = True
                self._open(delivery, endpoint)
        return opened

    def _next_endpoint(self) -> Endpoint | None:
        """The endpoint of the delivery that is due the longest, those left out that have all their lines."""
        due = Delivery.objects.filter(next_at__gt=0, next_at__lte=self._clock(), leased_until__lte=self._clock())
        full = [number for number in self._most if not self._left(number)]
        # Found over all workspaces, since a worker serves every one.
        found = due.exclude(endpoint__in=full).order_by("next_at").values_list("endpoint", "workspace_id").first()
        return Endpoint.objects.filter(number=found[0], workspace=found[1]).first() if found else None

    def _left(self, endpoint: int) -> int:
        """How many more lines may be opened to an endpoint; one that fails is tried with one."""
        return max(self._most[endpoint] - sum(each.endpoint == endpoint for each in self.open.values()), 0)

    def _claim(self, endpoint: Endpoint) -> list[Delivery]:
        limit = min(self._left(endpoint.number), LINES - len(self.open))
        due = Delivery.objects.filter(endpoint=endpoint.number, workspace=endpoint.workspace_id)
        due = due.filter(next_at__gt=0, next_at__lte=self._clock())
        return claim(due.order_by("next_at", "number"), limit=limit, now=self._clock(), seconds=LEASE_SECONDS)

    def _open(self, delivery: Delivery, endpoint: Endpoint) -> None:
        until = time.monotonic() + LEASE_SECONDS
        try:
            outgoing = prepare(delivery, endpoint, now=self._clock())
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            _log.exception("delivery could not be prepared", delivery=delivery.id)
            settle(delivery, Outcome(problem=f"it could not be prepared: {error}"), now=self._clock())
        else:
            self.open[self._pool.submit(attempt, outgoing, until)] = delivery

    def bring_in(self) -> None:
        """Write down what came of the attempts that ended."""
        ended, _ = wait(self.open, timeout=_LOOK_AGAIN_SECONDS, return_when=FIRST_COMPLETED)
        for each in ended:
            settle(self.open.pop(each), each.result(), now=self._clock())
