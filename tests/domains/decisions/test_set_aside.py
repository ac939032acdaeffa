"""An event that was set aside is shown with its failure, and can be decided again once the cause is gone."""

from dataclasses import replace
from typing import Any

import pytest
from django.db.models import Model

from sayso.domains.decisions import replay_task
from sayso.domains.decisions.effects import decide_and_tell, told_of
from sayso.domains.decisions.late import decide_late
from sayso.domains.decisions.replay_task import replay_later
from sayso.domains.decisions.set_aside import list_set_aside, replay_set_aside
from sayso.domains.decisions.verify import verify
from sayso.domains.events.models import Event, State
from sayso.domains.jobs.run_tasks import run_next_task
from sayso.domains.ledger.queries import balances
from tests.domains.cast import STARS, START, decide, event, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_event_waits_for_its_rate_and_is_then_decided_at_a_new_place() -> None:
    bluebell = open_bluebell(STARS)
    abroad = event("b-1", "purchase", "Ben", amount_minor=1000, currency="USD")
    assert decide(bluebell, [abroad])[0].status == "set_aside"
    assert [(each.external_id, "rate" in each.failure) for each in list_set_aside(bluebell)] == [("b-1", True)]
    assert replay_set_aside(workspace=bluebell, now=START)[0].status == "set_aside"
    decide(bluebell, [event("rate", "rate_set", "", props={"from": "USD", "to": "EUR", "rate": "0.5"})])
    answer = replay_set_aside(workspace=bluebell, now=START)[0]
    assert (answer.status, answer.position) == ("decided", 5)
    assert [row.available for row in balances(bluebell, "stars")] == [5]
    assert list_set_aside(bluebell) == []
    assert decide(bluebell, [abroad])[0].position == 5
    assert Event.objects.filter(state=State.REPLAYED).count() == 2
    assert verify(bluebell) == []


def test_a_refund_waits_for_its_purchase_which_waits_for_its_rate() -> None:
    bluebell = open_bluebell(STARS)
    early = event("r-1", "refund", "Ben", amount_minor=400, currency="USD", refers_to="b-1")
    abroad = event("b-1", "purchase", "Ben", amount_minor=1000, currency="USD")
    answers = decide(bluebell, [early, abroad])
    assert [answer.status for answer in answers] == ["set_aside", "set_aside"]
    assert answers[0].problem == "refers to b-1, which is not known yet"
    decide(bluebell, [event("rate", "rate_set", "", props={"from": "USD", "to": "EUR", "rate": "0.5"})])
    found = replay_set_aside(workspace=bluebell, now=START)
    assert [(answer.external_id, answer.status) for answer in found] == [("r-1", "decided"), ("b-1", "decided")]
    assert [row.available for row in balances(bluebell, "stars")] == [3]
    assert list_set_aside(bluebell) == []
    assert verify(bluebell) == []


def test_a_refund_that_came_first_is_decided_by_itself_once_its_purchase_is_there() -> None:
    bluebell = open_bluebell(STARS)
    decide(bluebell, [event("r-1", "refund", "Ben", amount_minor=400, currency="EUR", refers_to="b-1")])
    assert not decide_late(START)
    assert len(list_set_aside(bluebell)) == 1
    decide(bluebell, [event("b-1", "purchase", "Ben", amount_minor=1000, currency="EUR")])
    assert not decide_late(START)
    assert list_set_aside(bluebell) == []
    assert [row.available for row in balances(bluebell, "stars")] == [6]
    assert verify(bluebell) == []


def test_a_refund_of_what_waits_itself_waits_on_and_takes_no_new_place() -> None:
    bluebell = open_bluebell(STARS)
    early = event("r-1", "refund", "Ben", amount_minor=400, currency="USD", refers_to="b-1")
    decide(bluebell, [early, event("b-1", "purchase", "Ben", amount_minor=1000, currency="USD")])
    before = Event.objects.count()
    assert not decide_late(START)
    assert Event.objects.count() == before
    decide(bluebell, [event("rate", "rate_set", "", props={"from": "USD", "to": "EUR", "rate": "1"})])
    purchase = next(each.position for each in list_set_aside(bluebell) if each.external_id == "b-1")
    replay_set_aside(workspace=bluebell, now=START, positions=[purchase])
    assert not decide_late(START)
    assert [row.available for row in balances(bluebell, "stars")] == [6]
    assert verify(bluebell) == []


def test_a_refund_whose_purchase_another_source_sent_says_which_one_and_waits() -> None:
    bluebell = open_bluebell(STARS)
    imported = event("b-1", "purchase", "Ben", amount_minor=1000)
    decide(bluebell, [replace(imported, source="import")])
    refund = event("r-1", "refund", "Ben", amount_minor=400, refers_to="b-1")
    said = "refers to b-1, which is not known yet; there is one of the source import"
    for _ in ("first", "repeated"):
        (told,) = decide_and_tell(bluebell.pk, [refund], now=START)
        assert told.answer.problem == said
    (kept,) = list_set_aside(bluebell)
    assert kept.failure == told_of(kept).answer.problem == said
    assert [each.problem for each in replay_set_aside(workspace=bluebell, now=START)] == [said]
    decide(bluebell, [replace(imported, source="web")])
    assert list_set_aside(bluebell)[0].failure.endswith("; there is one of the sources import and web")
    decide(bluebell, [imported])
    decide_late(START)
    assert list_set_aside(bluebell) == []


def test_a_refund_of_a_refund_waits_for_a_person_and_takes_no_new_place() -> None:
    bluebell = open_bluebell(STARS)
    decide(bluebell, [
        event("b-1", "purchase", "Ben", amount_minor=1000, currency="EUR"),
        event("r-1", "refund", "Ben", amount_minor=400, currency="EUR", refers_to="b-1"),
        event("r-2", "refund", "Ben", amount_minor=400, currency="EUR", refers_to="r-1"),
    ])  # fmt: skip
    before = Event.objects.count()
    assert not decide_late(START)
    assert [each.external_id for each in list_set_aside(bluebell)] == ["r-2"]
    assert Event.objects.count() == before


def test_only_the_chosen_ones_are_decided_again() -> None:
    bluebell = open_bluebell(STARS)
    decide(bluebell, [event(f"x-{number}", "points_moved_in", "Eva") for number in range(3)])
    chosen = list_set_aside(bluebell)[1].position
    assert [each.external_id for each in replay_set_aside(workspace=bluebell, now=START, positions=[chosen])] == ["x-1"]
    assert [each.external_id for each in list_set_aside(bluebell)] == ["x-0", "x-2", "x-1"]


def test_choosing_one_reads_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell, read = open_bluebell(STARS), list[int]()
    decide(bluebell, [event(f"x-{number}", "points_moved_in", "Eva") for number in range(30)])
    chosen = list_set_aside(bluebell)[1].position

    def note(*given: Any) -> Any:
        read.append(1)
        return Model.from_db.__func__(Event, *given[1:])  # type: ignore[attr-defined]

    monkeypatch.setattr(Event, "from_db", classmethod(note))
    replay_set_aside(workspace=bluebell, now=START, positions=[chosen])
    assert len(read) == 1


def test_very_many_are_decided_by_a_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_task, "MOST_AT_ONCE", 2)
    bluebell = open_bluebell(STARS)
    abroad = [event(f"b-{each}", "purchase", "Ben", amount_minor=1000, currency="USD") for each in range(3)]
    decide(bluebell, abroad[:2])
    assert replay_later(workspace=bluebell, now=START) is None
    decide(bluebell, abroad[2:])
    task = replay_later(workspace=bluebell, now=START)
    assert task is not None
    decide(bluebell, [event("rate", "rate_set", "", props={"from": "USD", "to": "EUR", "rate": "0.5"})])
    assert run_next_task(START)
    task.refresh_from_db()
    assert (task.state, task.result) == ("done", {"decided": 3})
    assert list_set_aside(bluebell) == []
