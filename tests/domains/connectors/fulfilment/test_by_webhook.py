"""A receiver hands over: whatever it answers, or does not, nothing is delivered twice by its own record."""

import json
import threading
import time
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connections
from standardwebhooks import Webhook

from sayso.core.engine.why import Audience
from sayso.domains.connectors.fulfilment.judge import of_check, of_order, of_status
from sayso.domains.connectors.http.message import Outgoing, Reply
from sayso.domains.connectors.http.send import send as send_really
from sayso.domains.decisions.verify import verify
from sayso.domains.decisions.why import Question, answer_why
from sayso.domains.events.act import Actor
from sayso.domains.events.models import Event
from sayso.domains.ledger.models import Balance
from sayso.domains.rewards.deny import deny_reward
from sayso.domains.rewards.fulfilment.elsewhere import Lines
from sayso.domains.rewards.fulfilment.port import ProviderNotUsable
from sayso.domains.rewards.fulfilment.queries import for_people
from sayso.domains.rewards.issue import issue_reward
from sayso.domains.rewards.models import Order, Provider, Reward
from sayso.domains.rewards.rule import RewardNotOpen, rule
from sayso.domains.rewards.set_provider import ProviderBusy
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import decide, event, open_bluebell
from tests.domains.connectors.fulfilment.supplier import RESETS, TAKES_AND_RESETS, Mood, Supplier, supplying
from tests.domains.rewards.gifts import GIFTS, NOW, buys, provide, returns, the_order, the_reward, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def loopback_allowed(settings: Any) -> None:
    settings.ALLOWED_INTERNAL = [ip_network("127.0.0.0/8")]


@pytest.fixture
def bluebell() -> Workspace:
    return open_bluebell(GIFTS)


def deliver(*, later: timedelta = timedelta()) -> None:
    """What the worker does, with the receiver too."""
    work(later=later)
    hand_over_elsewhere(NOW + later)
    work(later=later)


def hand_over_elsewhere(now: datetime) -> None:
    """What a worker does that has just begun, until nobody is left to ask."""
    lines = Lines()
    while lines.hand_over(now):
        pass


def ordered(bluebell: Workspace, supplier: Supplier, **settings: object) -> None:
    """Ada earns a gift card, which a supplier is asked for."""
    provide(bluebell, "gift_card", "webhook", url=supplier.url, **settings)
    buys(bluebell, "Ada")
    deliver()


def why_not(bluebell: Workspace, audience: Audience) -> str:
    """Why Ada does not get it; that somebody of the staff looked at it would be untrue."""
    told = answer_why(bluebell, Question("Ada", None, audience, "en"))[0].words.as_text()
    assert "person" not in told
    return told


def budget(workspace: Workspace) -> int:
    return Balance.objects.get(workspace=workspace, kind=1).balance


def loss(workspace: Workspace) -> int:
    found = Balance.objects.filter(workspace=workspace, kind=9).first()
    return found.balance if found else 0


def test_a_receiver_confirms_with_a_code(bluebell: Workspace) -> None:
    with supplying() as supplier:
        ordered(bluebell, supplier)
    order = the_order(bluebell)
    assert (order.state, order.code, order.reference) == ("delivered", "CARD-1", "no. CARD-1")
    assert the_reward(bluebell).state == "issued"
    said = supplier.asked[0]["data"]
    assert (said["key"], said["kind"], said["value"], said["currency"]) == (order.key, "gift_card", 2000, "EUR")
    assert (said["member"]["ref"], said["test"]) == ("Ada", True)
    assert verify(bluebell) == []


def test_messages_are_signed_and_an_order_bears_its_key(bluebell: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Outgoing] = []

    def keep(outgoing: Outgoing) -> Reply:
        sent.append(outgoing)
        return send_really(outgoing)

    monkeypatch.setattr("sayso.domains.connectors.fulfilment.by_webhook.send", keep)
    with supplying() as supplier:
        first = provide(bluebell, "gift_card", "webhook", url=supplier.url).once["secret"]
        second = provide(bluebell, "gift_card", "webhook", new_secret=True).once["secret"]
        assert provide(bluebell, "gift_card", "webhook").once == {}
        buys(bluebell, "Ada")
        deliver()
    headers = dict(sent[0].headers or {})
    assert headers["webhook-id"] == the_order(bluebell).key
    signature = Webhook(second).sign(headers["webhook-id"], NOW, sent[0].body.decode())
    assert signature in headers["webhook-signature"].split()
    assert first not in str(Provider.objects.get().settings)
    assert second not in str(Provider.objects.get().settings)


@pytest.mark.parametrize("mood", [RESETS, TAKES_AND_RESETS, 500, 503, 429, "takes:500", "takes:503"])
def test_an_unclear_answer_is_asked_about_before_anything_is_sent_again(bluebell: Workspace, mood: Mood) -> None:
    with supplying(mood) as supplier:
        ordered(bluebell, supplier)
        assert the_order(bluebell).state == "unknown"
        deliver()
        assert supplier.kinds() == ["order"]  # it has its time
        deliver(later=timedelta(minutes=1))
    taken = "takes" in str(mood)
    assert supplier.kinds() == (["order", "status"] if taken else ["order", "status", "order"])
    assert list(supplier.deliveries.values()) == [1]
    assert (the_reward(bluebell).state, the_order(bluebell).code) == ("issued", "CARD-1")


@pytest.mark.parametrize("mood", [302, 400, 401, 404, 410])
def test_a_clear_no_leaves_the_order_unsent_and_it_is_tried_later(bluebell: Workspace, mood: Mood) -> None:
    with supplying(mood) as supplier:
        ordered(bluebell, supplier)
        assert (the_order(bluebell).state, the_order(bluebell).reason) == ("pending", f"mood {mood}")
        deliver(later=timedelta(days=1))
    assert supplier.kinds() == ["order", "order"]
    assert the_reward(bluebell).state == "issued"


def test_nobody_there_leaves_the_order_unsent(bluebell: Workspace) -> None:
    with supplying() as supplier:
        pass
    ordered(bluebell, supplier)
    assert the_order(bluebell).state == "pending"


@pytest.mark.parametrize("mood", [409, 422])
def test_a_refusal_denies_the_reward_and_frees_the_budget(bluebell: Workspace, mood: Mood) -> None:
    with supplying(mood) as supplier:
        ordered(bluebell, supplier)
    assert (the_order(bluebell).state, the_reward(bluebell).state) == ("refused", "denied")
    denied = Event.objects.get(type="reward_denied")
    assert (denied.source, denied.props["reason"]) == ("sayso", f"mood {mood}")
    assert budget(bluebell) == 10_000
    assert verify(bluebell) == []


def test_a_late_veto_is_asked_for_before_anything_is_sent(bluebell: Workspace) -> None:
    with supplying() as supplier:
        supplier.veto = "she left the programme"
        ordered(bluebell, supplier, check=True)
    assert supplier.kinds() == ["check"]
    assert (the_reward(bluebell).state, the_order(bluebell).reason) == ("denied", "she left the programme")
    assert "“she left the programme”" in why_not(bluebell, "staff")
    assert "it could not be handed over" in why_not(bluebell, "member")
    with supplying() as supplier:
        provide(bluebell, "gift_card", "webhook", url=supplier.url)
        buys(bluebell, "Ben")
        deliver()
    assert supplier.kinds() == ["check", "order"]


def test_a_failure_that_is_told_later_frees_the_budget(bluebell: Workspace) -> None:
    with supplying(500) as supplier:
        supplier.status = "failed"
        ordered(bluebell, supplier)
        deliver(later=timedelta(minutes=1))
    assert supplier.kinds() == ["order", "status"]
    assert (the_order(bluebell).state, the_reward(bluebell).state) == ("failed", "denied")
    assert budget(bluebell) == 10_000


def by_hand(bluebell: Workspace) -> Reward:
    """Eva says that she handed the reward over."""
    return issue_reward(
        workspace=bluebell, reward=the_reward(bluebell).id, proof="parcel 17", actor=Actor("staff", "Eva"), now=NOW
    )


def test_what_stays_unknown_for_days_is_shown_to_a_person_and_asked_no_more(bluebell: Workspace) -> None:
    with supplying(500) as supplier:
        supplier.status = "pending"
        ordered(bluebell, supplier)
        with pytest.raises(RewardNotOpen, match="with its receiver"):
            by_hand(bluebell)
        for hours in range(0, 24 * 7, 6):
            deliver(later=timedelta(hours=hours, minutes=1))
        asked = len(supplier.asked)
        deliver(later=timedelta(days=30))
    assert (the_order(bluebell).state, the_order(bluebell).next_at) == ("unknown", None)
    assert (len(supplier.asked), supplier.kinds().count("order")) == (asked, 1)
    assert [each.reward for each in for_people(bluebell)] == [the_reward(bluebell).id]
    assert by_hand(bluebell).state == "issued"
    work(later=timedelta(days=31))
    assert (the_order(bluebell).state, the_order(bluebell).entered) == ("delivered", True)
    assert verify(bluebell) == []


def test_what_a_person_handed_over_is_asked_of_no_receiver_any_more(bluebell: Workspace) -> None:
    with supplying(400) as supplier:
        ordered(bluebell, supplier)
        assert by_hand(bluebell).state == "issued"
        assert (the_order(bluebell).state, the_order(bluebell).next_at) == ("cancelled", None)
        deliver(later=timedelta(days=1))
    assert supplier.kinds() == ["order"]
    assert verify(bluebell) == []


def test_a_person_and_the_worker_never_both_hand_over(bluebell: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eva issues by hand while the receiver is asked whether it minds, and the worker looks before she is done."""
    begun = threading.Event()

    def eva() -> None:
        try:
            by_hand(bluebell)
        finally:
            connections.close_all()

    staff = threading.Thread(target=eva)

    def slowly(**said: Any) -> Reward:
        begun.set()
        time.sleep(0.3)
        return rule(**said)

    def meanwhile(outgoing: Outgoing) -> Reply:
        if b"fulfilment.check" in outgoing.body:
            staff.start()
            assert begun.wait(10)
        return send_really(outgoing)

    monkeypatch.setattr("sayso.domains.rewards.issue.rule", slowly)
    monkeypatch.setattr("sayso.domains.connectors.fulfilment.by_webhook.send", meanwhile)
    with supplying() as supplier:
        provide(bluebell, "gift_card", "webhook", url=supplier.url, check=True)
        buys(bluebell, "Ada")
        work()
        hand_over_elsewhere(NOW)
        staff.join()
    assert (supplier.kinds(), the_order(bluebell).state, the_reward(bluebell).state) == (
        ["check"], "cancelled", "issued"
    )  # fmt: skip
    assert verify(bluebell) == []


@pytest.mark.parametrize("mood", [TAKES_AND_RESETS, RESETS])
def test_taken_back_while_nobody_knows_is_found_out_and_lost_only_if_it_was_delivered(
    bluebell: Workspace, mood: Mood
) -> None:
    with supplying(mood) as supplier:
        ordered(bluebell, supplier)
        returns(bluebell, "Ada")
        deliver(later=timedelta(minutes=1))
    assert supplier.kinds() == ["order", "status"]
    assert the_reward(bluebell).state == "reversed"
    taken = mood == TAKES_AND_RESETS
    assert the_order(bluebell).state == ("delivered" if taken else "cancelled")
    assert (budget(bluebell), loss(bluebell)) == ((8_000, 2_000) if taken else (10_000, 0))
    deliver(later=timedelta(days=1))
    assert loss(bluebell) == (2_000 if taken else 0)
    assert verify(bluebell) == []


def test_a_part_delivered_and_a_part_refused_is_a_persons_to_settle(bluebell: Workspace) -> None:
    with supplying(409) as supplier:
        provide(bluebell, "gift", "webhook", url=supplier.url)
        provide(bluebell, "gift_card", "generated")
        decide(bluebell, [event("d-1", "deposit", "Ada")])
        deliver()
    assert dict(Order.objects.values_list("kind", "state")) == {"gift_card": "delivered", "gift": "refused"}
    assert the_reward(bluebell).state == "approved"
    assert {each.reward for each in for_people(bluebell)} == {the_reward(bluebell).id}
    actor = Actor("staff", "Eva")
    deny_reward(workspace=bluebell, reward=the_reward(bluebell).id, reason="half of it", actor=actor, now=NOW)
    deliver(later=timedelta(hours=1))
    # The card of 5 EUR is hers; the mug never was.
    assert (the_reward(bluebell).state, budget(bluebell), loss(bluebell)) == ("denied", 9_500, 500)
    assert list(for_people(bluebell)) == []
    assert verify(bluebell) == []


def test_a_worker_that_slept_past_its_lease_changes_nothing(
    bluebell: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with supplying() as supplier:
        provide(bluebell, "gift_card", "webhook", url=supplier.url)
        buys(bluebell, "Ada")
        work()

        def asleep(outgoing: Outgoing) -> Reply:
            monkeypatch.setattr("sayso.domains.connectors.fulfilment.by_webhook.send", send_really)
            reply = send_really(outgoing)
            try:
                hand_over_elsewhere(NOW + timedelta(hours=1))  # another worker, after the lease
                Order.objects.update(reference="by the other")
            finally:
                connections.close_all()
            return reply

        monkeypatch.setattr("sayso.domains.connectors.fulfilment.by_webhook.send", asleep)
        hand_over_elsewhere(NOW)
    assert supplier.kinds() == ["order", "status"]
    assert (the_order(bluebell).state, the_order(bluebell).reference) == ("delivered", "by the other")
    assert Event.objects.filter(type="reward_issued").count() == 1


def test_a_worker_that_wakes_after_its_lease_sends_nothing(
    bluebell: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with supplying() as supplier:
        with monkeypatch.context() as patch:
            # What is left of it is shorter than sending may take.
            patch.setattr("sayso.domains.rewards.fulfilment.leased.LEASE_SECONDS", 10.0)
            ordered(bluebell, supplier)
        assert (supplier.kinds(), the_order(bluebell).state) == ([], "pending")
        assert "asleep" in the_order(bluebell).reason
        deliver(later=timedelta(minutes=1))
    assert (supplier.kinds(), the_reward(bluebell).state) == (["order"], "issued")


def test_a_receiver_is_not_replaced_while_it_alone_knows_what_became_of_an_order(bluebell: Workspace) -> None:
    with supplying(500) as supplier:
        ordered(bluebell, supplier)
        with pytest.raises(ProviderBusy):
            provide(bluebell, "gift_card", "webhook", url=f"{supplier.url}/elsewhere")
        with pytest.raises(ProviderBusy):
            provide(bluebell, "gift_card", "by_hand")
    with pytest.raises(ProviderNotUsable):
        provide(bluebell, "coupon", "webhook", url="http://10.0.0.1/orders")


def test_one_receiver_that_is_silent_holds_up_nobody_else(bluebell: Workspace) -> None:
    with supplying(*[500] * 20) as silent, supplying() as supplier:
        provide(bluebell, "gift_card", "webhook", url=silent.url)
        provide(bluebell, "coupon", "webhook", url=supplier.url)
        buys(bluebell, "Ada", "Ben", "Dario", "Eva")
        decide(bluebell, [event("s-1", "survey_answered", "Ada", props={"score": 9})])
        deliver()
    assert silent.kinds() == ["order"]
    assert dict(Reward.objects.values_list("clause", "state")) == {"card": "approved", "voucher": "issued"}


def test_an_answer_that_no_database_keeps_is_told_and_the_order_stays_unknown(bluebell: Workspace) -> None:
    with supplying(500) as supplier:
        supplier.status = "\0\ud800"
        ordered(bluebell, supplier)
        deliver(later=timedelta(minutes=1))
    order = the_order(bluebell)
    assert (order.state, order.reason) == ("unknown", r"it answered a status that is none: '\x00\ud800'")


def test_an_order_that_fails_in_a_way_nobody_foresaw_holds_up_nobody_else(
    bluebell: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(outgoing: Outgoing) -> Reply:
        if b"gift_card" in outgoing.body:
            raise RuntimeError("nobody foresaw this")
        return send_really(outgoing)

    monkeypatch.setattr("sayso.domains.connectors.fulfilment.by_webhook.send", breaks)
    with supplying() as supplier:
        ordered(bluebell, supplier)
        provide(bluebell, "coupon", "webhook", url=supplier.url)
        decide(bluebell, [event("s-1", "survey_answered", "Ada", props={"score": 9})])
        deliver(later=timedelta(minutes=1))
    assert dict(Reward.objects.values_list("clause", "state")) == {"card": "approved", "voucher": "issued"}
    left = Order.objects.get(kind="gift_card")
    assert (left.state, left.attempts, left.lease_token) == ("asking", 2, 0)  # it may have been sent
    assert verify(bluebell) == []


def test_a_web_page_is_no_word_of_a_receiver() -> None:
    page = Reply(200, {"content-type": "text/html; charset=utf-8"}, b"<h1>Sign in</h1>", cut=False)
    assert [judged(page, now=NOW).said for judged in (of_check, of_order, of_status)] == ["waits", "unknown", "unknown"]


@pytest.mark.parametrize("code", ["x" * 501, "CARD\n1", ["CARD-1"], 1.5, True])
def test_a_code_that_cannot_be_kept_is_not_lost_without_a_word(code: object) -> None:
    reply = Reply(200, {}, json.dumps({"status": "delivered", "code": code}).encode(), cut=False)
    for judged in (of_order, of_status):
        answer = judged(reply, now=NOW)
        assert answer.said == "unknown"
        assert "a code that cannot be kept" in answer.reason


@pytest.mark.parametrize(("code", "kept"), [("x" * 500, "x" * 500), (1234, "1234"), (None, ""), ("", "")])
def test_a_code_that_can_be_kept_is_and_none_is_no_problem(code: object, kept: str) -> None:
    reply = Reply(200, {}, json.dumps({"code": code}).encode(), cut=False)
    answer = of_order(reply, now=NOW)
    assert (answer.said, answer.code) == ("delivered", kept)


def test_nothing_that_was_said_about_erased_people_is_left(bluebell: Workspace) -> None:
    with supplying(409) as supplier:
        ordered(bluebell, supplier)
        assert "mood 409" in str(Event.objects.get(type="reward_denied").props)
        buys(bluebell, "Ben", "Eva")
        work()
        decide(bluebell, [event(f"gone-{name}", "member_erased", name) for name in ("Ada", "Ben")])
        deliver()
        decide(bluebell, [event("gone-Eva", "member_erased", "Eva")])
    assert "Ben" not in str(supplier.asked)
    assert set(Order.objects.values_list("state", "code", "reference", "reason")) == {
        ("refused", "", "", ""),
        ("delivered", "CARD-1", "", ""),
    }
    assert not [each for each in Event.objects.filter(type="reward_denied") if "mood" in f"{each.props}{each.outcome}"]
    assert verify(bluebell) == []
