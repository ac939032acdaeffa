"""The worker does every duty again and again, however often one fails, and says when each was last done."""

import signal
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from sayso.domains.jobs import worker
from sayso.domains.jobs.duties import Duty
from sayso.domains.jobs.heartbeats import note_done, seconds_since_done
from sayso.domains.jobs.worker import run_worker

pytestmark = pytest.mark.django_db(transaction=True)


class Work:
    """Counts how often it is done; fails the first so many times, and stops the worker after so many."""

    def __init__(self, *, fails: int, stops_after: int) -> None:
        self.done, self.fails, self.stops_after, self.stop = 0, fails, stops_after, threading.Event()

    def __call__(self, now: datetime) -> bool:
        self.done += 1
        if self.done >= self.stops_after:
            self.stop.set()
        if self.done <= self.fails:
            raise ConnectionError("not now")
        return True


def test_a_duty_that_failed_two_thousand_times_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LONGEST_REST_SECONDS", 0.0)
    work = Work(fails=2000, stops_after=2003)
    monkeypatch.setattr(worker._log, "exception", lambda *_, **__: None)
    run_worker(work.stop, duties=[Duty("relay", work, 0.5)])
    assert work.done == 2003


def test_the_rest_grows_and_has_an_end() -> None:
    assert [worker._rest_after(failures, 0.5) for failures in (0, 1, 3, 10_000)] == [0.5, 1.0, 4.0, 60.0]


def test_each_duty_that_is_done_is_noted_and_one_that_fails_is_not() -> None:
    work, broken = Work(fails=0, stops_after=3), Work(fails=9, stops_after=9)
    run_worker(work.stop, duties=[Duty("timers", work, 0), Duty("relay", broken, 60)])
    assert list(seconds_since_done(datetime.now(UTC))) == ["timers"]


def test_an_order_to_stop_is_heard_whichever_thread_the_kernel_gives_it_to() -> None:
    stop, asked = threading.Event(), list[float]()

    def work(now: datetime) -> bool:
        if not asked:
            time.sleep(0.2)  # the main thread waits for the duties to end
            asked.append(time.monotonic())
            signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
        return False

    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    late = threading.Timer(10, stop.set)
    late.start()
    try:
        run_worker(stop, duties=[Duty("relay", work, 60)])
    finally:
        late.cancel()
        signal.signal(signal.SIGTERM, before)
    assert time.monotonic() - asked[0] < 5


def test_how_long_ago_a_duty_was_done_is_told() -> None:
    now = datetime.now(UTC)
    note_done("relay", now - timedelta(minutes=5))
    note_done("relay", now - timedelta(minutes=3))
    assert seconds_since_done(now) == {"relay": 180.0}


def test_what_a_duty_left_open_is_ended_once_when_the_worker_stops() -> None:
    work, ended = Work(fails=0, stops_after=2), list[int]()
    run_worker(work.stop, duties=[Duty("webhooks", work, 0, finish=lambda: ended.append(work.done))])
    assert ended == [2]
