"""Home says what waits to be handed over, and why: a promise that nobody keeps is not "all is well"."""

from __future__ import annotations

import pytest
from django.test import Client

from sayso.domains.insight.handing_over import ToHandOver, waiting_for_people
from sayso.domains.rewards.models import Order
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import decide, event, open_bluebell
from tests.domains.rewards.gifts import GIFTS, buys, fill, provide, work
from tests.web.console.test_pages import LANGUAGES, enter, page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bluebell() -> Workspace:
    return open_bluebell(GIFTS)


def test_where_nothing_waits_all_is_well(client: Client, bluebell: Workspace) -> None:
    assert waiting_for_people(bluebell, language="en") == []
    shown = page(enter(client, bluebell))
    assert "All is well" in shown
    assert "Nothing. A reward" in shown


def test_what_nobody_else_hands_over_is_counted_by_clause(client: Client, bluebell: Workspace) -> None:
    buys(bluebell, "Ada", "Ben")
    decide(bluebell, [event("r-1", "review", "Ada")])  # she still has to choose
    work()
    assert waiting_for_people(bluebell, language="en") == [ToHandOver("by_hand", 2, "Gifts", "a gift card worth €20")]
    shown = page(enter(client, bluebell))
    assert "All is well" not in shown
    assert "To be handed over by a person, since no provider is set." in shown


def test_an_order_that_is_about_to_be_made_waits_for_nobody(bluebell: Workspace) -> None:
    fill(bluebell, "AAA-1")
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    buys(bluebell, "Ada")
    assert waiting_for_people(bluebell, language="en") == []


def test_an_empty_pool_is_named_with_how_many_wait_for_it(client: Client, bluebell: Workspace) -> None:
    fill(bluebell, "AAA-1")
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    buys(bluebell, "Ada", "Ben", "Eva")
    work()
    assert waiting_for_people(bluebell, language="en") == [ToHandOver("pool", 2, pool="vouchers")]
    shown = page(enter(client, bluebell))
    assert "<b>vouchers</b>" in shown
    assert "the pool is empty" in shown


def test_the_part_that_a_person_hands_over_waits_for_them(bluebell: Workspace) -> None:
    fill(bluebell, "AAA-1")
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    decide(bluebell, [event("d-1", "deposit", "Ada")])
    work()
    assert waiting_for_people(bluebell, language="en") == [
        ToHandOver("by_hand", 1, "Gifts", "a gift card worth €5 and a mug")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_order_that_failed_is_seen(client: Client, bluebell: Workspace, language: str) -> None:
    fill(bluebell, "AAA-1")
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    buys(bluebell, "Ada", "Ben")
    work()
    Order.objects.filter(workspace=bluebell, state="pending").update(state="failed", next_at=0)
    assert waiting_for_people(bluebell, language="en") == [ToHandOver("stuck", 1)]
    assert "sayso rewards list --stuck --workspace" in page(enter(client, bluebell, language))
