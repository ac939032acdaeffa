"""Where the engine fails on event after event, deciding pauses: nothing is lost, and the order is kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from sayso.core.engine import rewards, run
from sayso.core.engine.decide import decide as decide_one
from sayso.core.engine.decision import Decision
from sayso.core.engine.events import Event as Happened
from sayso.core.engine.facts import Facts, NotLoaded
from sayso.core.engine.rulebook import Rulebook
from sayso.domains.decisions.pausing import FAILURE, IN_A_ROW
from sayso.domains.decisions.set_aside import deciding_is_paused, list_set_aside, replay_set_aside
from sayso.domains.decisions.sweep import sweep
from sayso.domains.decisions.verify import verify
from sayso.domains.events.models import Event
from sayso.domains.ledger.queries import balances
from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, STARS, START, ada_recommends_ben, decide, event, open_bluebell, publish

pytestmark = pytest.mark.django_db

Fails = Callable[[Happened], bool]


@contextmanager
def broken(
    fails: Fails = lambda happened: happened.type == "purchase", error: Exception | None = None
) -> Iterator[None]:
    """The engine stumbles over some events."""
    whole = decide_one

    def decide_or_stumble(rulebook: Rulebook, facts: Facts, happened: Happened) -> Decision:
        if fails(happened):
            raise error or ZeroDivisionError("a defect")
        return whole(rulebook, facts, happened)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "decide", decide_or_stumble)
        yield


def buys(workspace: Workspace, first: int, count: int, *, members: int = 100, size: int = 7) -> list[str]:
    """So many purchases, the numbers from `first` on, of 1 EUR each; what became of them."""
    arrivals = [
        event(f"b-{each}", "purchase", f"m-{each % members}", amount_minor=100) for each in range(first, first + count)
    ]
    return [each.status for each in decide(workspace, arrivals, size=size)]


@pytest.mark.inside
def test_after_many_defects_in_a_row_events_are_kept_undecided_and_decided_in_their_order_later() -> None:
    bluebell = open_bluebell(STARS)
    with broken():
        assert buys(bluebell, 0, IN_A_ROW) == ["set_aside"] * IN_A_ROW
        assert deciding_is_paused(bluebell)
    # The defect is gone, and nothing overtakes what came before.
    assert buys(bluebell, IN_A_ROW, 3) == ["set_aside"] * 3
    assert [each.failure for each in list_set_aside(bluebell)][-3:] == [FAILURE] * 3
    assert decide(bluebell, [event("b-21", "purchase", "m-21", amount_minor=100)])[0].repeated
    answers = replay_set_aside(workspace=bluebell, now=START)
    assert [(each.external_id, each.status) for each in answers] == [(f"b-{each}", "decided") for each in range(23)]
    assert not deciding_is_paused(bluebell)
    assert buys(bluebell, 23, 1) == ["decided"]
    stored = Event.objects.filter(source="till").order_by("position").values_list("external_id", flat=True)
    assert list(stored) == [f"b-{each}" for each in range(24)]
    assert sum(row.available for row in balances(bluebell, "stars")) == 24
    assert verify(bluebell) == []


@pytest.mark.inside
def test_what_is_never_loaded_is_a_defect_too() -> None:
    bluebell = open_bluebell(STARS)
    with broken(error=NotLoaded("codes", "ADA")):
        assert buys(bluebell, 0, IN_A_ROW) == ["set_aside"] * IN_A_ROW
    assert deciding_is_paused(bluebell)


@pytest.mark.inside
def test_while_the_cause_is_there_deciding_stays_paused() -> None:
    bluebell = open_bluebell(STARS)
    with broken():
        buys(bluebell, 0, IN_A_ROW)
        assert {each.status for each in replay_set_aside(workspace=bluebell, now=START)} == {"set_aside"}
        assert deciding_is_paused(bluebell)
    first = list_set_aside(bluebell)[0].position
    assert replay_set_aside(workspace=bluebell, now=START, positions=[first])[0].status == "decided"
    assert deciding_is_paused(bluebell)
    replay_set_aside(workspace=bluebell, now=START)
    assert not deciding_is_paused(bluebell)


def test_one_event_that_is_decided_ends_the_row() -> None:
    bluebell = open_bluebell(STARS)
    with broken(lambda happened: happened.type == "purchase" and happened.ref != "m-0"):
        for first in range(1, 100, IN_A_ROW - 1):
            buys(bluebell, first, IN_A_ROW - 1)
            assert buys(bluebell, 1000 + first, 1, members=1) == ["decided"]
    assert not deciding_is_paused(bluebell)


def test_one_poisonous_sender_pauses_nobody() -> None:
    bluebell = open_bluebell(STARS)
    with broken(lambda happened: happened.ref == "m-0"):
        buys(bluebell, 0, 5 * IN_A_ROW, members=1)
        assert not deciding_is_paused(bluebell)
        assert decide(bluebell, [event("b", "purchase", "Ada", amount_minor=100)])[0].status == "decided"


def test_what_events_say_never_pauses() -> None:
    bluebell = open_bluebell(STARS)
    of_many = range(2 * IN_A_ROW)
    bad = [event(f"x-{each}", "purchase", f"m-{each}", amount_minor=1, currency="USD") for each in of_many]
    bad += [event(f"r-{each}", "refund", f"m-{each}", amount_minor=1, refers_to="nothing") for each in of_many]
    bad += [event(f"n-{each}", "note", f"m-{each}", props={"touches": 7}) for each in of_many]
    bad += [event(f"f-{each}", "visit", f"m-{each}", after=timedelta(days=60_000)) for each in of_many]
    assert {each.status for each in decide(bluebell, bad, size=20)} == {"set_aside"}
    assert not deciding_is_paused(bluebell)


def test_another_workspace_goes_on() -> None:
    bluebell, other = open_bluebell(STARS), open_bluebell(STARS, name="other")
    with broken():
        buys(bluebell, 0, IN_A_ROW)
    assert buys(other, 0, 1) == ["decided"]


@pytest.mark.inside
def test_what_falls_due_waits_too_and_the_cause_can_be_removed() -> None:
    bluebell = open_bluebell(FRIENDS, is_test=False)
    decide(bluebell, ada_recommends_ben())
    later = START + timedelta(days=15)
    with broken():
        buys(bluebell, 100, IN_A_ROW)
    assert sweep(bluebell.pk, now=later).fired == 0
    assert Reward.objects.get(clause="thanks").state == "held"
    assert publish(bluebell, FRIENDS.replace("hold: 14d", "hold: 13d")).version == 2
    assert decide(bluebell, [event("e-1", "member_erased", "m-3")])[0].status == "decided"
    replay_set_aside(workspace=bluebell, now=later)
    sweep(bluebell.pk, now=later)
    assert Reward.objects.get(clause="thanks").state == "issued"
    assert verify(bluebell) == []


@pytest.mark.inside
def test_a_program_whose_clause_breaks_pauses_itself_through_the_real_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell = open_bluebell(
        FRIENDS.replace("rewards:", "rewards:\n  gift: {to: member, on: visit, give: {credit: 1 EUR}}")
    )

    def grant(*_: object) -> None:
        raise RuntimeError("a defect")

    with monkeypatch.context() as patch:
        patch.setattr(rewards, "grant_on_event", grant)
        decide(bluebell, [event(f"v-{each}", "visit", f"m-{each}") for each in range(IN_A_ROW)])
    assert deciding_is_paused(bluebell)
    replay_set_aside(workspace=bluebell, now=START)
    assert Reward.objects.filter(clause="gift").count() == IN_A_ROW
