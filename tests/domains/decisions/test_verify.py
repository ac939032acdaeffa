"""Verifying: books as they were written hold every promise; whatever is changed behind their back is named."""

import pytest
from django.db import connection

from sayso.domains.decisions.verify import verify
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, ada_recommends_ben, decide, event, open_bluebell

# What is done to the tables, and the (promise, table) that must be among what is found broken.
TAMPERING = [
    ("UPDATE ledger_transfer SET amount = amount + 1 WHERE reason = 0", (8, "transfer")),
    ("UPDATE ledger_transfer SET amount = amount + 1 WHERE reason = 0", (2, "balance")),
    ("UPDATE ledger_transfer SET at = at + 1 WHERE reason = 1", (8, "transfer")),
    ("UPDATE ledger_transfer SET digest = (SELECT head FROM workspaces_workspace ORDER BY id LIMIT 1)", (8, "seal")),
    ("DELETE FROM ledger_transfer WHERE reason = 0", (8, "seal")),
    ("DELETE FROM ledger_seal WHERE number = 1", (8, "seal")),
    ("UPDATE workspaces_workspace SET head = rulebook", (8, "workspace")),
    ("UPDATE ledger_balance SET balance = balance + 1 WHERE kind = 2", (2, "balance")),
    ("DELETE FROM ledger_balance WHERE kind = 0", (2, "balance")),
    ("UPDATE ledger_lot SET remaining = remaining - 1", (12, "member")),
    ("DELETE FROM ledger_lot", (12, "member")),
    ("UPDATE rewards_reward SET cost_minor = cost_minor + 1 WHERE clause = 'thanks'", (5, "member")),
    ("UPDATE rewards_reward SET state = 'denied' WHERE clause = 'thanks'", (5, "member")),
    ("DELETE FROM events_event WHERE external_id = 'b-1'", (4, "event")),
    ("DELETE FROM events_event WHERE external_id = 'b-2'", (4, "transfer")),
    ("UPDATE events_refunded SET amount_minor = 2501", (6, "event")),
    ("DELETE FROM people_member WHERE ref = 'Ben'", (10, "reward")),
    ("DELETE FROM people_member WHERE ref = 'Ada'", (10, "referral")),
    ("UPDATE people_member SET status = 'erased' WHERE ref = 'Ada'", (10, "identity")),
    ("UPDATE people_member SET status = 'erased' WHERE ref = 'Ada'", (10, "code")),
    ("UPDATE people_member SET status = 'erased' WHERE ref = 'Ada'", (10, "event")),
]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("statement", "broken"), TAMPERING)
def test_tampering_is_named(statement: str, broken: tuple[int, str]) -> None:
    bluebell, other = open_bluebell(FRIENDS), open_bluebell(FRIENDS, name="other")
    for workspace in (bluebell, other):
        decide(workspace, ada_recommends_ben())
        decide(workspace, [event("r-1", "refund", "Ben", amount_minor=100, refers_to="b-2")])
        assert verify(workspace) == []
    where = " AND " if " WHERE " in statement else " WHERE "
    column = "id" if statement.startswith("UPDATE workspaces_workspace") else "workspace_id"
    with connection.cursor() as cursor:
        cursor.execute(f"{statement}{where}{column} = %s", [bluebell.pk])
        assert cursor.rowcount >= 1
    found = verify(bluebell)
    assert broken in {(each.promise, each.table) for each in found}
    assert all(each.row and str(each) for each in found)
    assert verify(other) == []


def test_a_head_that_was_kept_stands_in_the_chain_for_good_and_in_no_other() -> None:
    bluebell, other = open_bluebell(FRIENDS), open_bluebell(FRIENDS, name="other")
    decide(bluebell, ada_recommends_ben())
    kept = bytes(Workspace.objects.get(pk=bluebell.pk).head)
    for workspace in (bluebell, other):
        decide(workspace, [event("b-9", "purchase", "Eva", amount_minor=5000)])
    assert verify(bluebell, kept_head=kept) == []
    assert [(each.promise, each.row) for each in verify(other, kept_head=kept)] == [(8, kept.hex())]


def test_a_floor_that_was_passed_on_the_way_is_named() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, [event("b-1", "purchase", "Ben", amount_minor=5000)])
    spends = [event(f"s-{each}", "points_spent", "Ben", props={"points": 20}) for each in range(2)]
    decide(bluebell, spends)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_transfer SET id = 1 WHERE reason = 5 AND cause = %s", [4])
    found = [each for each in verify(bluebell) if each.promise == 2]
    assert [(each.table, each.row) for each in found] == [("transfer", "1")]
    assert "takes kind 2" in found[0].problem


def test_more_taken_back_than_given_is_named() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, [event("b-1", "purchase", "Ben", amount_minor=5000)])
    decide(bluebell, [event("r-1", "refund", "Ben", amount_minor=4000, refers_to="b-1")])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_transfer SET amount = amount * 2 WHERE reason = 7")
    assert (6, "event") in {(each.promise, each.table) for each in verify(bluebell)}
