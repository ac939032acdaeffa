"""Sixty-four connections race for the last of something: it is never passed, and nothing of it is lost."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from sayso.domains.decisions.verify import verify
from sayso.domains.jobs.relay import relay
from sayso.domains.ledger.models import Balance
from sayso.domains.rewards.fulfilment.here import hand_over_here
from sayso.domains.rewards.models import Order, PoolCode, Reward
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import decide, event, open_bluebell
from tests.domains.rewards.gifts import NOW, fill, provide, work
from tests.faults.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 64
CODES = 10

CARDS = """
sayso: 1
program: gifts
title: Gifts
currency: EUR
rewards:
  card: {to: member, on: purchase, give: {gift_card: 10 EUR}}
"""
BUDGET = """
sayso: 1
program: gifts
title: Gifts
currency: EUR
budget: {amount: 100 EUR, when_spent: stop}
rewards:
  credit: {to: member, on: purchase, give: {credit: 10 EUR}}
"""
LIMIT = """
sayso: 1
program: gifts
title: Gifts
currency: EUR
rewards:
  credit: {to: member, on: purchase, give: {credit: 10 EUR}, limit: 10 per year}
"""


def test_the_last_codes_of_a_pool_are_given_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each racer carries out one order; who finds no code waits for the next ones."""
    monkeypatch.setattr("sayso.domains.rewards.fulfilment.here.AT_ONCE", 1)
    bluebell = open_bluebell(CARDS)
    fill(bluebell, *(f"CARD-{number}" for number in range(CODES)))
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    decide(bluebell, [event(f"p-{number}", "purchase", f"m-{number}", amount_minor=3000) for number in range(RACERS)])
    while relay(NOW):
        pass
    race(lambda _: hand_over_here(NOW), racers=RACERS)
    given = Counter(Order.objects.exclude(code="").values_list("code", flat=True))
    # Who passed over a code that another was about to take asks again.
    work(later=timedelta(hours=1))
    assert set(given.values()) <= {1}
    check(bluebell, issued=CODES, codes=CODES)
    fill(bluebell, *(f"MORE-{number}" for number in range(RACERS)))
    work(later=timedelta(hours=2))
    check(bluebell, issued=RACERS, codes=RACERS)


def check(workspace: Workspace, *, issued: int, codes: int) -> None:
    """So many rewards are issued, each with a code of its own, and every promise holds."""
    assert Reward.objects.filter(workspace=workspace, state="issued").count() == issued
    given = PoolCode.objects.filter(workspace=workspace, reward__gt=0)
    assert len(set(given.values_list("reward", flat=True))) == given.count() == codes
    assert verify(workspace) == []


def test_the_last_ten_euros_of_a_budget_go_to_one() -> None:
    bluebell = open_bluebell(BUDGET)
    decide(bluebell, [event(f"first-{number}", "purchase", f"f-{number}", amount_minor=3000) for number in range(9)])
    race(
        lambda number: decide(bluebell, [event(f"p-{number}", "purchase", f"m-{number}", amount_minor=3000)]),
        racers=RACERS,
    )
    assert Reward.objects.filter(workspace=bluebell, state="issued").count() == 10
    assert Balance.objects.get(workspace=bluebell, kind=1).balance == 0
    assert verify(bluebell) == []


def test_the_last_of_a_limit_is_granted_once() -> None:
    bluebell = open_bluebell(LIMIT)
    decide(bluebell, [event(f"first-{number}", "purchase", "Ada", amount_minor=3000) for number in range(9)])
    race(lambda number: decide(bluebell, [event(f"p-{number}", "purchase", "Ada", amount_minor=3000)]), racers=RACERS)
    assert Reward.objects.filter(workspace=bluebell).count() == 10
    assert verify(bluebell) == []
