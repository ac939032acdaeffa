"""Group commit: events that arrive at the same time are decided together, and each sender gets its own answer.

Owns the queue between those who wait and the one thread of this process that writes. What waits takes no connection.
Single events go before bulk, and a batch is cut so that it lasts about as long as a live event may wait. It must not
know how a batch is decided, nor when a workspace that somebody else holds is tried again.
"""

import atexit
import logging
import os
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from math import ceil

from django.db import connection

from sayso.core.domain_error import DomainError
from sayso.core.engine.events import Arrival
from sayso.domains.decisions.effects import PartlyDecided, Told, decide_and_tell
from sayso.domains.decisions.flush import Flusher
from sayso.domains.decisions.held import Held
from sayso.domains.workspaces.head import HeadBusy, waiting_at_most

BATCH_SECONDS = 0.04
LEAST_TOGETHER, MOST_TOGETHER = 16, 500
MOST_SINGLES = 2000
MOST_BULK = 20_000
# A database that is away is tried again for about a second; nobody waits for an answer longer than this.
WAIT_SECONDS = 25.0
# So long without an event, and the connection is given back.
IDLE_SECONDS = 30.0
_FIRST_GUESS_SECONDS = 0.001
_WEIGHT = 0.2

Decide = Callable[..., Sequence[Told]]
_log = logging.getLogger(__name__)


class TooBusy(DomainError):
    """So many events wait that this one was not taken; it is stored nowhere.

    Attributes:
        retry_after_seconds: when to send it again.
    """

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__("too many events wait to be decided; send this one again a little later")
        self.retry_after_seconds = retry_after_seconds


class NotAnswered(DomainError):
    """The database failed, or the answer took too long; the event may be stored all the same. Sent again with its id,
    it is answered, and never stored twice.
    """


@dataclass(slots=True)
class _Asked:
    """What one sender handed over, and waits for.

    Attributes:
        bulk: whether single events go before them.
        until: when nobody waits for an answer any more, on the clock of `perf_counter`.
        done: locked until there is an answer or a failure.
        taken: how many of the arrivals are in a batch or answered.
        first: the answers to those that were decided before somebody else had the workspace, by their place.
    """

    arrivals: Sequence[Arrival]
    now: datetime
    bulk: bool
    until: float
    done: threading.Lock
    taken: int = 0
    answers: list[Told] = field(default_factory=list)
    failure: Exception | None = None
    first: dict[int, Told] = field(default_factory=dict)

    def answer(self, told: Sequence[Told]) -> None:
        """Take the next answers; what is a repeat by now, since it was decided before, was first told as new."""
        for each in told:
            first = self.first.get(len(self.answers)) if each.answer.repeated else None
            self.answers.append(first or each)


@dataclass(slots=True)
class _Lane:
    """What waits for one workspace."""

    singles: deque[_Asked] = field(default_factory=deque)
    bulk: deque[_Asked] = field(default_factory=deque)

    def of(self, asked: _Asked) -> deque[_Asked]:
        """Return those among whom this one waits."""
        return self.bulk if asked.bulk else self.singles


_Part = tuple[_Asked, Sequence[Arrival]]


class Committer:
    """One thread that decides what others hand over.

    Args:
        decide: as `effects.decide_and_tell`.
        most_singles, most_bulk: so many events may wait, one by one and in bulk.
        wait_seconds: how long a sender waits for an answer.
        flusher: tells when what was committed is kept.
    """

    def __init__(
        self,
        decide: Decide = decide_and_tell,
        *,
        most_singles: int = MOST_SINGLES,
        most_bulk: int = MOST_BULK,
        wait_seconds: float = WAIT_SECONDS,
        flusher: Flusher | None = None,
    ) -> None:
        self._decide, self._wait_seconds = decide, wait_seconds
        self._most = {False: most_singles, True: most_bulk}
        self._waiting = {False: 0, True: 0}
        self._lanes: OrderedDict[int, _Lane] = OrderedDict()
        self._changed = threading.Condition(threading.Lock())
        self._answering = threading.Lock()
        self._pace, self._busy_since = _FIRST_GUESS_SECONDS, 0.0
        self._thread: threading.Thread | None = None
        self._flusher = flusher or Flusher()
        self._held = Held()
        self._stopping = False

    def decide(
        self, workspace: int, arrivals: Sequence[Arrival], *, now: datetime, bulk: bool = False
    ) -> Sequence[Told]:
        """Have arrivals decided together with what others hand over, and wait for their answers.

        Args:
            workspace: the workspace's number.
            arrivals: checked events.
            now: the time.
            bulk: these may wait while single events go first.

        Raises:
            TooBusy: they were not taken.
            NotAnswered: the database failed, or it took too long; what was handed over is decided all the same, save
                where another writer has held the workspace for all that time.
        """
        asked = _Asked(arrivals, now, bulk, time.perf_counter() + self._wait_seconds, threading.Lock())
        asked.done.acquire()
        self._hand_over(workspace, asked)
        if not asked.done.acquire(timeout=self._wait_seconds):
            raise NotAnswered(f"no answer within {self._wait_seconds:g} seconds")
        if asked.failure is not None:
            raise NotAnswered(f"{type(asked.failure).__name__}: {asked.failure}") from asked.failure
        return asked.answers

    def stop(self) -> None:
        """Take nothing more, decide what waits, and give the connection back."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def is_stuck(self) -> bool:
        """Whether a batch, or keeping it, has taken longer than anybody waits for an answer."""
        since = [began for began in (self._busy_since, self._flusher.busy_since) if began]
        return any(time.perf_counter() - began > self._wait_seconds for began in since)

    # --- those who wait -------------------------------------------------------------------------------------------

    def _hand_over(self, workspace: int, asked: _Asked) -> None:
        with self._changed:
            if self._stopping or self._waiting[asked.bulk] >= self._most[asked.bulk]:
                raise TooBusy(max(1, ceil(sum(self._waiting.values()) * self._pace)))
            if self._thread is None:
                thread = threading.Thread(target=self._work, name="sayso-committer", daemon=True)
                thread.start()
                self._thread = thread
            self._waiting[asked.bulk] += len(asked.arrivals)
            self._lanes.setdefault(workspace, _Lane()).of(asked).append(asked)
            self._changed.notify()

    # --- the one who decides --------------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            self._commit_what_waits()
        except Exception:
            # Whoever comes next starts another thread, which takes what still waits.
            _log.exception("the committer failed")
            with self._changed:
                self._thread, self._busy_since = None, 0.0

    def _commit_what_waits(self) -> None:
        while True:
            with self._changed:
                while (workspace := self._held.turn_of(self._lanes, at_once=self._stopping)) is None:
                    if self._lanes:
                        self._changed.wait(self._held.rest_seconds())
                    elif self._stopping or not self._changed.wait(IDLE_SECONDS):
                        self._flusher.stop()
                        connection.close()
                        self._thread = None
                        return
                parts = self._next(workspace)
            self._commit(workspace, parts)

    def _next(self, workspace: int) -> list[_Part]:
        """Take the next batch of a workspace: single events first."""
        lane = self._lanes.pop(workspace)
        room = min(max(int(BATCH_SECONDS / self._pace), LEAST_TOGETHER), MOST_TOGETHER)
        parts: list[_Part] = []
        while lane.singles and room > 0:
            room -= self._take(lane.singles, room, parts)
        if lane.bulk:
            # Beside single events a little bulk goes too, so that it is never kept waiting for good.
            room = max(min(room, LEAST_TOGETHER) if parts else room, 1)
            self._take(lane.bulk, room, parts)
        if lane.singles or lane.bulk:
            self._lanes[workspace] = lane
        return parts

    def _take(self, queue: deque[_Asked], room: int, parts: list[_Part]) -> int:
        asked = queue[0]
        arrivals = asked.arrivals[asked.taken : asked.taken + room]
        asked.taken += len(arrivals)
        self._waiting[asked.bulk] -= len(arrivals)
        if asked.taken == len(asked.arrivals):
            queue.popleft()
        parts.append((asked, arrivals))
        return len(arrivals)

    def _commit(self, workspace: int, parts: list[_Part]) -> None:
        arrivals = [arrival for _, each in parts for arrival in each]
        began = self._busy_since = time.perf_counter()
        try:
            witness = self._flusher.relax(connection)
            with waiting_at_most(self._held.patience_with(workspace)):
                answers = self._decide(workspace, arrivals, now=max(asked.now for asked, _ in parts))
            self._held.let_go(workspace)
            self._pace += _WEIGHT * ((time.perf_counter() - began) / len(arrivals) - self._pace)
            if witness is not None:
                self._flusher.when_kept(witness, partial(self._tell, parts, answers))
            else:
                self._tell(parts, answers, None)
        except HeadBusy as error:
            self._held.note(workspace)
            if isinstance(error, PartlyDecided):
                _keep_first(parts, error.told)
            self._put_back(workspace, parts, error)
        except Exception as error:
            _log.exception("a batch of %d events could not be decided", len(arrivals))
            self._tell(parts, (), error)
            connection.close()
        self._busy_since = 0.0

    def _put_back(self, workspace: int, parts: list[_Part], error: HeadBusy) -> None:
        """Let a batch wait again, behind the other workspaces; without those for which nobody waits any more."""
        now = time.perf_counter()
        over = [part for part in parts if self._stopping or part[0].until <= now]
        self._tell(over, (), error)
        with self._changed:
            for asked, arrivals in reversed(parts):
                if self._stopping or asked.until <= now:
                    continue
                lane = self._lanes.setdefault(workspace, _Lane())
                if asked.taken == len(asked.arrivals):
                    lane.of(asked).appendleft(asked)
                asked.taken -= len(arrivals)
                self._waiting[asked.bulk] += len(arrivals)

    def _tell(self, parts: list[_Part], answers: Sequence[Told], failure: Exception | None) -> None:
        """Hand out the answers to a batch; the flusher's thread does so too, and one sender may wait for both."""
        at = 0
        with self._answering:
            for asked, mine in parts:
                asked.answer(answers[at : at + len(mine)])
                at += len(mine)
                _answered(asked, failure)


def _keep_first(parts: list[_Part], told: Mapping[int, Told]) -> None:
    """Keep what was told of some events of a batch that goes back, by their places in it."""
    at = 0
    for asked, mine in parts:
        before = asked.taken - len(mine)
        for number in range(len(mine)):
            found = told.get(at + number)
            if found is not None and not found.answer.repeated:
                asked.first[before + number] = found
        at += len(mine)


def _answered(asked: _Asked, failure: Exception | None) -> None:
    """Wake whoever waits for this, when all of it is answered or any of it failed."""
    if asked.failure is not None:
        return
    if failure is not None:
        asked.failure = failure
    elif len(asked.answers) < len(asked.arrivals):
        return
    asked.done.release()


_mine: list[Committer] = []
_one_at_a_time = threading.Lock()


def committer() -> Committer:
    """Return the committer of this process."""
    with _one_at_a_time:
        if not _mine:
            _mine.append(Committer())
        return _mine[0]


def committer_is_stuck() -> bool:
    """Whether the committer of this process, if it has one, is."""
    with _one_at_a_time:
        return any(each.is_stuck() for each in _mine)


def stop_committer() -> None:
    """Let the committer of this process finish what waits, and begin with a new one when there is more."""
    with _one_at_a_time:
        gone = _mine.pop() if _mine else None
    if gone is not None:
        gone.stop()


os.register_at_fork(after_in_child=_mine.clear)
atexit.register(stop_committer)
