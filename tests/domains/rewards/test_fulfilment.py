"""Orders from approval to the log, with providers of our own: pools, codes we make up, and people."""

from datetime import timedelta
from typing import Any

import pytest

from sayso.core.engine import rulings
from sayso.core.engine.events import Arrival
from sayso.core.program.calendar import moment_of
from sayso.domains.decisions.set_aside import replay_set_aside
from sayso.domains.decisions.verify import verify
from sayso.domains.events.act import Actor
from sayso.domains.events.models import Event
from sayso.domains.events.receive import receive
from sayso.domains.insight.waiting import waiting_in
from sayso.domains.jobs.relay import relay
from sayso.domains.ledger.models import Balance
from sayso.domains.rewards.fulfilment import leased
from sayso.domains.rewards.fulfilment.enter import enter_outcomes
from sayso.domains.rewards.fulfilment.generated import LETTERS, made_up
from sayso.domains.rewards.fulfilment.port import Handover, ProviderAnswer, ProviderNotUsable, local_providers
from sayso.domains.rewards.issue import issue_reward
from sayso.domains.rewards.load_codes import PoolNotUsable
from sayso.domains.rewards.models import Order, Pool, PoolCode, Reward
from sayso.domains.rewards.rule import RewardNotOpen
from sayso.domains.rewards.set_provider import Scope, set_provider
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import START, decide, event, open_bluebell
from tests.domains.rewards.gifts import (
    GIFTS,
    NOW,
    buys,
    fill,
    provide,
    returns,
    the_order,
    the_reward,
    work,
)

pytestmark = pytest.mark.django_db(transaction=True)


def by_person(workspace: Workspace, kind: str, reward: Reward) -> None:
    """Somebody on the staff decides about a reward."""
    props = {"reward": reward.id, "by": "Eva"}
    decide(workspace, [Arrival("staff", f"{kind}-{reward.id}", kind, "", moment_of(START), props=props)])


def budget(workspace: Workspace) -> int:
    return Balance.objects.get(workspace=workspace, kind=1).balance


def loss(workspace: Workspace) -> int:
    found = Balance.objects.filter(workspace=workspace, kind=9).first()
    return found.balance if found else 0


def test_a_code_of_a_pool_is_handed_over_and_the_log_says_so() -> None:
    bluebell = open_bluebell(GIFTS)
    fill(bluebell, "AAA-1", "AAA-2")
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    buys(bluebell, "Ada")
    work()
    assert (the_reward(bluebell).state, the_order(bluebell).code) == ("issued", "AAA-1")
    issued = Event.objects.get(workspace=bluebell, type="reward_issued")
    assert (issued.source, issued.external_id) == ("sayso", f"issue-{the_reward(bluebell).id}")
    assert the_order(bluebell).next_at is None
    assert verify(bluebell) == []


def test_without_a_provider_a_person_hands_over_and_no_order_is_made() -> None:
    bluebell = open_bluebell(GIFTS)
    buys(bluebell, "Ada")
    work()
    assert the_reward(bluebell).state == "approved"
    assert not Order.objects.exists()


def test_what_was_approved_before_there_was_a_provider_is_ordered_then() -> None:
    bluebell = open_bluebell(GIFTS)
    buys(bluebell, "Ada", "Ben")
    fill(bluebell, "AAA-1", "AAA-2")
    assert provide(bluebell, "gift_card", "pool", pool="vouchers").ordered == 2
    work()
    assert set(Reward.objects.values_list("state", flat=True)) == {"issued"}


def test_an_empty_pool_waits_and_goes_on_when_codes_come() -> None:
    bluebell = open_bluebell(GIFTS)
    fill(bluebell)
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    buys(bluebell, "Ada")
    work()
    assert (the_order(bluebell).state, the_order(bluebell).reason) == ("pending", "the pool vouchers is empty")
    assert the_reward(bluebell).state == "approved"
    fill(bluebell, "BBB-1")
    work()
    assert (the_reward(bluebell).state, the_order(bluebell).code) == ("issued", "BBB-1")


def test_made_up_codes_hold_fifty_bits_without_letters_that_look_alike() -> None:
    codes = {made_up("BLUE") for _ in range(500)}
    assert len(codes) == 500
    assert len(LETTERS) ** 12 > 2**50
    assert not set("01OILU") & set("".join(code.removeprefix("BLUE-") for code in codes))


def test_a_code_is_made_up_for_a_coupon() -> None:
    bluebell = open_bluebell(GIFTS)
    provide(bluebell, "coupon", "generated", prefix="BLUE")
    decide(bluebell, [event("s-1", "survey_answered", "Ada", props={"score": 9})])
    work()
    order = the_order(bluebell)
    assert order.code.startswith("BLUE-")
    assert PoolCode.objects.get(code=order.code).reward == order.reward
    assert the_reward(bluebell).state == "issued"


def test_codes_are_made_up_on_after_a_collision(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell = open_bluebell(GIFTS)
    provide(bluebell, "gift_card", "generated")
    codes = iter(["SAME", "SAME", "OTHER", "THIRD"])
    monkeypatch.setattr("sayso.domains.rewards.fulfilment.generated.made_up", lambda _: next(codes))
    buys(bluebell, "Ada", "Ben", "Eva")
    work()
    assert sorted(Order.objects.values_list("code", flat=True)) == ["OTHER", "SAME", "THIRD"]
    assert verify(bluebell) == []


def test_a_choice_is_ordered_once_it_is_made() -> None:
    bluebell = open_bluebell(GIFTS)
    provide(bluebell, "gift_card", "generated")
    decide(bluebell, [event("r-1", "review", "Ada")])
    work()
    assert not Order.objects.exists()
    props = {"reward": the_reward(bluebell).id, "choice": "gift_card"}
    decide(bluebell, [event("c-1", "reward_chosen", "Ada", props=props)])
    work()
    assert the_reward(bluebell).state == "issued"
    assert the_order(bluebell).code


def test_a_reward_of_which_a_person_hands_over_a_part_is_issued_when_they_say_so() -> None:
    bluebell = open_bluebell(GIFTS)
    provide(bluebell, "gift_card", "generated")
    decide(bluebell, [event("d-1", "deposit", "Ada")])
    work()
    assert the_reward(bluebell).state == "approved"
    assert dict(Order.objects.values_list("way", "state")) == {"generated": "delivered", "by_hand": "pending"}
    by_person(bluebell, "reward_issued", the_reward(bluebell))
    work()
    assert the_reward(bluebell).state == "issued"
    assert set(Order.objects.values_list("state", "entered")) == {("delivered", True)}
    assert verify(bluebell) == []


def by_hand(bluebell: Workspace) -> Reward:
    """Eva says that she handed the reward over."""
    actor = Actor("staff", "Eva")
    return issue_reward(workspace=bluebell, reward=the_reward(bluebell).id, proof="card 4711", actor=actor, now=NOW)


def test_what_a_person_handed_over_takes_no_code_of_the_pool_any_more() -> None:
    bluebell = open_bluebell(GIFTS)
    fill(bluebell, "AAA-1")
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    buys(bluebell, "Ada")
    while relay(NOW):
        pass
    assert by_hand(bluebell).state == "issued"
    assert (the_order(bluebell).state, the_order(bluebell).next_at) == ("cancelled", None)
    work()
    assert not PoolCode.objects.filter(reward__gt=0).exists()
    assert verify(bluebell) == []


def test_what_a_provider_handed_over_is_not_issued_by_hand_before_it_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell = open_bluebell(GIFTS)
    provide(bluebell, "gift_card", "generated")
    buys(bluebell, "Ada")
    with monkeypatch.context() as patch:
        patch.setattr(leased, "enter_outcomes", lambda *_, **__: None)
        work()
    with pytest.raises(RewardNotOpen, match="handed over already"):
        by_hand(bluebell)
    work(later=timedelta(minutes=3))
    assert Event.objects.get(type="reward_issued").source == "sayso"


def test_taken_back_before_it_was_sent_it_is_called_off() -> None:
    bluebell = open_bluebell(GIFTS)
    fill(bluebell)
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    buys(bluebell, "Ada")
    work()
    returns(bluebell, "Ada")
    fill(bluebell, "AAA-1")
    work()
    assert (the_reward(bluebell).state, the_order(bluebell).state) == ("reversed", "cancelled")
    assert PoolCode.objects.get().reward == 0
    assert (budget(bluebell), loss(bluebell)) == (10_000, 0)


def test_taken_back_after_it_was_delivered_it_is_a_loss_and_its_code_stays_given() -> None:
    bluebell = open_bluebell(GIFTS)
    fill(bluebell, "AAA-1", "AAA-2")
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    buys(bluebell, "Ada")
    work()
    returns(bluebell, "Ada")
    buys(bluebell, "Ben")
    work()
    assert set(Reward.objects.values_list("state", flat=True)) == {"reversed", "issued"}
    assert set(Order.objects.values_list("code", flat=True)) == {"AAA-1", "AAA-2"}
    assert loss(bluebell) == 2000
    assert verify(bluebell) == []


def test_who_was_banned_meanwhile_gets_nothing() -> None:
    bluebell = open_bluebell(GIFTS)
    fill(bluebell)
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    buys(bluebell, "Ada")
    work()
    decide(bluebell, [event("ban", "member_banned", "Ada")])
    fill(bluebell, "AAA-1")
    work()
    assert (the_reward(bluebell).state, the_order(bluebell).reason) == ("denied", "the member was banned")
    assert PoolCode.objects.get().reward == 0
    assert budget(bluebell) == 10_000


def test_what_was_delivered_enters_the_log_once_though_the_worker_died_in_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bluebell = open_bluebell(GIFTS)
    provide(bluebell, "gift_card", "generated")
    buys(bluebell, "Ada")
    with monkeypatch.context() as patch:
        patch.setattr("sayso.domains.rewards.fulfilment.leased.enter_outcomes", lambda *_, **__: None)
        work()
    assert (the_order(bluebell).state, the_reward(bluebell).state) == ("delivered", "approved")
    work(later=timedelta(hours=1))
    assert the_reward(bluebell).state == "issued"
    Order.objects.update(next_at=NOW, entered=False)
    work(later=timedelta(hours=2))
    assert Event.objects.filter(type="reward_issued").count() == 1


def test_an_outcome_that_was_set_aside_enters_the_log_once_it_is_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell = open_bluebell(GIFTS)
    provide(bluebell, "gift_card", "generated")
    buys(bluebell, "Ada")
    with monkeypatch.context() as patch:
        patch.setitem(rulings._CARRY_OUT, "reward_issued", lambda *_: 1 / 0)
        work()
    assert "ZeroDivisionError" in the_order(bluebell).reason
    assert the_reward(bluebell).state == "approved"
    assert verify(bluebell) == []
    replay_set_aside(workspace=bluebell, now=NOW)
    work(later=timedelta(hours=3))
    assert (the_reward(bluebell).state, the_order(bluebell).entered) == ("issued", True)
    assert verify(bluebell) == []


def test_codes_are_loaded_once_wrong_lines_are_told_and_a_file_may_be_loaded_again() -> None:
    bluebell = open_bluebell()
    loaded = fill(bluebell, "A-1", "A-2", "", "A-1", "x" * 101, "b\x00d")
    assert (loaded.new, loaded.known, loaded.wrong) == (2, 1, 2)
    assert [number for number, _ in loaded.told] == [5, 6]
    again = fill(bluebell, "A-1", "A-2", "A-3")
    assert (again.new, again.known) == (1, 2)
    assert fill(bluebell, "A-3", pool="others").new == 0
    assert list(PoolCode.objects.order_by("place").values_list("code", flat=True)) == ["A-1", "A-2", "A-3"]
    with pytest.raises(PoolNotUsable):
        fill(bluebell, pool="No Name")
    assert Pool.objects.count() == 2


@pytest.mark.parametrize(
    ("scope", "way", "settings"),
    [
        (Scope("points"), "pool", {}),
        (Scope("gold"), "pool", {}),
        (Scope("coupon"), "pigeon", {}),
        (Scope("coupon"), "pool", {"pool": "nowhere"}),
        (Scope("coupon", "nothing"), "generated", {}),
        (Scope("coupon", clause="voucher"), "generated", {}),
        (Scope("coupon"), "generated", {"prefix": "no spaces"}),
        (Scope("coupon"), "generated", {"pool": "vouchers"}),
        (Scope("coupon"), "by_hand", {"url": "https://gifts.example/orders"}),
    ],
)
def test_a_provider_that_could_not_work_is_refused(scope: Scope, way: str, settings: dict[str, str]) -> None:
    bluebell = open_bluebell(GIFTS)
    with pytest.raises(ProviderNotUsable):
        set_provider(workspace=bluebell, scope=scope, way=way, now=NOW, settings=settings)


def test_the_nearest_provider_hands_over() -> None:
    bluebell = open_bluebell(GIFTS)
    fill(bluebell, "AAA-1")
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    set_provider(workspace=bluebell, scope=Scope("gift_card", "gifts", "card"), way="by_hand", now=NOW)
    buys(bluebell, "Ada")
    decide(bluebell, [event("d-1", "deposit", "Ada")])
    work()
    assert sorted(Order.objects.values_list("kind", "way")) == [("gift", "by_hand"), ("gift_card", "pool")]


def test_nobody_else_may_say_what_a_provider_delivered() -> None:
    raw = {"id": "x", "type": "reward_issued", "member": "Ada", "occurred_at": "2027-01-01T00:00:00Z"}
    assert isinstance(receive({**raw, "props": {"reward": 1}}, source="api", latest=None), Arrival)
    assert not isinstance(
        receive({**raw, "props": {"reward": 1, "delivered": [0]}}, source="api", latest=None), Arrival
    )


def test_an_operator_sees_what_waits_to_be_handed_over() -> None:
    bluebell = open_bluebell(GIFTS)
    fill(bluebell, "AAA-1")
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    buys(bluebell, "Ada", "Ben")
    work()
    figures = waiting_in(bluebell, NOW)
    assert (figures.orders, figures.codes) == (1, {"vouchers": 0})


def test_an_order_that_fails_unforeseen_waits_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell = open_bluebell(GIFTS)
    fill(bluebell, "AAA-1", "AAA-2")
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    buys(bluebell, "Ada", "Ben")
    pool = local_providers()["pool"]
    hand_over, asked = pool.hand_over, list[int]()

    def fail_first(wanted: Handover) -> ProviderAnswer:
        asked.append(wanted.reward.id)
        if wanted.reward.id == asked[0]:
            raise RuntimeError("nobody foresaw this")
        return hand_over(wanted)

    monkeypatch.setattr(pool, "hand_over", fail_first, raising=False)
    work()
    assert sorted(Reward.objects.filter(workspace=bluebell).values_list("state", flat=True)) == ["approved", "issued"]
    failed = Order.objects.get(workspace=bluebell, reward=asked[0])
    assert (failed.attempts, failed.lease_token) == (1, 0)
    assert failed.next_at is not None
    assert failed.next_at > NOW


def test_outcomes_that_cannot_be_entered_hold_up_no_other_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell, calm = open_bluebell(GIFTS), open_bluebell(GIFTS, name="calm")
    for each in (bluebell, calm):
        fill(each, "AAA-1")
        provide(each, "gift_card", "pool", pool="vouchers")
        buys(each, "Ada")
    enter = enter_outcomes

    def fail(workspace: Workspace, *arguments: Any, **named: Any) -> None:
        if workspace == bluebell:
            raise RuntimeError("nobody foresaw this")
        enter(workspace, *arguments, **named)

    monkeypatch.setattr(leased, "enter_outcomes", fail)
    work()
    assert (the_reward(bluebell).state, the_reward(calm).state) == ("approved", "issued")
