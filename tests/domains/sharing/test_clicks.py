"""Clicks in the buffer: written together and soon, whatever fails, and deleted when they are old."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings
from structlog.testing import capture_logs

from sayso.domains.sharing.clean import clean_clicks
from sayso.domains.sharing.clicks import Clicks, LinkVisit, is_robot
from sayso.domains.sharing.destinations import Destination, Place
from sayso.domains.sharing.models import Click
from sayso.domains.sharing.write_clicks import Row, first_number
from tests.domains.cast import open_bluebell

PAGE = Place("/p/friends", "", (), "t", "", grows=False, plain="/p/friends?t=")
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
NOW = datetime(2027, 1, 10, 12, tzinfo=UTC)


def destination(workspace: int = 1) -> Destination:
    return Destination(workspace, 7, "ada-10", "friends", "qr", 1, None, PAGE, (None, None))


def visits(count: int, to: Destination) -> list[LinkVisit]:
    return [LinkVisit(to, NOW.timestamp(), BROWSER, f"198.51.{each // 250}.{each % 250}") for each in range(count)]


def test_those_that_come_together_are_written_together() -> None:
    found: list[int] = []
    buffer = Clicks(lambda rows: found.append(len(rows)), seconds=0.05)

    def count(part: list[LinkVisit]) -> None:
        for each in part:
            buffer.count(each)

    parts = [visits(1000, destination())[start::4] for start in range(4)]
    threads = [threading.Thread(target=count, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    buffer.stop()
    assert sum(found) == 1000
    assert len(found) <= 5


def test_a_click_waits_for_a_moment_only() -> None:
    written = threading.Event()
    buffer = Clicks(lambda rows: written.set())
    began = time.monotonic()
    buffer.count(visits(1, destination())[0])
    assert time.monotonic() - began < 0.1
    assert written.wait(5)
    buffer.stop()


def test_clicks_that_cannot_be_written_keep_nobody_waiting() -> None:
    kept: list[int] = []

    def write(rows: Sequence[Row]) -> None:
        if not kept:
            kept.append(0)
            raise OSError("the disk is full")
        kept.append(len(rows))

    buffer = Clicks(write, seconds=0.01)
    first, *others = visits(5, destination())
    buffer.count(first)
    while not kept:
        time.sleep(0.01)
    for each in others:
        buffer.count(each)
    buffer.stop()
    assert sum(kept) == 4


def test_the_buffer_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sayso.domains.sharing.clicks.MOST_WAITING", 10)
    found: list[int] = []
    buffer = Clicks(lambda rows: found.append(len(rows)), seconds=60)
    with capture_logs() as said:
        for each in visits(100, destination()):
            buffer.count(each)
        buffer.stop()
    assert found == [10]
    assert [(line["log_level"], line["count"]) for line in said] == [("error", 90)]


def test_people_are_told_from_robots() -> None:
    assert not is_robot(BROWSER)
    assert is_robot("")
    assert is_robot("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)")


@pytest.mark.django_db(transaction=True)
def test_clicks_are_kept_for_thirteen_months_unless_said() -> None:
    workspace = open_bluebell()
    for days in (1, 300, 396, 397, 500):
        at = NOW - timedelta(days=days, minutes=1)
        Click.objects.create(
            number=first_number(at), workspace=workspace, link=days, program="friends", channel="qr", version=1,
            clicked_at=at,
        )  # fmt: skip
    assert not clean_clicks(NOW)
    assert list(Click.objects.order_by("-number").values_list("link", flat=True)) == [1, 300]
    with override_settings(CLICKS_KEPT_DAYS=30):
        clean_clicks(NOW)
    assert list(Click.objects.values_list("link", flat=True)) == [1]


@pytest.mark.django_db(transaction=True)
def test_no_two_clicks_of_one_moment_are_lost() -> None:
    workspace = open_bluebell()
    buffer = Clicks()
    for each in visits(300, destination(workspace.pk)):
        buffer.count(each)
    buffer.stop()
    assert Click.objects.filter(workspace=workspace, link=7).count() == 300
