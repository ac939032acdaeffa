"""Many receivers are asked beside each other: who is slow, or says nothing, holds up their own orders alone."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_network
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError

from sayso.domains.connectors.http.message import Outgoing, Reply
from sayso.domains.connectors.http.send import send as send_really
from sayso.domains.decisions.verify import verify
from sayso.domains.rewards.fulfilment import elsewhere
from sayso.domains.rewards.fulfilment.elsewhere import LINES_PER_RECEIVER, LONGEST_SPARED, Lines
from sayso.domains.rewards.models import Order, Provider, Reward, Way
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import open_bluebell
from tests.domains.connectors.fulfilment.supplier import supplying
from tests.domains.rewards.gifts import GIFTS, NOW, buys, provide, the_order, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def loopback_allowed(settings: Any) -> None:
    settings.ALLOWED_INTERNAL = [ip_network("127.0.0.0/8")]


@contextmanager
def working() -> Iterator[Lines]:
    """The lines of a worker, which bring in what is left when it stops."""
    lines = Lines()
    try:
        yield lines
    finally:
        lines.finish()


def until(lines: Lines, done: Callable[[], bool], *, later: timedelta = timedelta()) -> None:
    """Work until something is so."""
    for _ in range(200):
        if done():
            return
        lines.hand_over(NOW + later)
    raise AssertionError("it never came")


def company(name: str, url: str, *members: str) -> Workspace:
    """A company whose members earn gift cards, which its receiver is asked for."""
    workspace = open_bluebell(GIFTS, name=name)
    provide(workspace, "gift_card", "webhook", url=url)
    buys(workspace, *members)
    return workspace


def issued(workspace: Workspace) -> int:
    return Reward.objects.filter(workspace=workspace, state="issued").count()


def test_a_slow_receiver_does_not_hold_up_another_company(monkeypatch: pytest.MonkeyPatch) -> None:
    others_are_done = threading.Event()
    with supplying() as slow, supplying() as quick:

        def sent(outgoing: Outgoing) -> Reply:
            if outgoing.url == slow.url:
                assert others_are_done.wait(20)
            return send_really(outgoing)

        monkeypatch.setattr("sayso.domains.connectors.fulfilment.by_webhook.send", sent)
        bluebell = company("bluebell", slow.url, "Ada", "Ben")
        other = company("other", quick.url, "Chloé", "Dario", "Eva")
        work()
        with working() as lines:
            until(lines, lambda: issued(other) == 3)
            assert issued(bluebell) == 0
            others_are_done.set()
            until(lines, lambda: issued(bluebell) == 2)
    assert verify(bluebell) == verify(other) == []


def test_who_answers_is_asked_several_things_at_once_and_who_does_not_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, most, lock, several = [0], [0], threading.Lock(), threading.Event()

    def counted(outgoing: Outgoing) -> Reply:
        with lock:
            asked[0] += 1
            most[0] = max(most[0], asked[0])
        several.wait(0.05)
        with lock:
            asked[0] -= 1
        return send_really(outgoing)

    monkeypatch.setattr("sayso.domains.connectors.fulfilment.by_webhook.send", counted)
    with supplying(*[503] * 2) as supplier:
        bluebell = company("bluebell", supplier.url, *(f"m-{number}" for number in range(5)))
        work()
        with working() as lines:
            while lines.hand_over(NOW):
                pass
            assert supplier.kinds() == ["order"]  # it is left alone
            until(lines, lambda: len(supplier.asked) == 2, later=timedelta(seconds=20))
            assert most[0] == 1
            until(lines, lambda: issued(bluebell) == 5, later=timedelta(minutes=2))
    assert 1 < most[0] <= LINES_PER_RECEIVER


def test_a_receiver_that_was_silent_for_long_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with supplying(*[400] * 20) as supplier:
        bluebell = company("bluebell", supplier.url, "Ada", "Ben", "Dario", "Eva")
        work()
        with working() as lines:
            for minutes in range(20):
                while lines.hand_over(NOW + minutes * LONGEST_SPARED):
                    pass
            assert 5 < len(supplier.asked) <= 20
            supplier.moods.clear()
            until(lines, lambda: issued(bluebell) == 4, later=timedelta(hours=2))


def test_outcomes_enter_the_log_while_their_receiver_is_silent() -> None:
    """What a worker settled before it died waits for nobody."""
    with supplying(400) as supplier:
        bluebell = company("bluebell", supplier.url, "Ada", "Ben")
        work()
        with working() as lines:
            while lines.hand_over(NOW):
                pass
            Order.objects.filter(attempts=0).update(state="delivered", code="CARD-9", settled_at=NOW)
            lines.hand_over(NOW)
            assert issued(bluebell) == 1
    assert supplier.kinds() == ["order"]


def test_an_answer_that_could_not_be_written_down_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is away while a line ends costs no second order."""
    with supplying() as supplier:
        bluebell = company("bluebell", supplier.url, "Ada")
        work()
        with working() as lines:
            with monkeypatch.context() as away:
                away.setattr("sayso.domains.rewards.fulfilment.course.note", Mock(side_effect=OperationalError("away")))
                with pytest.raises(OperationalError):
                    lines.hand_over(NOW)
            assert the_order(bluebell).state == "asking"
            until(lines, lambda: issued(bluebell) == 1, later=timedelta(minutes=5))
    assert supplier.kinds() == ["order", "status"]


def test_a_worker_that_stops_brings_in_what_it_began() -> None:
    with supplying() as supplier:
        bluebell = company("bluebell", supplier.url, "Ada", "Ben")
        work()
        lines = Lines()
        lines._take_up(NOW)
        lines.finish()
    assert (supplier.kinds(), issued(bluebell)) == (["order"], 1)


def test_what_goes_another_way_since_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elsewhere, "LINES", 2)
    with supplying() as supplier:
        bluebell = company("bluebell", supplier.url, *(f"m-{number}" for number in range(5)))
        work()
        Provider.objects.update(way=Way.GENERATED, settings={"prefix": "BLUE"})
        with working() as lines:
            while lines.hand_over(NOW):
                pass
        work()
    assert (supplier.asked, issued(bluebell)) == ([], 5)
