"""How often codes may be guessed: counted for all processes together, by household, for a minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sayso.domains.sharing.clean import clean_tries
from sayso.domains.sharing.models import Try
from sayso.domains.sharing.tries import MOST, TooManyTries, Tries, names_tried, wrong_codes
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "203.0.113.5"


@pytest.fixture
def bluebell() -> Workspace:
    return open_bluebell(FRIENDS)


def test_every_process_counts_what_the_others_counted(bluebell: Workspace) -> None:
    for process in [Tries("code") for _ in range(MOST)]:
        process.check(bluebell, ADDRESS)
        process.note(bluebell, ADDRESS)
    with pytest.raises(TooManyTries) as waits:
        Tries("code").check(bluebell, ADDRESS)
    assert 0 < waits.value.seconds <= 60


def test_names_codes_and_workspaces_are_counted_apart(bluebell: Workspace) -> None:
    for _ in range(MOST):
        wrong_codes.note(bluebell, ADDRESS)
    names_tried.check(bluebell, ADDRESS)
    wrong_codes.check(open_bluebell(FRIENDS, name="other"), ADDRESS)
    wrong_codes.check(bluebell, "203.0.113.6")


def test_a_household_is_one_address_and_none_is_kept(bluebell: Workspace) -> None:
    for number in range(MOST):
        wrong_codes.note(bluebell, f"2001:db8::{number:x}")
    with pytest.raises(TooManyTries):
        wrong_codes.check(bluebell, "2001:db8::ffff")
    assert b"2001" not in b"".join(bytes(each.who) for each in Try.objects.all())


def test_after_a_minute_nothing_counts_and_nothing_is_kept(bluebell: Workspace) -> None:
    for _ in range(MOST):
        wrong_codes.note(bluebell, ADDRESS)
    clean_tries(datetime.now(UTC))
    assert Try.objects.count() == MOST
    Try.objects.update(made_at=datetime.now(UTC) - timedelta(seconds=61))
    wrong_codes.check(bluebell, ADDRESS)
    clean_tries(datetime.now(UTC))
    assert Try.objects.count() == 0
