"""A batch: every event once, each with its own answer, whatever its size and whatever is wrong with one of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from sayso.domains.decisions.verify import verify
from sayso.domains.events.models import Event, State
from sayso.domains.ledger.queries import balances
from sayso.domains.people.models import Member
from sayso.domains.rewards.models import Reward
from tests.domains.cast import (
    FRIENDS,
    STARS,
    START,
    a_busy_day,
    ada_recommends_ben,
    contents,
    decide,
    event,
    open_bluebell,
    publish,
)

pytestmark = pytest.mark.django_db


def test_what_ada_gets_for_recommending_ben() -> None:
    bluebell = open_bluebell(FRIENDS)
    answers = decide(bluebell, ada_recommends_ben())
    assert [answer.status for answer in answers] == ["decided"] * 4
    rewards = Reward.objects.filter(workspace=bluebell).values_list("clause", "state")
    assert sorted(rewards) == [("thanks", "held"), ("welcome", "approved")]
    assert [(row.ref, row.available, row.held) for row in balances(bluebell, "EUR")] == [
        ("Ada", 0, 2000),
        ("Ben", 0, 0),
    ]
    assert [(row.ref, row.available) for row in balances(bluebell, "stars")] == [("Ada", 0), ("Ben", 25)]
    assert verify(bluebell) == []


def test_the_size_of_a_batch_never_matters() -> None:
    arrivals = a_busy_day(400)
    found = []
    for size in (1000, 7, 1):
        bluebell = open_bluebell(FRIENDS, name=f"bluebell-{size}")
        decide(bluebell, arrivals, size=size)
        assert verify(bluebell) == []
        found.append(contents(bluebell))
    assert found[0] == found[1]
    assert found[0] == found[2]
    assert len(found[0]["rewards_reward"]) > 20
    assert not Event.objects.filter(state=State.SET_ASIDE).exists()


def test_a_repeat_gets_the_first_answer_and_changes_nothing() -> None:
    bluebell = open_bluebell(FRIENDS)
    first = decide(bluebell, ada_recommends_ben())
    before = contents(bluebell)
    again = decide(bluebell, ada_recommends_ben())
    assert [(a.position, a.status, a.reasons) for a in again] == [(a.position, a.status, a.reasons) for a in first]
    assert all(answer.repeated for answer in again)
    assert contents(bluebell) == before


def test_a_repeat_inside_one_batch_is_one_event() -> None:
    bluebell = open_bluebell(STARS)
    buys = event("b-1", "purchase", "Ben", amount_minor=2500)
    first, second, other = decide(bluebell, [buys, buys, event("b-2", "purchase", "Ben", amount_minor=100)])
    assert (first.repeated, second.repeated, second.position) == (False, True, first.position)
    assert other.status == "decided"
    assert [row.available for row in balances(bluebell, "stars")] == [26]


def test_another_event_under_the_same_id_is_refused_with_what_differs() -> None:
    bluebell = open_bluebell(STARS)
    buys = event("b-1", "purchase", "Ben", amount_minor=2500, props={"store": "1"})
    decide(bluebell, [buys])
    changes = {"amount_minor": 2600, "props": {"store": "2"}}
    answer = decide(bluebell, [replace(buys, **changes)])[0]  # type: ignore[arg-type]
    assert (answer.status, answer.problem) == (
        "refused",
        "an event with this id is stored already and differs in amount_minor, props",
    )
    assert decide(bluebell, [replace(buys, ref="Ada")])[0].problem.endswith("differs in member")
    assert decide(bluebell, [replace(buys, source="web")])[0].status == "decided"


def test_two_refunds_of_one_purchase_in_one_batch_take_back_once() -> None:
    bluebell = open_bluebell(STARS)
    decide(bluebell, [event("b-1", "purchase", "Ben", amount_minor=2550)])
    refunds = [event(f"r-{part}", "refund", "Ben", amount_minor=2000, refers_to="b-1") for part in range(2)]
    decide(bluebell, refunds)
    assert [row.available for row in balances(bluebell, "stars")] == [0]
    assert verify(bluebell) == []


def test_a_refund_finds_its_purchase_in_the_same_batch_and_in_an_earlier_one() -> None:
    bluebell = open_bluebell(STARS)
    buys = [event(f"b-{number}", "purchase", "Ben", amount_minor=1000) for number in range(2)]
    refunds = [event(f"r-{number}", "refund", "Ben", refers_to=f"b-{number}") for number in range(2)]
    decide(bluebell, [buys[0], buys[1], refunds[0]])
    decide(bluebell, [refunds[1]])
    assert [row.available for row in balances(bluebell, "stars")] == [0]


def test_an_event_that_cannot_be_decided_is_set_aside_and_the_others_go_on() -> None:
    bluebell = open_bluebell(STARS)
    poison = event("x-1", "points_moved_in", "Eva")
    answers = decide(
        bluebell, [event("b-1", "purchase", "Ben", amount_minor=900), poison, event("b-2", "signup", "Ben")]
    )
    assert [answer.status for answer in answers] == ["decided", "set_aside", "decided"]
    assert "KeyError" in answers[1].problem
    stored = Event.objects.get(external_id="x-1", workspace=bluebell)
    assert (stored.state, stored.ref, stored.member) == (State.SET_ASIDE, "Eva", 0)
    assert decide(bluebell, [poison])[0].repeated
    assert verify(bluebell) == []


def test_an_event_whose_values_cannot_be_stored_is_found_by_halving() -> None:
    bluebell = open_bluebell(STARS)
    arrivals = [event(f"b-{number}", "purchase", "Ben", amount_minor=100) for number in range(9)]
    arrivals[5] = event("b-5", "purchase", "Ben", amount_minor=2**70)
    answers = decide(bluebell, arrivals)
    assert [answer.status for answer in answers] == ["decided"] * 5 + ["refused"] + ["decided"] * 3
    assert [row.available for row in balances(bluebell, "stars")] == [8]
    assert verify(bluebell) == []


def test_an_error_outside_deciding_sets_the_event_aside() -> None:
    bluebell = open_bluebell(STARS)
    odd = event("o-1", "note", "Ben", props={"touches": 7})
    answers = decide(bluebell, [event("b-1", "signup", "Ben"), odd, event("b-2", "signup", "Ada")])
    assert [answer.status for answer in answers] == ["decided", "set_aside", "decided"]
    assert verify(bluebell) == []


def test_a_publication_inside_a_batch_holds_for_what_comes_after() -> None:
    bluebell = open_bluebell(STARS)
    decide(bluebell, [event("b-1", "purchase", "Ben", amount_minor=1000)])
    published = publish(bluebell, STARS.replace("1 per 1 EUR", "2 per 1 EUR"))
    assert (published.version, "2" in published.summary) == (2, True)
    decide(bluebell, [event("b-2", "purchase", "Ben", amount_minor=1000, after=timedelta(hours=1))])
    assert [row.available for row in balances(bluebell, "stars")] == [30]


def test_a_live_workspace_goes_by_the_time_and_history_only_counts() -> None:
    bluebell = open_bluebell(STARS, is_test=False)
    old = event("b-1", "purchase", "Ben", after=timedelta(days=-20), amount_minor=5000, counts_only=True)
    decide(bluebell, [old, event("b-2", "purchase", "Ben", amount_minor=100)])
    assert [row.available for row in balances(bluebell, "stars")] == [1]
    bluebell.refresh_from_db()
    assert bluebell.clock == START


def test_every_statement_names_the_workspace() -> None:
    statements: list[str] = []

    def listen(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        statements.append(sql)
        return execute(sql, params, many, context)

    bluebell = open_bluebell(FRIENDS)
    with connection.execute_wrapper(listen):
        decide(bluebell, a_busy_day(60), size=30)
        decide(bluebell, [event("e-1", "member_erased", "member-3")])
        decide(bluebell, [event("m-1", "member_merged", "member-4", props={"other": "member-5"})])
        assert verify(bluebell) == []
    tables = [
        sql
        for sql in statements
        if "_" in sql and not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "SET LOCAL"))
    ]
    assert len(tables) > 50
    assert [sql for sql in tables if "workspace_id" not in sql and "workspaces_workspace" not in sql] == []


def test_what_is_said_to_be_nothing_is_left_as_it_was() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, [event("u-1", "member_updated", "Ada", props={"language": "es", "tags": ["regular"]})])
    names = ("language", "country", "attributes", "tags", "groups", "codes", "code", "account")
    answers = decide(
        bluebell,
        [
            event("u-2", "member_updated", "Ada", props=dict.fromkeys(names)),
            event("s-1", "signup", "Ben", props={"touches": None}),
            event("x-1", "member_banned", "Eva", props={"reward": True}),
        ],
    )
    assert [each.status for each in answers] == ["decided"] * 3
    ada = Member.objects.get(workspace=bluebell, ref="Ada")
    assert (ada.language, ada.tags) == ("es", ["regular"])
