"""What the books say: every member's balance, one member's statement."""

import pytest

from sayso.core.ledger.transfers import Purpose
from sayso.domains.decisions.history import heard_about, recorded_history, statement
from sayso.domains.ledger.queries import balances, turnover, units
from sayso.domains.people.queries import NoSuchMember, member_named
from tests.domains.cast import FRIENDS, ada_recommends_ben, decide, event, open_bluebell

pytestmark = pytest.mark.django_db


def test_every_member_has_a_row_and_nobody_of_another_workspace() -> None:
    bluebell, other = open_bluebell(FRIENDS), open_bluebell(FRIENDS, name="other")
    decide(bluebell, ada_recommends_ben())
    decide(other, [event("d-1", "purchase", "Dario", amount_minor=100)])
    assert [row.ref for row in balances(bluebell, "stars")] == ["Ada", "Ben"]
    assert [(row.ref, row.available, row.held) for row in balances(other, "nothing")] == [("Dario", 0, 0)]
    assert units(bluebell) == ["EUR", "stars"]


def test_a_statement_runs_up_to_the_balance() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, ada_recommends_ben())
    decide(bluebell, [event("r-1", "refund", "Ben", amount_minor=1000, refers_to="b-2")])
    stars = [line for line in statement(bluebell, "Ben") if line.unit == "stars"]
    assert [(line.account, line.reason, line.amount, line.balance) for line in stars] == [
        ("available", "earn", 25, 25),
        ("available", "clawback", -10, 15),
    ]
    with pytest.raises(NoSuchMember):
        statement(bluebell, "Eva")
    moved = turnover(bluebell)
    assert (moved["stars", Purpose.EARN], moved["stars", Purpose.CLAWBACK]) == (25, 10)
    assert turnover(open_bluebell(FRIENDS, name="other")) == {("EUR", Purpose.REFILL): 20_000}


def test_who_was_merged_is_found_under_both_names_with_one_history() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, [
        event("b-1", "purchase", "Ben", amount_minor=500),
        event("b-2", "purchase", "Benjamin", amount_minor=700),
        event("b-3", "member_merged", "Ben", props={"other": "Benjamin"}),
        event("b-4", "purchase", "Benjamin", amount_minor=100),
    ])  # fmt: skip
    assert [(row.ref, row.available) for row in balances(bluebell, "stars")] == [("Ben", 13)]
    for name in ("Ben", "Benjamin"):
        heard = list(heard_about(bluebell, member_named(bluebell, name).id))
        assert [each.type for each in heard] == ["purchase", "purchase", "member_merged", "purchase"]
        assert len({each.member for each in heard}) == 1
    assert sum(line.amount for line in statement(bluebell, "Ben") if line.account == "available") == 13


def test_the_history_is_the_log_with_the_names_of_its_members() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, ada_recommends_ben())
    decide(bluebell, [event("x-1", "points_moved_in", "Eva")])
    log = [(each.source, each.event.external_id, each.event.ref) for each in recorded_history(bluebell)]
    told = [each for each in log if each[0] == "till"]
    assert told == [("till", "a-1", "Ada"), ("till", "a-2", "Ada"), ("till", "b-1", "Ben"), ("till", "b-2", "Ben")]
