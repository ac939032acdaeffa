"""Clicks: buffered in this process, and written together a moment later by a thread of its own.

Owns which visits count, and the writing. A visitor never waits for a row; what a killed process had not written yet is
lost, and the token that the visitor carries is enough to attribute all the same (SPEED). It must not answer anybody,
and it keeps neither addresses nor what browsers call themselves.
"""

import atexit
import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

import structlog
from django.db import connection

from sayso.core.program.calendar import SECOND, moment_of
from sayso.domains.sharing.destinations import Destination
from sayso.domains.sharing.tries import household
from sayso.domains.sharing.write_clicks import PER_MICROSECOND, Row, Write, write_clicks

WITHIN_SECONDS = 0.2
MOST_WAITING = 50_000
# The same visitor on the same link again within this time: a reload, a double tap, or somebody's script.
ONE_VISIT_SECONDS = 10.0
MOST_VISITS = 50_000
IDLE_SECONDS = 5.0
LONGEST_AGENT = 500
_log = structlog.get_logger(__name__)
_turn = count()


@dataclass(frozen=True, slots=True)
class LinkVisit:
    """A visit through a link, as the front door saw it.

    Attributes:
        at: seconds since 1970.
        agent: what the browser calls itself.
        address: where it came from.
    """

    destination: Destination
    at: float
    agent: str
    address: str


@lru_cache(4096)
def is_robot(agent: str) -> bool:
    """Whether whoever calls itself that is a program: a search engine, a preview, a scanner; no name at all too."""
    # Imported when the first visit is written: reading the list takes longer than many commands run.
    from crawleruseragents import is_crawler  # type: ignore[import-untyped]  # noqa: PLC0415

    return not agent or bool(is_crawler(agent))


class Clicks:
    """The clicks of this process that are not written yet.

    Args:
        write: keeps clicks for good.
        seconds: how long one waits for others at most.
    """

    def __init__(self, write: Write = write_clicks, *, seconds: float = WITHIN_SECONDS) -> None:
        self._write, self._seconds = write, seconds
        self._waiting: deque[LinkVisit] = deque()
        self._dropped = 0
        self._visits: OrderedDict[tuple[int, int], float] = OrderedDict()
        self._stopping = threading.Event()
        self._one_at_a_time = threading.Lock()
        self._thread: threading.Thread | None = None

    def count(self, visit: LinkVisit) -> None:
        """Take a visit in; it returns at once."""
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(visit)
        else:
            self._dropped += 1
        if self._thread is None:
            self._begin()

    def stop(self) -> None:
        """Write what waits, and give the connection back."""
        self._stopping.set()
        thread = self._thread
        if thread is not None:
            thread.join()
        self._stopping.clear()

    def forget(self) -> None:
        """Take everybody for a new visitor."""
        self._visits.clear()

    def _begin(self) -> None:
        with self._one_at_a_time:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="sayso-clicks", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        last = time.monotonic()
        while True:
            stopping = self._stopping.wait(self._seconds)
            if self._waiting:
                # Others go on appending meanwhile; what is not counted here is the next round's.
                self._keep([self._waiting.popleft() for _ in range(len(self._waiting))])
                last = time.monotonic()
            elif stopping or time.monotonic() - last > IDLE_SECONDS:
                # Who appends after this look finds no thread, and begins one.
                self._thread = None
                connection.close()
                if self._waiting:
                    self._begin()
                return

    def _keep(self, visits: list[LinkVisit]) -> None:
        dropped, self._dropped = self._dropped, 0
        if dropped:
            _log.error("clicks were lost, since too many waited", count=dropped)
        try:
            clicks = [_row(visit) for visit in visits if self._counts(visit)]
            if clicks:
                self._write(clicks)
        except Exception:
            _log.exception("clicks were lost", count=len(visits))
            connection.close()

    def _counts(self, visit: LinkVisit) -> bool:
        """Whether a person came, and not the same one a moment ago."""
        agent = visit.agent[:LONGEST_AGENT]
        if is_robot(agent):
            return False
        who = (visit.destination.link or hash(visit.destination.code), hash((household(visit.address), agent)))
        last = self._visits.pop(who, 0.0)
        self._visits[who] = visit.at
        while len(self._visits) > MOST_VISITS:
            self._visits.popitem(last=False)
        return visit.at - last >= ONE_VISIT_SECONDS


def _row(visit: LinkVisit) -> Row:
    to, at = visit.destination, int(visit.at * SECOND)
    # No two of a process have one number.
    number = at * PER_MICROSECOND + next(_turn) % PER_MICROSECOND
    happened = moment_of(to.clock) if to.clock else at
    return number, to.workspace, to.link, to.program, to.channel, to.version, happened


clicks = Clicks()
atexit.register(clicks.stop)
