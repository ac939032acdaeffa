"""Group commit: what arrives together is decided together; single events go first, nothing that was taken is lost, and
what has no place is told so.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from sayso.core.engine.events import Arrival
from sayso.domains.decisions import batch, flush
from sayso.domains.decisions import committer as committing
from sayso.domains.decisions.committer import MOST_TOGETHER, Committer, NotAnswered, TooBusy
from sayso.domains.decisions.effects import Told
from sayso.domains.decisions.flush import Flusher
from sayso.domains.decisions.verify import verify
from sayso.domains.events.answer import Answer
from sayso.domains.events.models import Event
from sayso.domains.ledger.queries import balances
from sayso.domains.workspaces import retrying
from sayso.domains.workspaces.head import HeadBusy, locked
from tests.domains.cast import STARS, START, event, open_bluebell

EVERYBODY = 64


class AlwaysKept(Flusher):
    """Stands in where there is no database."""

    def relax(self, connection: BaseDatabaseWrapper) -> None:
        return None


class Decider:
    """Stands in for `decide_and_tell`: remembers the batches, and waits at a gate before each.

    Attributes:
        reached: set when a batch waits at the gate.
    """

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.reached, self.gate = threading.Event(), threading.Event()

    def __call__(self, workspace: int, arrivals: Sequence[Arrival], *, now: datetime) -> list[Told]:
        self.batches.append([each.external_id for each in arrivals])
        self.reached.set()
        assert self.gate.wait(10)
        return [told(each) for each in arrivals]


def told(arrival: Arrival) -> Told:
    return Told(Answer(arrival.external_id, "decided", 1))


def buys(*names: str) -> list[Arrival]:
    return [event(name, "purchase", "Ben", amount_minor=900) for name in names]


@pytest.fixture
def decider() -> Decider:
    return Decider()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(EVERYBODY) as threads:
        yield threads


def until(true: Callable[[], bool]) -> None:
    """Wait until something is true."""
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_singles_go_together_and_before_bulk_that_came_earlier(decider: Decider, pool: ThreadPoolExecutor) -> None:
    committer = Committer(decider, flusher=AlwaysKept())
    first = pool.submit(committer.decide, 1, buys("first"), now=START)
    assert decider.reached.wait(10)
    lines = [f"line-{number}" for number in range(2000)]
    bulk = pool.submit(committer.decide, 1, buys(*lines), now=START, bulk=True)
    until(lambda: committer._waiting[True] == 2000)
    singles = [pool.submit(committer.decide, 1, buys(f"single-{number}"), now=START) for number in range(5)]
    until(lambda: committer._waiting[False] == 5)
    decider.gate.set()
    assert [each.answer.external_id for each in bulk.result()] == lines
    assert [single.result()[0].answer.external_id for single in singles] == [f"single-{number}" for number in range(5)]
    assert first.result()[0].answer.external_id == "first"
    alone, together, *others = decider.batches
    assert alone == ["first"]
    assert sorted(together[:5]) == [f"single-{number}" for number in range(5)]
    assert len(together) > 5, "a little bulk goes beside them"
    assert together[5:] + [name for each in others for name in each] == lines
    assert max(map(len, others)) <= MOST_TOGETHER
    committer.stop()


def test_workspaces_take_turns(decider: Decider, pool: ThreadPoolExecutor) -> None:
    committer = Committer(decider, flusher=AlwaysKept())
    waiting = [pool.submit(committer.decide, 1, buys("a"), now=START)]
    assert decider.reached.wait(10)
    waiting += [pool.submit(committer.decide, place, buys(f"in-{place}"), now=START) for place in (1, 2, 3)]
    until(lambda: committer._waiting[False] == 3)
    decider.gate.set()
    assert all(each.result() for each in waiting)
    assert sorted(decider.batches[1:]) == [["in-1"], ["in-2"], ["in-3"]]
    committer.stop()


class Held(Decider):
    """Workspace 1 is in somebody else's hands until it is let go."""

    let_go = False

    def __init__(self) -> None:
        super().__init__()
        self.tried = threading.Event()

    def __call__(self, workspace: int, arrivals: Sequence[Arrival], *, now: datetime) -> list[Told]:
        if workspace == 1 and not self.let_go:
            self.tried.set()
            time.sleep(0.01)
            raise HeadBusy("somebody has it")
        return super().__call__(workspace, arrivals, now=now)


def test_a_workspace_that_is_held_lets_the_others_go_first_and_keeps_its_order(pool: ThreadPoolExecutor) -> None:
    held = Held()
    held.gate.set()
    committer = Committer(held, flusher=AlwaysKept())
    waiting = [pool.submit(committer.decide, 1, buys("a"), now=START)]
    assert held.tried.wait(10)
    waiting.append(pool.submit(committer.decide, 1, buys("b", "c"), now=START))
    assert committer.decide(2, buys("theirs"), now=START)
    held.let_go = True
    assert [len(each.result()) for each in waiting] == [1, 2]
    assert [name for batch in held.batches for name in batch] == ["theirs", "a", "b", "c"]
    assert committer._waiting == {False: 0, True: 0}
    committer.stop()


def test_for_whom_nobody_waits_any_more_gives_up_its_place(pool: ThreadPoolExecutor) -> None:
    committer = Committer(Held(), flusher=AlwaysKept(), wait_seconds=0.05)
    with pytest.raises(NotAnswered):
        committer.decide(1, buys("a"), now=START)
    until(lambda: not committer._lanes and committer._waiting[False] == 0)
    committer.stop()


def test_what_has_no_place_is_told_when_to_come_again(decider: Decider, pool: ThreadPoolExecutor) -> None:
    committer = Committer(decider, flusher=AlwaysKept(), most_singles=2, most_bulk=2)
    taken = [pool.submit(committer.decide, 1, buys("first"), now=START)]
    assert decider.reached.wait(10)
    taken += [pool.submit(committer.decide, 1, buys(name), now=START) for name in ("second", "third")]
    until(lambda: committer._waiting[False] == 2)
    with pytest.raises(TooBusy) as busy:
        committer.decide(1, buys("fourth"), now=START)
    assert busy.value.retry_after_seconds >= 1
    taken.append(pool.submit(committer.decide, 1, buys("line-1", "line-2"), now=START, bulk=True))
    until(lambda: committer._waiting[True] == 2)
    with pytest.raises(TooBusy):
        committer.decide(1, buys("line-3"), now=START, bulk=True)
    decider.gate.set()
    assert all(each.result() for each in taken)
    assert "fourth" not in {name for each in decider.batches for name in each}
    committer.stop()


def test_who_waits_too_long_is_told_and_the_event_is_decided_all_the_same(decider: Decider) -> None:
    committer = Committer(decider, flusher=AlwaysKept(), wait_seconds=0.05)
    with pytest.raises(NotAnswered):
        committer.decide(1, buys("first"), now=START)
    with pytest.raises(NotAnswered):
        committer.decide(1, buys("second"), now=START)
    decider.gate.set()
    committer.stop()
    assert decider.batches == [["first"], ["second"]]


def test_stopping_decides_what_waits_and_takes_nothing_more(decider: Decider, pool: ThreadPoolExecutor) -> None:
    committer = Committer(decider, flusher=AlwaysKept())
    waiting = [pool.submit(committer.decide, 1, buys("first"), now=START)]
    assert decider.reached.wait(10)
    waiting.append(pool.submit(committer.decide, 1, buys("second"), now=START))
    until(lambda: committer._waiting[False] == 1)
    stopping = pool.submit(committer.stop)
    until(lambda: committer._stopping)
    with pytest.raises(TooBusy):
        committer.decide(1, buys("third"), now=START)
    decider.gate.set()
    stopping.result()
    assert [each.result()[0].answer.external_id for each in waiting] == ["first", "second"]


def test_a_database_that_is_away_is_told_to_everybody_who_waits(pool: ThreadPoolExecutor) -> None:
    away = [True]

    def decide(workspace: int, arrivals: Sequence[Arrival], *, now: datetime) -> list[Told]:
        if away:
            raise OperationalError("could not connect")
        return [told(each) for each in arrivals]

    committer = Committer(decide, flusher=AlwaysKept())
    for _ in range(2):
        with pytest.raises(NotAnswered, match="could not connect"):
            committer.decide(1, buys("first"), now=START)
    with pytest.raises(NotAnswered):
        committer.decide(1, buys(*map(str, range(MOST_TOGETHER * 2))), now=START, bulk=True)
    away.clear()
    assert committer.decide(1, buys("first"), now=START)[0].answer.status == "decided"
    committer.stop()


class Unwell(AlwaysKept):
    """Fails where nobody expects it: there is no thread to be had, then the connection does not even close."""

    def __init__(self) -> None:
        super().__init__()
        self.failures = 2

    def relax(self, connection: BaseDatabaseWrapper) -> BaseDatabaseWrapper | None:  # type: ignore[override]
        return connection if self.failures else None

    def when_kept(self, witness: BaseDatabaseWrapper, tell: object) -> None:
        self.failures -= 1
        raise RuntimeError("can't start new thread")


def test_a_surprise_is_told_and_the_next_event_is_decided(decider: Decider, monkeypatch: pytest.MonkeyPatch) -> None:
    committer, close = Committer(decider, flusher=Unwell(), wait_seconds=10), Mock(side_effect=[None, ValueError])
    monkeypatch.setattr(committing, "connection", Mock(close=close))
    decider.gate.set()
    for _ in range(2):
        with pytest.raises(NotAnswered, match="can't start new thread"):
            committer.decide(1, buys("first"), now=START)
    until(lambda: committer._thread is None)
    close.side_effect = None
    assert committer.decide(1, buys("second"), now=START)[0].answer.status == "decided"
    committer.stop()


def test_a_batch_that_takes_longer_than_anybody_waits_is_noticed(decider: Decider) -> None:
    committer = Committer(decider, flusher=AlwaysKept(), wait_seconds=0.05)
    assert not committer.is_stuck()
    with pytest.raises(NotAnswered):
        committer.decide(1, buys("first"), now=START)
    until(committer.is_stuck)
    decider.gate.set()
    until(lambda: not committer.is_stuck())
    committer.stop()


class Raced(committing._Asked):
    """A bulk sender whose failure comes between being looked for and being noted."""

    looked, failed = threading.Event(), threading.Event()
    noted: Exception | None = None

    @property
    def failure(self) -> Exception | None:
        was = self.noted
        if threading.current_thread() is threading.main_thread() and not self.looked.is_set():
            self.looked.set()
            self.failed.wait(0.2)
        return was

    @failure.setter
    def failure(self, failure: Exception | None) -> None:
        self.noted = failure


def test_a_failure_is_never_forgotten_for_an_answer_that_comes_at_the_same_time(pool: ThreadPoolExecutor) -> None:
    committer, done = Committer(flusher=AlwaysKept()), threading.Lock()
    first, second = buys("first", "second")
    with done:
        asked = Raced([first, second], START, True, 0.0, done)

        def fail() -> None:
            assert asked.looked.wait(10)
            committer._tell([(asked, [second])], (), OperationalError("gone"))
            asked.failed.set()

        failing = pool.submit(fail)
        committer._tell([(asked, [first])], [told(first)], None)
        failing.result()
        assert isinstance(asked.failure, OperationalError)
        done.acquire()


@pytest.mark.django_db(transaction=True)
def test_many_who_send_the_same_event_get_the_same_answer() -> None:
    bluebell = open_bluebell(STARS)
    committer, together = Committer(), threading.Barrier(EVERYBODY)

    def send(number: int) -> tuple[Answer, bool]:
        together.wait()
        answer = committer.decide(bluebell.pk, buys("b-1" if number % 4 else "b-2"), now=START)[0].answer
        return answer, connection.connection is None

    with ThreadPoolExecutor(EVERYBODY) as pool:
        answers = list(pool.map(send, range(EVERYBODY)))
    committer.stop()
    assert all(unconnected for _, unconnected in answers), "who waits has no connection"
    found = {(answer.external_id, answer.status, answer.position, tuple(answer.reasons)) for answer, _ in answers}
    assert len(found) == 2
    assert sum(not answer.repeated for answer, _ in answers) == 2
    assert Event.objects.filter(workspace=bluebell, source="till").count() == 2
    assert [row.available for row in balances(bluebell, "stars")] == [18]
    assert verify(bluebell) == []


@pytest.mark.inside
@pytest.mark.django_db(transaction=True)
def test_an_event_that_failed_around_the_commit_is_answered_when_it_is_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bluebell, committer = open_bluebell(STARS), Committer()
    decided = batch._in_transaction

    def lose(*arguments: object) -> None:
        decided(*arguments)  # type: ignore[arg-type]
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr(batch, "_in_transaction", lose)
    monkeypatch.setattr(retrying, "FIRST_WAIT_SECONDS", 0)
    with pytest.raises(NotAnswered):
        committer.decide(bluebell.pk, buys("b-1"), now=START)
    monkeypatch.setattr(batch, "_in_transaction", decided)
    again = committer.decide(bluebell.pk, buys("b-1"), now=START)[0].answer
    committer.stop()
    assert (again.status, again.repeated, again.position) == ("decided", True, 2)


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_stops_in_one_company_keeps_no_other_one_waiting(pool: ThreadPoolExecutor) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("a SQLite file has one writer, whoever it is")
    ours, theirs, committer = open_bluebell(STARS), open_bluebell(STARS, name="other"), Committer()
    with locked(connection, ours.pk):
        waits = pool.submit(committer.decide, ours.pk, buys("b-1"), now=START)
        until(lambda: bool(committer._busy_since))
        assert committer.decide(theirs.pk, buys("b-1"), now=START)[0].answer.status == "decided"
        assert not waits.done()
    assert waits.result()[0].answer.status == "decided"
    committer.stop()


@pytest.mark.django_db(transaction=True)
def test_nobody_is_answered_before_it_is_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite writes to the disk before a commit returns")
    bluebell, committer, waits = open_bluebell(STARS), Committer(), list[str]()
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        usual = cursor.fetchone()
    decide = committer._decide

    def look(*arguments: Any, **named: Any) -> Sequence[Told]:
        answers = decide(*arguments, **named)
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            waits.append(cursor.fetchone()[0])
        if len(waits) == 2:  # the server goes down after the commit, and nobody knows whether it reached the disk
            assert committer._flusher._witness is not None
            committer._flusher._witness.connection.close()
        return answers

    monkeypatch.setattr(committer, "_decide", look)
    assert committer.decide(bluebell.pk, buys("b-1"), now=START)[0].answer.status == "decided"
    with pytest.raises(NotAnswered):
        committer.decide(bluebell.pk, buys("b-2"), now=START)
    again = committer.decide(bluebell.pk, buys("b-2"), now=START)[0].answer
    committer.stop()
    assert (again.repeated, waits) == (True, ["off"] * 3)
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == usual  # other connections wait as this server has it


@pytest.mark.django_db(transaction=True)
def test_behind_a_pooler_commits_wait_for_the_disk_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("nothing is between us and a file")
    bluebell, committer, said_by = open_bluebell(STARS), Committer(), list[str]()
    decide = committer._decide

    def look(*arguments: Any, **named: Any) -> Sequence[Told]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'")
            said_by.append(cursor.fetchone()[0])
        return decide(*arguments, **named)

    monkeypatch.setattr(committer, "_decide", look)
    monkeypatch.setattr(flush, "_SESSION", "SELECT 0")
    assert committer.decide(bluebell.pk, buys("b-1"), now=START)[0].answer.status == "decided"
    assert committer._flusher._witness is None
    committer.stop()
    assert said_by != ["session"]
