"""A request that is carried out once: its answer is kept with it, and nothing is kept of one that failed."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from sayso.domains.workspaces.head import _held
from sayso.domains.workspaces.models import KeptAnswer, Workspace
from sayso.domains.workspaces.once import KEPT, KeyedRequest, RequestReused, once
from tests.domains.cast import START, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = KeyedRequest("k-1", "POST /keys", b"{}")


@pytest.fixture
def bluebell() -> Workspace:
    return open_bluebell()


def test_it_is_carried_out_once(bluebell: Workspace) -> None:
    done: list[int] = []

    def work() -> dict[str, object]:
        done.append(1)
        return {"id": len(done), "secret": "s"}

    answers = [once(workspace=bluebell, asked=ASKED, work=work, now=START) for _ in range(3)]
    assert answers == [{"id": 1, "secret": "s"}, {"id": 1, "secret": None}, {"id": 1, "secret": None}]
    once(workspace=bluebell, asked=KeyedRequest("", "POST /keys", b"{}"), work=work, now=START)
    once(workspace=bluebell, asked=KeyedRequest("k-1", "POST /hooks", b"{}"), work=work, now=START)
    assert len(done) == 3


def test_what_takes_no_turn_among_events_is_carried_out_once_without_their_lock(bluebell: Workspace) -> None:
    done: list[int] = []

    def work() -> dict[str, object]:
        done.append(_held.get())
        return {"id": len(done)}

    answers = [once(workspace=bluebell, asked=ASKED, work=work, now=START, beside_events=True) for _ in range(2)]
    assert (answers, done) == ([{"id": 1}] * 2, [0])


def test_who_asks_at_the_same_time_waits_for_the_answer(bluebell: Workspace) -> None:
    done, began = list[int](), threading.Event()

    def work() -> dict[str, object]:
        began.set()
        time.sleep(0.2)
        done.append(1)
        return {"id": len(done)}

    def ask(_: int) -> dict[str, object]:
        try:
            return once(workspace=bluebell, asked=ASKED, work=work, now=START, beside_events=True)
        finally:
            connection.close()

    if connection.vendor != "postgresql":
        pytest.skip("a SQLite file has one writer at a time, and this one is in memory")
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask, 0)
        assert began.wait(10)
        second = pool.submit(ask, 1)
        assert [first.result(), second.result()] == [{"id": 1}] * 2
    assert len(done) == 1


def test_another_request_under_the_key_is_refused(bluebell: Workspace) -> None:
    once(workspace=bluebell, asked=ASKED, work=dict, now=START)
    with pytest.raises(RequestReused):
        once(workspace=bluebell, asked=KeyedRequest("k-1", "POST /keys", b"[]"), work=dict, now=START)


def test_what_failed_may_be_tried_again(bluebell: Workspace) -> None:
    def work() -> dict[str, object]:
        Workspace.objects.filter(pk=bluebell.pk).update(timezone="UTC")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once(workspace=bluebell, asked=ASKED, work=work, now=START)
    bluebell.refresh_from_db()
    assert (bluebell.timezone, KeptAnswer.objects.count()) == ("Europe/Madrid", 0)
    assert once(workspace=bluebell, asked=ASKED, work=lambda: {"id": 1}, now=START) == {"id": 1}


def test_answers_are_forgotten_after_a_month(bluebell: Workspace) -> None:
    once(workspace=bluebell, asked=ASKED, work=dict, now=START)
    later = START + KEPT + timedelta(days=1)
    once(workspace=bluebell, asked=KeyedRequest("k-2", "POST /keys", b"{}"), work=dict, now=later)
    assert list(KeptAnswer.objects.values_list("key", flat=True)) == ["k-2"]
