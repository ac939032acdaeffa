"""What would break the promise about delivering is found and named."""

import pytest
from django.db import IntegrityError

from sayso.domains.decisions.verify import verify
from sayso.domains.jobs.relay import relay
from sayso.domains.rewards.models import Order, PoolCode, Reward
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import open_bluebell
from tests.domains.rewards.gifts import GIFTS, NOW, buys, fill, provide, the_order, the_reward, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bluebell() -> Workspace:
    bluebell = open_bluebell(GIFTS)
    fill(bluebell, "AAA-1", "AAA-2")
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    buys(bluebell, "Ada")
    work()
    assert verify(bluebell) == []
    return bluebell


def broken(workspace: Workspace) -> list[str]:
    return [str(each) for each in verify(workspace) if each.promise == 7]


def test_an_order_without_its_reward_is_named(bluebell: Workspace) -> None:
    Reward.objects.update(state="approved")
    number = the_order(bluebell).reward
    assert broken(bluebell) == [f"promise 7: order {number}: it was delivered and told, and its reward is approved"]
    Order.objects.update(entered=False)
    assert broken(bluebell) == [
        f"promise 7: order {number}: it was delivered, its reward is approved, and nothing is planned that says so"
    ]


def test_a_code_that_was_given_twice_is_named(bluebell: Workspace) -> None:
    buys(bluebell, "Ben")
    work()
    Order.objects.update(code="AAA-1")
    assert any("its code was given 2 times" in each for each in broken(bluebell))
    assert any("it gave a code that is not noted as given for it" in each for each in broken(bluebell))


def test_a_code_that_nobody_got_is_named(bluebell: Workspace) -> None:
    PoolCode.objects.filter(code="AAA-2").update(reward=77)
    assert broken(bluebell) == ["promise 7: code 2: it is noted as given for a reward whose order does not say so"]


def test_an_approved_reward_that_nobody_ordered_is_named(bluebell: Workspace) -> None:
    buys(bluebell, "Ben")
    assert broken(bluebell) == []  # it waits to be told
    relay(NOW)
    Order.objects.filter(state="pending").delete()
    assert len(broken(bluebell)) == 1
    assert "it is approved, has a provider, and no order" in broken(bluebell)[0]


def test_the_tables_themselves_refuse_a_second_code_for_one_thing(bluebell: Workspace) -> None:
    free = PoolCode.objects.filter(reward=0)
    with pytest.raises(IntegrityError):
        free.update(reward=the_reward(bluebell).id)
