"""What falls due happens once: with the member's own event, or by the sweep for the idle, or when a clock is moved."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError

from sayso.core.engine import budgets, due, points
from sayso.core.engine.facts import NotLoaded
from sayso.domains.decisions import sweep as sweeping
from sayso.domains.decisions.clock import BackInTime, NotATest, TooFarAhead, move_clock
from sayso.domains.decisions.models import Timer
from sayso.domains.decisions.set_aside import list_set_aside
from sayso.domains.decisions.store import DatabaseStore, Decisions
from sayso.domains.decisions.sweep import sweep
from sayso.domains.decisions.verify import verify
from sayso.domains.events.models import Event
from sayso.domains.ledger.queries import balances
from sayso.domains.programs import rulebook
from sayso.domains.programs.models import Version
from sayso.domains.rewards.models import Reward
from tests.domains.cast import FRIENDS, STARS, START, ada_recommends_ben, contents, decide, event, open_bluebell

pytestmark = pytest.mark.django_db


def state_of_thanks() -> str:
    return str(Reward.objects.get(clause="thanks").state)


def test_a_hold_ends_when_the_clock_is_moved() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, ada_recommends_ben())
    move_clock(workspace=bluebell, to=START + timedelta(days=13), now=START)
    assert state_of_thanks() == "held"
    move_clock(workspace=bluebell, to=START + timedelta(days=15), now=START)
    assert state_of_thanks() == "issued"
    assert [row.available for row in balances(bluebell, "EUR")] == [2000, 0]
    timers = Event.objects.filter(type="timer", workspace=bluebell).order_by("position")
    assert [timer.props["kind"] for timer in timers] == ["budget_refill", "reward_hold"]
    assert verify(bluebell) == []


def test_a_hold_ends_before_the_members_next_event() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, ada_recommends_ben())
    decide(bluebell, [event("a-9", "purchase", "Ada", amount_minor=100, after=timedelta(days=20))])
    assert state_of_thanks() == "issued"
    timer, purchase = Event.objects.filter(workspace=bluebell).order_by("position")[6:]
    assert (timer.type, purchase.type) == ("timer", "purchase")
    assert timer.occurred_at is not None
    assert purchase.occurred_at is not None
    assert timer.occurred_at < purchase.occurred_at


def test_a_live_workspace_is_swept_by_the_time() -> None:
    bluebell = open_bluebell(STARS, is_test=False)
    decide(bluebell, [event("b-1", "purchase", "Ben", amount_minor=900)])
    assert sweep(bluebell.pk, now=START + timedelta(days=30)).fired == 0
    assert sweep(bluebell.pk, now=START + timedelta(days=300)).fired == 1
    assert [row.available for row in balances(bluebell, "stars")] == [0]
    assert not Timer.objects.exists()
    assert verify(bluebell) == []


def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "CHUNK", 2)
    bluebell = open_bluebell(STARS)
    decide(bluebell, [event(f"b-{number}", "purchase", f"m-{number}", amount_minor=900) for number in range(7)])
    swept = move_clock(workspace=bluebell, to=START + timedelta(days=300), now=START)
    assert (swept.fired, swept.failed) == (7, 0)
    assert {row.available for row in balances(bluebell, "stars")} == {0}
    assert verify(bluebell) == []


def test_a_clock_moves_forward_only_and_a_live_one_not_at_all() -> None:
    bluebell = open_bluebell(STARS)
    move_clock(workspace=bluebell, to=START + timedelta(days=1), now=START)
    with pytest.raises(BackInTime):
        move_clock(workspace=bluebell, to=START, now=START)
    with pytest.raises(NotATest):
        move_clock(workspace=open_bluebell(name="live", is_test=False), to=START, now=START)


def test_more_rewards_than_one_event_serves_are_served_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "SERVED_AT_ONCE", 3)
    thanks = "{answered: {to: member, on: survey_answered, give: {credit: 10 EUR}}}"
    bluebell = open_bluebell(
        "sayso: 1\nprogram: voice\ntitle: Voice\ncurrency: EUR\n"
        f"budget: {{amount: 100 EUR, per: month}}\nrewards: {thanks}\n"
    )
    decide(bluebell, [event(f"s-{number}", "survey_answered", f"m{number}") for number in range(25)])
    assert Reward.objects.filter(workspace=bluebell, state="waiting").count() == 15
    move_clock(workspace=bluebell, to=START + timedelta(days=31), now=START)
    assert Reward.objects.filter(workspace=bluebell, state="waiting").count() == 5
    assert Event.objects.filter(workspace=bluebell, type="timer").count() == 2 + 3  # two refills; ten in threes
    assert verify(bluebell) == []


def test_an_event_moves_the_clock_of_a_test_workspace_a_hundred_years_at_most() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, ada_recommends_ben())
    far = event("x-1", "signup", "Eva", after=timedelta(days=365_250))
    near = event("b-3", "purchase", "Ben", after=timedelta(days=1), amount_minor=500)
    answers = decide(bluebell, [far, near])
    assert [(answer.status, answer.problem) for answer in answers] == [
        ("set_aside", "lies more than 100 years ahead of the clock"),
        ("decided", ""),
    ]
    bluebell.refresh_from_db()
    assert bluebell.clock == START + timedelta(days=1)
    with pytest.raises(TooFarAhead, match="at most 100 years"):
        move_clock(workspace=bluebell, to=START + timedelta(days=365_250), now=START)
    assert Event.objects.filter(type="timer").count() == 1  # the first period of the budget


def test_batches_stay_small_however_much_falls_due_and_come_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    weekly, found = FRIENDS.replace("per: quarter, when_spent", "per: week, when_spent"), []
    after_nine_years = event("b-9", "purchase", "Ben", after=timedelta(days=9 * 365), amount_minor=2500)
    for most in (1000, 50):
        monkeypatch.setattr(due, "MOST_TIMERS", most)
        bluebell = open_bluebell(weekly, name=f"bluebell-{most}")
        answers = decide(bluebell, [*ada_recommends_ben(), after_nine_years])
        assert {answer.status for answer in answers} == {"decided"}
        assert verify(bluebell) == []
        found.append(contents(bluebell))
    assert found[0] == found[1]


@pytest.mark.inside
def test_a_timer_that_asks_for_what_is_never_loaded_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell = open_bluebell(STARS)
    decide(bluebell, [event(f"b-{name}", "purchase", name, amount_minor=900) for name in ("Ben", "Eva")])
    expire = points.expire

    def ask(draft: Any, member: int, unit: str) -> None:
        if member == first:
            raise NotLoaded("codes", "ADA")
        expire(draft, member, unit)

    first = Timer.objects.order_by("due_at", "id")[1].subject
    monkeypatch.setattr(points, "expire", ask)
    swept = move_clock(workspace=bluebell, to=START + timedelta(days=300), now=START)
    assert (swept.fired, swept.failed, swept.done) == (2, 1, True)
    assert ["codes" in each.failure for each in list_set_aside(bluebell)] == [True]
    assert not Timer.objects.exists()


def test_the_worker_goes_by_the_clock_of_each_workspace() -> None:
    bluebell, live = open_bluebell(STARS), open_bluebell(STARS, name="live", is_test=False)
    for each in (bluebell, live):
        decide(each, [event("b-1", "purchase", "Ben", amount_minor=900)])
    decide(bluebell, [event("e-1", "purchase", "Eva", amount_minor=900, after=timedelta(days=300))])
    long_before = START - timedelta(days=365)
    while sweeping.sweep_all(long_before):
        pass
    assert [row.available for row in balances(bluebell, "stars")] == [0, 9]
    assert [row.available for row in balances(live, "stars")] == [9]
    sweeping.sweep_all(START + timedelta(days=300))
    assert [row.available for row in balances(live, "stars")] == [0]


def test_a_workspace_that_cannot_be_decided_keeps_no_other_one_waiting() -> None:
    broken, live = (open_bluebell(STARS, name=name, is_test=False) for name in ("broken", "live"))
    for each in (broken, live):
        decide(each, [event("b-1", "purchase", "Ben", amount_minor=900)])
    Version.objects.filter(workspace=broken).update(text="sayso: 1\n")
    rulebook._cached.cache_clear()
    sweeping.sweep_all(START + timedelta(days=300))
    assert not sweeping.sweep_all(START + timedelta(days=300))
    assert [row.available for row in balances(live, "stars")] == [0]
    assert [row.available for row in balances(broken, "stars")] == [9]


@pytest.mark.inside
def test_a_timer_whose_outcome_cannot_be_kept_is_set_aside_and_the_others_fire(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell = open_bluebell(STARS, is_test=False)
    decide(bluebell, [event(f"b-{number}", "purchase", f"m-{number}", amount_minor=900) for number in range(7)])
    spoiled, keep = Timer.objects.order_by("due_at", "id")[3].subject, DatabaseStore.write

    def kept(store: DatabaseStore, decisions: Decisions) -> None:
        if any(each.decision and each.event.member == spoiled for each in decisions.decided):
            raise DataError("bigint out of range")
        keep(store, decisions)

    monkeypatch.setattr(DatabaseStore, "write", kept)
    later = START + timedelta(days=300)
    while sweeping.sweep_all(later):
        pass
    assert ["bigint" in each.failure for each in list_set_aside(bluebell)] == [True]
    assert sorted(row.available for row in balances(bluebell, "stars")) == [0] * 6 + [9]
    assert not Timer.objects.exists()
    assert verify(bluebell) == []


@pytest.mark.inside
def test_two_workers_that_fail_on_one_timer_set_no_other_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell = open_bluebell(STARS, is_test=False)
    decide(bluebell, [event(f"b-{number}", "purchase", f"m-{number}", amount_minor=900) for number in range(3)])
    spoiled, keep = Timer.objects.order_by("due_at", "id")[0].subject, DatabaseStore.write
    set_aside = sweeping._set_aside

    def kept(store: DatabaseStore, decisions: Decisions) -> None:
        if any(each.decision and each.event.member == spoiled for each in decisions.decided):
            raise DataError("bigint out of range")
        keep(store, decisions)

    def twice(*arguments: Any) -> None:
        set_aside(*arguments)
        set_aside(*arguments)

    monkeypatch.setattr(DatabaseStore, "write", kept)
    monkeypatch.setattr(sweeping, "_set_aside", twice)
    while sweeping.sweep_all(START + timedelta(days=300)):
        pass
    assert [each.props["subject"] for each in list_set_aside(bluebell)] == [spoiled]
    assert sorted(row.available for row in balances(bluebell, "stars")) == [0, 0, 9]
    assert verify(bluebell) == []
