"""Batches of which each is decided while the one before is written come out as if each had been decided in its turn."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from django.db import connection

from sayso.core.engine.events import Arrival
from sayso.domains.decisions import ahead
from sayso.domains.decisions.ahead import decide_each
from sayso.domains.decisions.batch import Waiting
from sayso.domains.decisions.verify import verify
from sayso.domains.events.answer import Answer
from sayso.domains.ledger.queries import balances
from sayso.domains.workspaces.head import locked
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, STARS, START, a_busy_day, contents, decide, event, open_bluebell

# The writer has a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)
BESIDE = connection.vendor == "postgresql"


@pytest.fixture
def in_turn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many events each batch had that was decided in its turn after all."""
    sizes: list[int] = []
    decided = ahead._Ahead.in_turn

    def noted(self: ahead._Ahead, waiting: Sequence[Waiting]) -> Sequence[Answer]:
        sizes.append(len(waiting))
        return decided(self, waiting)

    monkeypatch.setattr(ahead._Ahead, "in_turn", noted)
    return sizes


def parts(arrivals: Sequence[Arrival], size: int, *, between: Callable[[int], object] = int) -> Iterator[list[Arrival]]:
    for first in range(0, len(arrivals), size):
        between(first)
        yield list(arrivals[first : first + size])


def decide_all(workspace: Workspace, batches: Iterator[list[Arrival]]) -> list[Answer]:
    return [answer for answers in decide_each(workspace.pk, batches, now=START) for answer in answers]


@pytest.mark.parametrize("size", [1000, 40, 1])
def test_the_size_of_a_batch_never_matters(in_turn: list[int], size: int) -> None:
    arrivals = a_busy_day(400 if size > 1 else 60)
    one, other = open_bluebell(FRIENDS, name="in-turn"), open_bluebell(FRIENDS, name="ahead")
    expected = decide(one, arrivals)
    answers = decide_all(other, parts(arrivals, size))
    assert [(a.status, a.position, a.reasons, a.problem) for a in answers] == [
        (a.status, a.position, a.reasons, a.problem) for a in expected
    ]
    assert contents(other) == contents(one)
    assert verify(other) == []
    assert in_turn == [] or not BESIDE


def test_what_came_before_is_told_as_a_repeat() -> None:
    bluebell, arrivals = open_bluebell(FRIENDS), a_busy_day(60)
    first = decide_all(bluebell, parts(arrivals, 20))
    again = decide_all(bluebell, parts([*arrivals[30:], *arrivals], 20))
    assert all(answer.repeated for answer in again)
    assert [answer.position for answer in again[-len(first) :]] == [answer.position for answer in first]
    twice = event("b-1", "purchase", "Ben", amount_minor=2500)
    found = decide_all(bluebell, iter([[twice], [twice], [twice, twice]]))
    assert [answer.repeated for answer in found] == [False, True, True, True]
    assert verify(bluebell) == []


def test_a_file_that_was_taken_is_answered_without_a_turn_of_its_own(in_turn: list[int]) -> None:
    bluebell, arrivals = open_bluebell(STARS), a_busy_day(40)
    spent = event("spent-1", "points_spent", "Ada", props={"points": 1})
    first, before = decide_all(bluebell, parts([*arrivals, spent], 10)), contents(bluebell)
    in_turn.clear()
    again = decide_all(bluebell, parts([*arrivals, spent, event("spent-1", "refund", "Ada")], 10))
    assert (again[-2].repeated, again.pop().status) == (True, "refused")
    assert [answer.position for answer in again] == [answer.position for answer in first]
    assert all(answer.repeated or answer.status == "refused" for answer in again)
    assert contents(bluebell) == before
    assert in_turn == [] or not BESIDE


@pytest.mark.inside
def test_who_comes_between_is_seen_and_loses_nothing(in_turn: list[int]) -> None:
    bluebell, arrivals = open_bluebell(FRIENDS), a_busy_day(200)

    def live(at: int) -> None:
        if at in (60, 120):
            decide(bluebell, [event(f"live-{at}", "purchase", "Ada", amount_minor=5000)])

    answers = decide_all(bluebell, parts(arrivals, 20, between=live))
    assert {answer.status for answer in answers} == {"decided"}
    assert len({answer.position for answer in answers}) == len(arrivals)
    assert verify(bluebell) == []
    assert 2 <= len(in_turn) <= 6 or not BESIDE


@pytest.mark.inside
def test_facts_are_not_kept_past_somebody_who_held_the_lock_and_decided_nothing(in_turn: list[int]) -> None:
    bluebell, arrivals = (
        open_bluebell(STARS),
        [event(f"b-{at}", "purchase", "Ben", amount_minor=100) for at in range(6)],
    )

    def wipe(at: int) -> None:
        if at == 4:
            with locked(connection, bluebell.pk):
                pass

    decide_all(bluebell, parts(arrivals, 2, between=wipe))
    assert [row.available for row in balances(bluebell, "stars")] == [6]
    assert in_turn or not BESIDE


def test_what_cannot_be_stored_is_found_and_the_others_go_on() -> None:
    bluebell = open_bluebell(STARS)
    arrivals = [event(f"b-{number}", "purchase", "Ben", amount_minor=100) for number in range(12)]
    arrivals[5] = event("b-5", "purchase", "Ben", amount_minor=2**70)
    arrivals[8] = event("b-8", "points_moved_in", "Eva")
    answers = decide_all(bluebell, parts(arrivals, 3))
    expected = ["decided"] * 12
    expected[5], expected[8] = "refused", "set_aside"
    assert [answer.status for answer in answers] == expected
    assert [row.available for row in balances(bluebell, "stars")] == [10]
    assert verify(bluebell) == []


def test_a_late_event_that_reaches_further_back_is_decided_on_all_that_counts() -> None:
    one, other = open_bluebell(FRIENDS, name="in-turn"), open_bluebell(FRIENDS, name="ahead")
    days = [200, 201, 20, 202, 21, 400, 100]
    arrivals = [
        event(f"b-{day}-{who}", "purchase", who, amount_minor=3000, after=timedelta(days=day))
        for day in days
        for who in ("Ada", "Ben", "Eva")
    ]
    decide(one, arrivals)
    decide_all(other, parts(arrivals, 3))
    assert contents(other) == contents(one)
    assert verify(other) == []
