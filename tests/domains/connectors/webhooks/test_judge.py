"""When a delivery is tried again, and how long a receiver is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sayso.domains.connectors.webhooks.judge import DeliveryAttempt, asked_seconds, ends, spared_seconds, wait_seconds

NOW = datetime(2027, 1, 10, 12, tzinfo=UTC)
FAILED = DeliveryAttempt(500, "the receiver answered 500")


def test_attempts_stretch_over_days_and_end() -> None:
    waits = [wait_seconds(FAILED, attempts=attempt, now=NOW, chance=0.0) for attempt in range(1, 11)]
    assert waits == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400, None]


def test_chance_makes_a_wait_longer_never_shorter() -> None:
    assert wait_seconds(FAILED, attempts=2, now=NOW, chance=1.0) == 360


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("Sun, 10 Jan 2027 12:05:00 GMT", 300),
        ("Sun, 10 Jan 2027 11:00:00 GMT", 0),
        ("-5", 0),
        ("soon", 0),
        ("9" * 400, 86_400),
        ("٣", 3),
        ("Sun, 10 Jan 2027 12:05:00", 0),
        ("", 0),
    ],
)
def test_retry_after_is_understood_in_both_forms_and_bounded(text: str, seconds: float) -> None:
    assert asked_seconds(DeliveryAttempt(503, "busy", text), now=NOW) == seconds


def test_retry_after_means_nothing_on_other_answers() -> None:
    assert asked_seconds(DeliveryAttempt(500, "", "120"), now=NOW) == 0


def test_the_first_failures_spare_nobody_and_later_ones_up_to_an_hour() -> None:
    spared = [spared_seconds(FAILED, failures=number, now=NOW) for number in (1, 2, 3, 4, 5, 100)]
    assert spared == [0, 0, 5, 10, 20, 3600]


def test_an_endpoint_ends_by_410_or_after_five_days() -> None:
    assert "410" in ends(DeliveryAttempt(410, "the receiver answered 410"), failing_since=NOW, now=NOW)
    assert not ends(FAILED, failing_since=NOW - timedelta(days=4, hours=23), now=NOW)
    assert "2027-01-05T12:00:00Z" in ends(FAILED, failing_since=NOW - timedelta(days=5), now=NOW)
