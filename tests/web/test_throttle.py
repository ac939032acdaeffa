"""How strangers are counted: by their household, and never more at once than the limit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.test import override_settings

from sayso.web.callers import client_address
from sayso.web.throttle import Throttle

ADA, BEN = "192.0.2.1", "192.0.2.2"


def test_tries_are_forgotten_in_time_and_counted_by_address() -> None:
    throttle = Throttle(((60.0, 2), (3600.0, 3)))
    assert [throttle.take(ADA, now=second) for second in (0.0, 1.0, 10.0)] == [0, 0, 50]
    assert throttle.take(BEN, now=10.0) == 0
    assert throttle.take(ADA, now=61.0) == 0
    assert throttle.take(ADA, now=200.0) == 3400


def test_of_many_at_once_no_more_than_the_limit_pass() -> None:
    throttle = Throttle(((60.0, 5),))
    with ThreadPoolExecutor(64) as pool:
        waits = list(pool.map(throttle.take, [ADA] * 640))
    assert waits.count(0) == 5


def test_a_try_that_was_right_is_given_back() -> None:
    throttle = Throttle(((60.0, 1),))
    for second in (0.0, 1.0, 2.0):
        assert throttle.take(ADA, now=second) == 0
        throttle.give_back(ADA)
    throttle.give_back(BEN)
    assert throttle.take(BEN, now=2.0) == 0


def test_one_address_is_forgotten_for_another_when_there_are_too_many() -> None:
    throttle = Throttle(((60.0, 1),), most=1)
    assert [throttle.take(who, now=0.0) for who in (ADA, BEN, BEN, ADA)] == [0, 0, 60, 0]


def test_all_addresses_of_a_household_are_one() -> None:
    homes = {client_address({"REMOTE_ADDR": f"2001:db8:1:2::{number:x}"}) for number in range(1, 20)}
    assert homes == {"2001:db8:1:2::/64"}
    assert client_address({"REMOTE_ADDR": "2001:db8:1:3::1"}) not in homes
    assert client_address({"REMOTE_ADDR": "::ffff:192.0.2.1"}) == client_address({"REMOTE_ADDR": ADA}) == ADA
    with override_settings(BEHIND_PROXY=True):
        assert client_address({"HTTP_X_FORWARDED_FOR": "spoofed, 2001:db8:1:2::9", "REMOTE_ADDR": ADA}) in homes
    assert client_address({}) == ""
