"""The duty that carries out orders by asking others, safe on many hosts at once.

Owns the lines: how many are open at a time, in all and to one receiver. The lines are threads that only ask; the
database is read and written by the thread of the duty. A process that is killed leaves a lease behind, and after that
the order is asked about. It must not know a provider, nor what an outcome means for the books.
"""

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

from sayso.domains.jobs.lease import claim
from sayso.domains.jobs.lines import ended, share_out
from sayso.domains.rewards.fulfilment.backoff import wait_after
from sayso.domains.rewards.fulfilment.course import Course, Via, via
from sayso.domains.rewards.fulfilment.leased import LEASE_SECONDS, enter, places_of, wait_alone
from sayso.domains.rewards.fulfilment.port import ProviderAnswer, remote_providers
from sayso.domains.rewards.models import SETTLED, Order

LINES = 64
LINES_PER_RECEIVER = 16
# No receiver is left alone for longer: it may answer again, or be another by now.
LONGEST_SPARED = timedelta(minutes=1)


class Lines:
    """The lines of one worker. They stay open from one piece of the duty to the next: who is slow holds up no other."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(LINES, thread_name_prefix="order")
        self._open: dict[Future[ProviderAnswer], Course] = {}
        # Whose last word was one; nobody else gets a second line.
        self._answering: set[Via] = set()
        # How often in a row it was silent, and until when it is left alone.
        self._silent: dict[Via, tuple[int, datetime]] = {}

    def hand_over(self, now: datetime) -> bool:
        """Open lines for what is due, and write down what came of those that ended; whether there may be more.

        Args:
            now: the time.
        """
        more = self._take_up(now) or bool(self._open)
        self._bring_in(now)
        return more

    def finish(self) -> None:
        """Carry out the orders that were begun, which a time limit ends, and write down what came of them."""
        while self._open:
            self._bring_in(datetime.now(UTC))

    def _take_up(self, now: datetime) -> bool:
        """Begin with orders that are due, as far as there are lines; whether there were any."""
        orders = _claimed(self._shares(now), now)
        places = places_of(orders)
        for order in orders:
            if not order.settled:
                self._go_on(Course(order, places[order.workspace_id]), None, now)
        enter(orders, places, now)
        return bool(orders)

    def _shares(self, now: datetime) -> dict[Via, int]:
        """How many of the free lines each receiver gets to which something is due."""
        free = LINES - len(self._open)
        if not free:
            return {}
        due = _due(now).filter(leased_until__lte=now).order_by()
        waiting = due.values_list("workspace_id", "kind", "via_program", "via_clause").distinct()
        most = {
            each: LINES_PER_RECEIVER if each in self._answering else 1
            for each in waiting
            if each not in self._silent or self._silent[each][1] <= now
        }
        return share_out(most, taken=Counter(via(each.order) for each in self._open.values()), free=free)

    def _bring_in(self, now: datetime) -> None:
        courses = []
        for line in ended(self._open):
            course = self._open.pop(line)
            courses.append(course)
            self._go_on(course, line, now)
        enter([each.order for each in courses], {each.order.workspace_id: each.place for each in courses}, now)

    def _go_on(self, course: Course, line: Future[ProviderAnswer] | None, now: datetime) -> None:
        """Carry an order on, with the answer that a line brought; one at which that fails unforeseen waits alone."""
        receiver = via(course.order)
        try:
            asking = course.go_on(line.result() if line else None, now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            wait_alone(course.order, now)
            self._was_silent(receiver, now, None)
            return
        if asking:
            self._open[self._pool.submit(asking)] = course
        elif course.silence:
            self._was_silent(receiver, now, course.silence.wait_seconds)
        elif line:
            self._answering.add(receiver)
            self._silent.pop(receiver, None)

    def _was_silent(self, receiver: Via, now: datetime, asked_seconds: float | None) -> None:
        """Leave a receiver alone for a while, so that not all its orders wait in vain, and then try it with one."""
        times, _ = self._silent.get(receiver, (0, now))
        self._silent[receiver] = times + 1, now + min(wait_after(times, asked_seconds), LONGEST_SPARED)
        self._answering.discard(receiver)


def _claimed(shares: Mapping[Via, int], now: datetime) -> list[Order]:
    """Claim what is due through each receiver, as far as its share goes, and what only has to enter the log."""
    settled = _due(now).filter(state__in=SETTLED)
    if not shares and not settled.filter(leased_until__lte=now).exists():
        return []
    with transaction.atomic():
        orders = claim(settled.order_by("next_at"), limit=LINES, now=now, seconds=LEASE_SECONDS)
        for (workspace, kind, program, clause), share in shares.items():
            due = _due(now).filter(workspace=workspace, kind=kind, via_program=program, via_clause=clause)
            asked = due.exclude(state__in=SETTLED).order_by("next_at", "reward", "item")
            orders += claim(asked, limit=share, now=now, seconds=LEASE_SECONDS)
    return orders


def _due(now: datetime) -> "QuerySet[Order]":
    # Found over all workspaces, since a worker serves every one; each is then worked on within its own.
    return Order.objects.filter(next_at__gt=0, next_at__lte=now, way__in=list(remote_providers()))
