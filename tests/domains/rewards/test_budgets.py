"""How a budget stands: what is left, what is on its way, what waits for the next period."""

from datetime import date, timedelta

import pytest

from sayso.domains.decisions.clock import move_clock
from sayso.domains.programs.publish import publish_program
from sayso.domains.rewards.budgets import BudgetChange, BudgetNow, budget_change, budgets_of
from sayso.domains.rewards.models import Reward
from sayso.domains.rewards.queries import rewards_in_state
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import STARS, open_bluebell
from tests.domains.rewards.gifts import GIFTS, NOW, buys, returns

pytestmark = pytest.mark.django_db(transaction=True)

MONTHLY = GIFTS.replace("budget: {amount: 100 EUR}", "budget: {amount: 50 EUR, per: month}")


@pytest.fixture
def bluebell() -> Workspace:
    """A workspace with a program that has a budget and one that has none."""
    return open_bluebell(MONTHLY, STARS)


def told(workspace: Workspace) -> BudgetNow:
    """The only budget."""
    workspace.refresh_from_db()
    (found,) = budgets_of(workspace, NOW)
    return found


def test_what_is_granted_leaves_the_budget_and_comes_back_with_a_refund(bluebell: Workspace) -> None:
    assert told(bluebell) == BudgetNow("gifts", "EUR", "month", 5000, 5000, 5000, 0, 0, 0)
    buys(bluebell, "Ada", "Ben")
    assert told(bluebell) == BudgetNow("gifts", "EUR", "month", 5000, 5000, 1000, 4000, 0, 0)
    returns(bluebell, "Ben")
    assert told(bluebell) == BudgetNow("gifts", "EUR", "month", 5000, 5000, 3000, 2000, 0, 0)


def test_what_waits_has_drawn_nothing(bluebell: Workspace) -> None:
    buys(bluebell, "Ada", "Ben", "Eva", "Dario")
    assert told(bluebell) == BudgetNow("gifts", "EUR", "month", 5000, 5000, 1000, 4000, 4000, 2)
    assert [row.state for row in rewards_in_state(bluebell, "waiting")] == ["waiting", "waiting"]
    assert Reward.objects.count() == 4


def test_before_a_version_holds_there_is_no_budget(bluebell: Workspace) -> None:
    assert budgets_of(bluebell, NOW - timedelta(days=400)) == []


def test_the_period_in_which_another_amount_comes_is_told_as_it_is() -> None:
    bluebell = open_bluebell(MONTHLY)
    buys(bluebell, "Ada")
    bluebell.refresh_from_db()
    less, since = MONTHLY.replace("50 EUR, per", "30 EUR, per"), NOW + timedelta(days=40)
    made = publish_program(workspace=bluebell, text=less, valid_from=since, approved_by="Chloé", now=NOW)
    assert budget_change(bluebell, "gifts", 2, NOW) == BudgetChange("EUR", 5000, 3000, date(2027, 3, 1).toordinal())
    assert budget_change(bluebell, "gifts", 1, NOW) is None
    january = told(bluebell)
    assert (january.amount_minor, january.period_minor, january.left_minor) == (5000, 3000, 1000)
    for day, amount, brought in ((30, 5000, 5000), (45, 3000, 5000), (60, 3000, 3000)):
        move_clock(workspace=bluebell, to=NOW + timedelta(days=day), now=NOW)
        bluebell.refresh_from_db()
        (now,) = budgets_of(bluebell, NOW + timedelta(days=day))
        assert (now.amount_minor, now.period_minor, now.left_minor) == (amount, brought, brought)
    assert made.version == 2
