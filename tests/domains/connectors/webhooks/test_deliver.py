"""What happens is told to whoever wants to know, signed, at least once and under one id, whatever the receiver does."""

from __future__ import annotations

import json
import socket
import threading
from datetime import timedelta
from ipaddress import ip_network
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError
from standardwebhooks import Webhook, WebhookVerificationError

from sayso.core.engine.notices import KINDS
from sayso.domains.connectors.http import send as sending
from sayso.domains.connectors.http.destination import UrlNotAllowed
from sayso.domains.connectors.http.message import Outgoing
from sayso.domains.connectors.webhooks import deliver as delivering
from sayso.domains.connectors.webhooks.create import (
    EndpointNotUsable,
    EndpointSettings,
    change_endpoint,
    create_endpoint,
    remove_endpoint,
)
from sayso.domains.connectors.webhooks.disable import disable_endpoint, enable_endpoint
from sayso.domains.connectors.webhooks.judge import DeliveryAttempt
from sayso.domains.connectors.webhooks.models import Delivery, Endpoint
from sayso.domains.connectors.webhooks.replay import replay_delivery, replay_since
from sayso.domains.connectors.webhooks.rotate import rotate_secret
from sayso.domains.connectors.webhooks.settle import settle
from sayso.domains.connectors.webhooks.trial import send_test
from sayso.domains.jobs.lease import claim
from sayso.domains.jobs.relay import relay
from sayso.domains.people.models import Member
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import START, decide
from tests.domains.connectors.receiver import Got, answering, dripping, receiving, resetting
from tests.domains.connectors.webhooks.bluebell import (
    FRIENDS,
    ada_has_joined,
    ben_has_bought,
    deliver_all,
    delivered,
    endpoint_at,
    event,
    later,
    open_bluebell,
    the,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def loopback_allowed(settings: Any) -> None:
    settings.ALLOWED_INTERNAL = [ip_network("127.0.0.0/8")]


@pytest.fixture
def bluebell() -> Workspace:
    return open_bluebell(FRIENDS)


def told(got: Got) -> dict[str, Any]:
    """What a request says."""
    return dict(json.loads(got.body))


def test_a_referral_is_told_step_by_step(bluebell: Workspace) -> None:
    with receiving() as receiver:
        endpoint_at(bluebell, receiver.url)
        ben_has_bought(bluebell)
        deliver_all()
    kinds = [told(each)["type"] for each in receiver.got]
    for expected in ("member.joined", "referral.opened", "referral.completed", "reward.held", "wallet.changed"):
        assert expected in kinds
    reward = next(each for each in map(told, receiver.got) if each["type"] == "reward.held")
    data = reward["data"]
    assert data["id"].startswith("rew_")
    assert data["referral"].startswith("ref_")
    assert (data["program"], data["clause"], data["member"]["ref"]) == ("friends", "thanks", "Ada")
    assert data["member"]["id"].startswith("mem_")
    assert reward["timestamp"].endswith("Z")
    referral = next(each for each in map(told, receiver.got) if each["type"] == "referral.completed")
    assert (referral["data"]["advocate"]["ref"], referral["data"]["friend"]["ref"]) == ("Ada", "Ben")


def test_every_number_in_a_payload_is_a_public_id_or_an_amount(bluebell: Workspace) -> None:
    """What a receiver can name us by is an id: no number of ours leaves bare."""
    with receiving() as receiver:
        endpoint_at(bluebell, receiver.url)
        ben_has_bought(bluebell)
        deliver_all()
    numbers = set(Member.objects.values_list("id", flat=True))
    for got in receiver.got:
        for name, value in told(got)["data"].items():
            assert not isinstance(value, int) or value not in numbers, (name, value)


def test_the_signature_holds_and_that_of_another_body_does_not(bluebell: Workspace) -> None:
    with receiving() as receiver:
        _, secret = endpoint_at(bluebell, receiver.url)
        ada_has_joined(bluebell)
        deliver_all()
    got = receiver.got[0]
    assert Webhook(secret).verify(got.body, got.headers)["type"] == "member.joined"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(got.body + b" ", got.headers)


def test_only_what_an_endpoint_wants_is_told_to_it(bluebell: Workspace) -> None:
    with receiving() as receiver:
        endpoint, _ = endpoint_at(bluebell, receiver.url, kinds=["referral.completed"])
        ben_has_bought(bluebell)
        deliver_all()
        change_endpoint(
            workspace=bluebell, endpoint=endpoint.id, wanted=EndpointSettings(receiver.url, ["member.joined"])
        )
        decide(bluebell, [event("c-1", "signup", "Chloé")])
        relay(later())
        deliver_all()
    assert [told(each)["type"] for each in receiver.got] == ["referral.completed", "member.joined"]


def test_nothing_is_noted_down_where_nobody_listens(bluebell: Workspace) -> None:
    with receiving() as receiver:
        endpoint, _ = endpoint_at(bluebell, receiver.url)
        remove_endpoint(workspace=bluebell, endpoint=endpoint.id)
        ben_has_bought(bluebell)
    bluebell.refresh_from_db()
    assert (bluebell.listens, Delivery.objects.count(), receiver.got) == ("", 0, [])


def test_during_a_rotation_both_secrets_hold_and_then_the_new_one_alone(bluebell: Workspace) -> None:
    with receiving() as receiver:
        endpoint, old = endpoint_at(bluebell, receiver.url)
        _, new = rotate_secret(workspace=bluebell, endpoint=endpoint.id, now=later(), keep_hours=1)
        ada_has_joined(bluebell)
        deliver_all()
        replay_delivery(workspace=bluebell, delivery=delivered()[0].id, now=later(hours=2))
        deliver_all(hours=2)
    during, after = receiver.got
    for secret in (old, new):
        assert Webhook(secret).verify(during.body, during.headers)
    assert (len(during.headers["webhook-signature"].split()), len(after.headers["webhook-signature"].split())) == (2, 1)


def test_a_secret_does_not_stand_in_the_database(bluebell: Workspace) -> None:
    endpoint, secret = endpoint_at(bluebell, "http://127.0.0.1:9/")
    assert secret not in the(endpoint).secret
    assert secret.removeprefix("whsec_") not in the(endpoint).secret


def test_an_earlier_secret_key_of_the_installation_still_opens(bluebell: Workspace, settings: Any) -> None:
    with receiving() as receiver:
        endpoint_at(bluebell, receiver.url)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
        ada_has_joined(bluebell)
        deliver_all()
        assert len(receiver.got) == 1
        settings.SECRET_KEY_FALLBACKS = []
        replay_delivery(workspace=bluebell, delivery=delivered()[0].id, now=later())
        deliver_all()
    assert "SAYSO_SECRET_KEY" in delivered()[0].last_problem


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (answering(500), 500),
        (answering(404), 404),
        (answering(302, Location="http://127.0.0.1:9/"), 302),
        (resetting, 0),
        (dripping(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 1000, 0.02), 0),
    ],
    ids=["500", "404", "redirect", "reset", "one byte at a time"],
)
def test_what_fails_is_tried_again_later_under_the_same_id(
    bluebell: Workspace, act: Any, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "send", lambda outgoing: sending.send(outgoing, seconds=0.5))
    with receiving(act, answering(204)) as receiver:
        endpoint_at(bluebell, receiver.url)
        ada_has_joined(bluebell)
        deliver_all()
        first = delivered()[0]
        assert (first.state, first.attempts, first.last_status) == ("pending", 1, status)
        assert first.last_problem
        assert first.last_at is not None
        assert first.next_at is not None
        assert timedelta(seconds=5) <= first.next_at - first.last_at <= timedelta(seconds=6)
        deliver_all(seconds=3)
        assert len(receiver.got) == 1
        deliver_all(seconds=20)
    assert (delivered()[0].state, delivered()[0].attempts) == ("delivered", 2)
    assert {each.headers["webhook-id"] for each in receiver.got} == {first.id}
    assert receiver.got[0].body == receiver.got[1].body


def test_who_asks_to_wait_is_left_alone_with_everything(bluebell: Workspace) -> None:
    with receiving(answering(429, Retry_After="3600"), answering(200)) as receiver:
        endpoint_at(bluebell, receiver.url)
        ada_has_joined(bluebell)
        deliver_all()
        decide(bluebell, [event("c-1", "signup", "Chloé")])
        relay(later())
        deliver_all(minutes=59)
        assert len(receiver.got) == 1
        deliver_all(minutes=80)
    assert [each.state for each in delivered()] == ["delivered", "delivered"]


def test_one_success_side_by_side_with_failures_is_not_a_receiver_that_fails(bluebell: Workspace) -> None:
    endpoint, _ = endpoint_at(bluebell, "http://127.0.0.1:9/")
    decide(bluebell, [event(f"m-{number}", "signup", f"Member {number}") for number in range(4)])
    relay(later())
    rows = claim(Delivery.objects.order_by("number"), limit=4, now=later(), seconds=60)
    refused = DeliveryAttempt(500, "the receiver answered 500")
    assert settle([(row, refused) for row in rows[:2]], now=later()) == 2
    assert the(endpoint).failures == 1
    assert settle([(rows[2], refused), (rows[3], DeliveryAttempt(200))], now=later()) == 2
    assert (the(endpoint).failures, the(endpoint).failing_since) == (0, None)
    assert [each.state for each in delivered()] == ["pending", "pending", "pending", "delivered"]


def test_who_asks_to_wait_is_left_alone_though_another_line_got_through(bluebell: Workspace) -> None:
    endpoint, _ = endpoint_at(bluebell, "http://127.0.0.1:9/")
    decide(bluebell, [event(f"m-{number}", "signup", f"Member {number}") for number in range(2)])
    relay(later())
    asked, taken = claim(Delivery.objects.order_by("number"), limit=2, now=later(), seconds=60)
    settle(
        [(asked, DeliveryAttempt(429, "the receiver answered 429", "3600")), (taken, DeliveryAttempt(200))], now=later()
    )
    held_until = the(endpoint).held_until
    assert held_until is not None
    assert held_until > later(minutes=59)


def test_what_came_of_attempts_is_written_once_the_database_is_back(
    bluebell: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is away while a line ends costs no second message."""
    with receiving() as receiver:
        endpoint_at(bluebell, receiver.url)
        ada_has_joined(bluebell)
        lines = delivering.Lines()
        with monkeypatch.context() as away:
            away.setattr(delivering, "settle", Mock(side_effect=OperationalError("away")))
            with pytest.raises(OperationalError):
                lines.deliver(later())
        lines.finish()
        assert len(receiver.got) == 1
    assert (delivered()[0].state, delivered()[0].attempts) == ("delivered", 1)


def test_410_disables_at_once_and_nothing_is_lost(bluebell: Workspace) -> None:
    with receiving(answering(410), answering(200)) as receiver:
        endpoint, _ = endpoint_at(bluebell, receiver.url)
        ada_has_joined(bluebell)
        deliver_all()
        assert (the(endpoint).disabled_at is not None, "410" in the(endpoint).disabled_reason) == (True, True)
        decide(bluebell, [event("c-1", "signup", "Chloé")])
        relay(later())
        deliver_all(days=1)
        assert len(receiver.got) == 1
        enable_endpoint(workspace=bluebell, endpoint=endpoint.id, now=later())
        deliver_all()
    assert [each.state for each in delivered()] == ["delivered", "delivered"]


def test_a_receiver_that_is_away_is_spared_and_found_again(bluebell: Workspace) -> None:
    """Fails in a row make the whole endpoint wait: after those that were out at once, one attempt at a time."""
    with receiving(answering(500)) as receiver:
        endpoint, _ = endpoint_at(bluebell, receiver.url)
        decide(bluebell, [event(f"m-{number}", "signup", f"Member {number}") for number in range(40)])
        relay(later())
        deliver_all()
        assert len(receiver.got) < 25
        receiver.acts = [answering(200)]
        deliver_all(minutes=30)
        deliver_all(hours=2)
    assert {each.state for each in delivered()} == {"delivered"}
    assert the(endpoint).failures == 0


def test_days_of_failure_disable_with_a_reason(bluebell: Workspace) -> None:
    with receiving(answering(500)) as receiver:
        endpoint, _ = endpoint_at(bluebell, receiver.url)
        ada_has_joined(bluebell)
        deliver_all()
        decide(bluebell, [event("c-1", "signup", "Chloé")])
        relay(later())
        deliver_all(days=4)
        assert the(endpoint).disabled_at is None
        deliver_all(days=5, minutes=1)
    assert "500" in the(endpoint).disabled_reason


def test_who_had_nothing_to_take_for_weeks_is_not_disabled_by_one_failure(bluebell: Workspace) -> None:
    with receiving(answering(500)) as receiver:
        endpoint, _ = endpoint_at(bluebell, receiver.url)
        ada_has_joined(bluebell)
        Delivery.objects.update(attempts=9)
        deliver_all()
        assert delivered()[0].state == "failed"
        decide(bluebell, [event("c-1", "signup", "Chloé")])
        relay(later(days=30))
        deliver_all(days=30)
        assert (the(endpoint).disabled_at, the(endpoint).failures) == (None, 2)
        for hours in range(0, 24 * 6, 3):
            deliver_all(days=30, hours=hours)
    assert the(endpoint).disabled_at is None
    assert [each.state for each in delivered()] == ["failed", "failed"]


def test_a_delivery_is_given_up_after_its_last_attempt_and_can_be_replayed(bluebell: Workspace) -> None:
    with receiving(answering(500)) as receiver:
        endpoint, _ = endpoint_at(bluebell, receiver.url)
        ada_has_joined(bluebell)
        Delivery.objects.update(attempts=9)
        deliver_all()
        assert (delivered()[0].state, delivered()[0].next_at) == ("failed", None)
        receiver.acts = [answering(200)]
        before, after = START - timedelta(hours=1), START + timedelta(hours=1)
        assert replay_since(workspace=bluebell, endpoint=endpoint.id, since=after, now=later()) == 0
        assert replay_since(workspace=bluebell, endpoint=endpoint.id, since=before, now=later()) == 1
        deliver_all()
        assert delivered()[0].state == "delivered"
        again = replay_since(workspace=bluebell, endpoint=endpoint.id, since=before, now=later(), failed_only=False)
        assert again == 1


def test_a_replay_that_is_asked_for_during_the_last_attempt_is_made(bluebell: Workspace) -> None:
    endpoint_at(bluebell, "http://127.0.0.1:9/")
    ada_has_joined(bluebell)
    Delivery.objects.update(attempts=9)
    (last,) = claim(Delivery.objects.filter(next_at__gt=0), limit=1, now=later(), seconds=60)
    replay_delivery(workspace=bluebell, delivery=last.id, now=later(seconds=1))
    settle([(last, DeliveryAttempt(500, "the receiver answered 500"))], now=later(seconds=2))
    again = delivered()[0]
    assert (again.state, again.attempts) == ("pending", 0)
    assert claim(Delivery.objects.filter(next_at__gt=0), limit=1, now=later(seconds=3), seconds=60) == [again]


def test_who_was_erased_has_no_name_in_what_is_sent_later(bluebell: Workspace) -> None:
    with receiving() as receiver:
        endpoint, _ = endpoint_at(bluebell, receiver.url, kinds=["member.joined", "referral.completed"])
        disable_endpoint(workspace=bluebell, endpoint=endpoint.id, now=later())
        ben_has_bought(bluebell)
        decide(bluebell, [event("b-9", "member_erased", "Ben", after=timedelta(hours=3))])
        relay(later())
        enable_endpoint(workspace=bluebell, endpoint=endpoint.id, now=later())
        deliver_all()
    everything = b"".join(each.body for each in receiver.got)
    assert b"Ada" in everything
    assert b"Ben" not in everything
    referral = next(each for each in map(told, receiver.got) if each["type"] == "referral.completed")
    assert referral["data"]["friend"]["ref"] is None
    assert not any("Ben" in str(row) for row in Delivery.objects.values())


def test_a_worker_that_wakes_after_its_lease_writes_nothing(bluebell: Workspace) -> None:
    endpoint, _ = endpoint_at(bluebell, "http://127.0.0.1:9/")
    ada_has_joined(bluebell)
    rows = Delivery.objects.filter(next_at__gt=0)
    (asleep,) = claim(rows, limit=1, now=later(), seconds=60)
    (awake,) = claim(rows, limit=1, now=later(seconds=61), seconds=60)
    assert settle([(awake, DeliveryAttempt(200))], now=later(seconds=62)) == 1
    assert settle([(asleep, DeliveryAttempt(500, "the receiver answered 500"))], now=later(seconds=63)) == 0
    assert settle([(asleep, DeliveryAttempt(200))], now=later(seconds=63)) == 0
    assert (delivered()[0].state, delivered()[0].attempts, the(endpoint).failures) == ("delivered", 1, 0)


def test_a_worker_that_slept_sends_nothing_either() -> None:
    outcome = delivering.attempt(Outgoing("http://127.0.0.1:9/"), until=0.0)
    assert "asleep" in outcome.problem


def test_a_test_delivery_goes_at_once_and_counts_for_nothing(bluebell: Workspace) -> None:
    with receiving(answering(500), answering(200)) as receiver:
        endpoint, secret = endpoint_at(bluebell, receiver.url)
        failed = send_test(workspace=bluebell, endpoint=endpoint.id, now=later())
        fine = send_test(workspace=bluebell, endpoint=endpoint.id, now=later())
        deliver_all(days=1)
    assert (failed.state, failed.last_status, fine.state) == ("failed", 500, "delivered")
    assert (the(endpoint).failures, len(receiver.got)) == (0, 2)
    assert Webhook(secret).verify(receiver.got[1].body, receiver.got[1].headers)["type"] == "webhook.test"


def test_a_slow_receiver_does_not_hold_up_another(bluebell: Workspace) -> None:
    others_are_done = threading.Event()

    def wait_for_the_others(line: socket.socket) -> None:
        others_are_done.wait(5)
        answering(200)(line)

    def take(line: socket.socket) -> None:
        if len(quick.got) == 30:
            others_are_done.set()
        answering(200)(line)

    with receiving(wait_for_the_others) as slow, receiving(take) as quick:
        endpoint_at(bluebell, slow.url)
        endpoint_at(bluebell, quick.url)
        decide(bluebell, [event(f"m-{number}", "signup", f"Member {number}") for number in range(30)])
        relay(later())
        deliver_all()
        assert others_are_done.is_set()
    assert {each.state for each in delivered()} == {"delivered"}


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (EndpointSettings("https://169.254.169.254/"), UrlNotAllowed),
        (EndpointSettings("https://bluebell.example/", []), EndpointNotUsable),
        (EndpointSettings("https://bluebell.example/", ["reward.aproved"]), EndpointNotUsable),
        (EndpointSettings("https://bluebell.example/", ["*"], "x" * 501), EndpointNotUsable),
    ],
)
def test_what_cannot_be_an_endpoint_is_refused(
    bluebell: Workspace, wanted: EndpointSettings, error: type[Exception]
) -> None:
    with pytest.raises(error):
        create_endpoint(workspace=bluebell, wanted=wanted, now=later())
    assert not Endpoint.objects.exists()


def test_endpoints_of_another_workspace_are_not_there(bluebell: Workspace) -> None:
    endpoint, _ = endpoint_at(bluebell, "https://bluebell.example/")
    other = open_bluebell(name="other")
    with pytest.raises(LookupError):
        disable_endpoint(workspace=other, endpoint=endpoint.id, now=later())
    assert set(KINDS) >= set(bluebell.listens.split())
