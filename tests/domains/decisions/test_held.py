"""Workspaces in another writer's hands: the events of other companies go on, and those that wait lose nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from sayso.core.engine.events import REWARD_DENIED, Arrival
from sayso.core.program.calendar import moment_of
from sayso.domains.decisions import batch, held
from sayso.domains.decisions.committer import Committer
from sayso.domains.decisions.effects import PartlyDecided, Told
from sayso.domains.decisions.held import PATIENCE_SECONDS, Held
from sayso.domains.events.models import Event
from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.head import HeadBusy
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import STARS, START, open_bluebell
from tests.domains.decisions.test_committer import AlwaysKept, buys, told, until
from tests.domains.rewards.gifts import GIFTS
from tests.domains.rewards.gifts import buys as earn_a_gift


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as threads:
        yield threads


@contextmanager
def in_other_hands(pool: ThreadPoolExecutor, take: Callable[[], object]) -> Iterator[None]:
    """Have a process that stands still hold what it took in its transaction."""
    taken, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            take()
            taken.set()
            let_go.wait(30)
        connection.close()

    holding = pool.submit(hold)
    try:
        assert taken.wait(10)
        yield
    finally:
        let_go.set()
        holding.result()


def seconds_for(committer: Committer, workspace: Workspace) -> float:
    """How long the slowest of a few events takes that come one after the other."""
    took = []
    for number in range(5):
        began = time.perf_counter()
        assert committer.decide(workspace.pk, buys(f"o-{number}"), now=START)[0].answer.status == "decided"
        took.append(time.perf_counter() - began)
    return max(took)


def test_those_that_are_held_are_tried_by_turns_with_a_rest_between(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(held, "perf_counter", lambda: now[0])
    turns = Held()
    assert (turns.turn_of([1, 2, 3]), turns.turn_of([])) == (1, None)
    turns.note(1)
    turns.note(2)
    assert turns.patience_with(1) < turns.patience_with(3) == PATIENCE_SECONDS
    assert (turns.turn_of([1, 2, 3]), turns.turn_of([1, 2])) == (3, None)
    assert turns.turn_of([1, 3], at_once=True) == 1
    now[0] += turns.rest_seconds()
    assert (turns.turn_of([3, 2, 1]), turns.turn_of([3])) == (2, 3)
    turns.note(2)
    assert turns.turn_of([1, 3]) == 3
    turns.let_go(1)
    assert (turns.turn_of([1, 3]), turns.patience_with(1)) == (1, PATIENCE_SECONDS)


@pytest.mark.django_db(transaction=True)
def test_what_was_decided_before_somebody_else_came_is_told_as_new(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell, committer, decide, calls = open_bluebell(STARS), Committer(), batch._in_transaction, list[object]()

    def second_is_busy(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) == 2:
            raise HeadBusy("somebody has it")
        decide(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "_in_transaction", second_is_busy)
    # What comes twice in one batch is decided in two transactions.
    answers = committer.decide(bluebell.pk, [*buys("b-1"), *buys("b-1"), *buys("b-2")], now=START)
    committer.stop()
    found = [(each.answer.external_id, each.answer.repeated, each.answer.decision is None) for each in answers]
    assert found == [("b-1", False, False), ("b-1", True, True), ("b-2", False, False)]
    assert Event.objects.filter(workspace=bluebell, source="till").count() == 2


def test_what_the_database_lost_meanwhile_is_told_as_it_was_decided_at_last() -> None:
    tries = list[Sequence[Arrival]]()

    def decide(workspace: int, arrivals: Sequence[Arrival], **_: object) -> list[Told]:
        tries.append(arrivals)
        answers = [told(each) for each in arrivals]
        if len(tries) == 1:
            raise PartlyDecided({0: answers[0]})
        answers[0].answer.position = 7
        return answers

    committer = Committer(decide, flusher=AlwaysKept())
    assert committer.decide(1, buys("b-1"), now=START)[0].answer.position == 7
    committer.stop()


@pytest.mark.django_db(transaction=True)
class TestOnPostgreSQL:
    """A SQLite file has one writer, whoever it is."""

    @pytest.fixture(autouse=True)
    def committer(self) -> Iterator[Committer]:
        if connection.vendor != "postgresql":
            pytest.skip("a SQLite file has one writer, whoever it is")
        committer = Committer()
        yield committer
        committer.stop()

    def test_several_that_are_held_cost_the_others_no_second_at_each_turn(
        self, committer: Committer, pool: ThreadPoolExecutor
    ) -> None:
        ours = [open_bluebell(STARS, name=f"held-{number}") for number in range(3)]
        theirs, numbers = open_bluebell(STARS, name="other"), [each.pk for each in ours]
        rows = Workspace.objects.select_for_update().filter(pk__in=numbers)
        with in_other_hands(pool, lambda: list(rows)):
            waits = [pool.submit(committer.decide, each, buys("b-1"), now=START) for each in numbers]
            until(lambda: len(committer._held._workspaces) == len(ours))
            assert seconds_for(committer, theirs) < PATIENCE_SECONDS
            assert not any(each.done() for each in waits)
        assert [each.result()[0].answer.status for each in waits] == ["decided"] * len(ours)

    def test_whatever_else_somebody_holds_in_a_company_is_waited_for_as_its_head_is(
        self, committer: Committer, pool: ThreadPoolExecutor
    ) -> None:
        ours, theirs = open_bluebell(GIFTS), open_bluebell(STARS, name="other")
        earn_a_gift(ours, "Ada")
        reward = Reward.objects.get(workspace=ours)
        props = {"reward": reward.id, "by": "Eva"}
        denial = Arrival("staff", "deny-1", REWARD_DENIED, "", moment_of(START), props=props)
        handed_over = Reward.objects.select_for_update().filter(workspace=ours)
        with in_other_hands(pool, lambda: list(handed_over)):
            waits = pool.submit(committer.decide, ours.pk, [denial], now=START)
            until(lambda: bool(committer._held._workspaces))
            assert seconds_for(committer, theirs) < PATIENCE_SECONDS
            assert not waits.done()
        assert waits.result()[0].answer.status == "decided"
        reward.refresh_from_db()
        assert reward.state == "denied"
