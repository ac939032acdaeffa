"""Several workers deliver beside each other, and what is old is forgotten."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connections

from sayso.domains.connectors.webhooks import clean
from sayso.domains.connectors.webhooks.clean import clean_deliveries
from sayso.domains.connectors.webhooks.deliver import LINES, LINES_PER_ENDPOINT, Lines
from sayso.domains.connectors.webhooks.disable import disable_endpoint
from sayso.domains.connectors.webhooks.models import Delivery
from sayso.domains.jobs.relay import relay
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import decide
from tests.domains.connectors.receiver import answering, receiving
from tests.domains.connectors.webhooks.bluebell import (
    FRIENDS,
    deliver_all,
    delivered,
    endpoint_at,
    event,
    later,
    open_bluebell,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bluebell(settings: Any) -> Workspace:
    settings.ALLOWED_INTERNAL = [ip_network("127.0.0.0/8")]
    return open_bluebell(FRIENDS)


def many_have_joined(workspace: Workspace, count: int) -> None:
    decide(workspace, [event(f"m-{number}", "signup", f"Member {number}") for number in range(count)])
    relay(later())


def work(now: datetime) -> None:
    """Do the duty as a worker's thread does."""
    lines = Lines()
    try:
        while lines.deliver(now):
            pass
    finally:
        connections.close_all()


def test_workers_beside_each_other_deliver_each_thing_once(bluebell: Workspace) -> None:
    with receiving() as receiver:
        endpoint_at(bluebell, receiver.url, kinds=["member.joined"])
        many_have_joined(bluebell, 60)
        with ThreadPoolExecutor(3) as workers:
            list(workers.map(work, [later()] * 3))
        deliver_all()
    sent = Counter(each.headers["webhook-id"] for each in receiver.got)
    assert (len(sent), set(sent.values())) == (60, {1})
    assert {(each.state, each.attempts) for each in delivered()} == {("delivered", 1)}


def test_a_worker_opens_few_lines_to_one_endpoint(bluebell: Workspace) -> None:
    open_lines, most, lock = [0], [0], threading.Lock()

    def count(line: Any) -> None:
        with lock:
            open_lines[0] += 1
            most[0] = max(most[0], open_lines[0])
        threading.Event().wait(0.02)
        with lock:
            open_lines[0] -= 1
        answering(200)(line)

    with receiving(count) as receiver:
        endpoint_at(bluebell, receiver.url, kinds=["member.joined"])
        many_have_joined(bluebell, 20)
        deliver_all()
        assert len(receiver.got) == 20
    assert 1 < most[0] <= LINES_PER_ENDPOINT


def test_the_next_free_line_goes_to_who_has_the_fewest(bluebell: Workspace) -> None:
    """Slow receivers may fill all lines; whoever comes after them waits for one line, and not for their queues."""
    turns = threading.Semaphore(0)

    def take_long(line: Any) -> None:
        turns.acquire(timeout=30)
        answering(200)(line)

    with receiving(take_long) as slow, receiving() as quick:
        for number in range(LINES // LINES_PER_ENDPOINT):
            endpoint_at(bluebell, f"{slow.url}/{number}", kinds=["member.joined"])
        many_have_joined(bluebell, LINES_PER_ENDPOINT + 2)
        lines = Lines()
        while len(slow.got) < LINES:
            assert lines.deliver(later())
        endpoint_at(bluebell, quick.url, kinds=["member.joined"])
        decide(bluebell, [event(f"late-{number}", "signup", f"Late {number}") for number in range(3)])
        relay(later())
        turns.release()
        while len(quick.got) < 3:
            assert lines.deliver(later())
        assert len(slow.got) == LINES
        turns.release(1000)
        lines.finish()


def test_what_is_old_is_forgotten_unless_it_is_on_its_way(
    bluebell: Workspace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DELIVERIES_KEPT_DAYS = 30
    monkeypatch.setattr(clean, "PIECE", 3)
    with receiving(answering(200), answering(500)) as receiver:
        endpoint, _ = endpoint_at(bluebell, receiver.url, kinds=["member.joined"])
        many_have_joined(bluebell, 5)
        deliver_all()
        done = [each.state for each in delivered()].count("delivered")
        assert 0 < done < 5
        assert not clean_deliveries(later(days=29))
        assert Delivery.objects.count() == 5
        clean_deliveries(later(days=31))
        assert {each.state for each in delivered()} == {"pending"}
        disable_endpoint(workspace=bluebell, endpoint=endpoint.id, now=later())
        while clean_deliveries(later(days=31)):
            pass
    assert not Delivery.objects.exists()
