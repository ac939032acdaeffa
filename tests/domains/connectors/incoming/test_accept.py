"""A message becomes an event once, after its mapping was tried and its signature checked, and says so to its sender."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from sayso.domains.connectors.incoming import accept
from sayso.domains.connectors.incoming.clean import clean_untaken
from sayso.domains.connectors.incoming.create import (
    SourceNameNotUsable,
    SourceWanted,
    change_mapping,
    create_source,
    replace_secret,
)
from sayso.domains.connectors.incoming.enable import NotTried, Sample, disable_source, enable_source, try_mapping
from sayso.domains.connectors.incoming.models import Source, Untaken
from sayso.domains.connectors.incoming.queries import untaken_by
from sayso.domains.connectors.incoming.signatures import Signed, Signing
from sayso.domains.connectors.incoming.translate import LARGEST_BYTES
from sayso.domains.decisions.committer import TooBusy, stop_committer
from sayso.domains.events.models import Event
from sayso.domains.workspaces.models import Workspace
from sayso.web import hooks
from sayso.web.throttle import Throttle
from tests.domains.cast import STARS, START, open_bluebell
from tests.domains.connectors.incoming.messages import (
    CHECKOUT,
    CHECKOUT_MAPPING,
    NOW,
    STRIPE_SECRET,
    body_of,
    by_stripe,
    live_source,
    made_source,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bluebell() -> Iterator[Workspace]:
    yield open_bluebell(STARS)
    stop_committer()


@pytest.fixture
def stripe(bluebell: Workspace) -> Source:
    return live_source(bluebell, CHECKOUT_MAPPING, CHECKOUT)


def take(source: Source, signed: Signed, *, now: datetime = NOW) -> accept.Accepted:
    """Take a message."""
    return accept.accept_message(address=source.id, signed=signed, now=now)


def stored() -> list[tuple[str, str, str, int | None]]:
    """What of these messages is in the log."""
    events = Event.objects.filter(source="stripe").order_by("position")
    return list(events.values_list("source", "external_id", "type", "amount_minor"))


def test_a_message_becomes_an_event_once(stripe: Source) -> None:
    assert take(stripe, by_stripe(CHECKOUT)).events == {"order-7": "decided"}
    later = NOW + timedelta(minutes=10)
    again = take(stripe, by_stripe(CHECKOUT, at=later), now=later)
    assert again.events == {"order-7": "known"}
    assert stored() == [("stripe", "order-7", "purchase", 2590)]


def test_a_message_without_a_time_of_its_own_is_known_when_it_comes_again(bluebell: Workspace) -> None:
    event = {**CHECKOUT_MAPPING["rules"]["paid"]["event"]}
    del event["occurred_at"]
    source = live_source(bluebell, {"rules": {"paid": {"when": {}, "event": event}}}, CHECKOUT)
    take(source, by_stripe(CHECKOUT))
    later = NOW + timedelta(minutes=10)
    assert take(source, by_stripe(CHECKOUT, at=later), now=later).events == {"order-7": "known"}
    assert not untaken_by(source, since=START)


def test_a_retry_of_stripe_that_differs_only_in_who_still_waits_is_known(bluebell: Workspace) -> None:
    event = {**CHECKOUT_MAPPING["rules"]["paid"]["event"]}
    del event["id"]
    source = live_source(bluebell, {"rules": {"paid": {"when": {}, "event": event}}}, CHECKOUT)
    first, again = (take(source, by_stripe({**CHECKOUT, "pending_webhooks": left})).events for left in (2, 1))
    assert (first, again) == ({"evt_1/paid": "decided"}, {"evt_1/paid": "known"})


def test_an_id_that_is_stored_with_another_content_is_counted(stripe: Source) -> None:
    take(stripe, by_stripe(CHECKOUT))
    other = json.loads(json.dumps(CHECKOUT))
    other["data"]["object"]["amount_total"] = 1
    assert take(stripe, by_stripe(other)).events == {"order-7": "known"}
    assert [(each.outcome, each.last_id) for each in untaken_by(stripe, since=START)] == [("differs", "order-7")]
    assert len(stored()) == 1


def test_what_no_rule_is_for_is_counted_and_its_content_is_kept_nowhere(stripe: Source) -> None:
    for _ in range(3):
        taken = take(stripe, by_stripe({"type": "customer.created", "name": "Chloé of Bluebell"}))
        assert not taken.events
    (row,) = untaken_by(stripe, since=START)
    assert (row.outcome, row.count, row.last_id) == ("ignored", 3, taken.message)
    assert "Chloé" not in str(row.__dict__)


def test_what_is_no_event_is_refused_with_the_field_and_taken_once_the_mapping_is_right(stripe: Source) -> None:
    nobody = {**CHECKOUT, "data": {"object": {**CHECKOUT["data"]["object"], "currency": "euro", "customer": "Eva"}}}  # type: ignore[index]
    with pytest.raises(accept.MessageRefused) as refused:
        take(stripe, by_stripe(nobody))
    assert [each.path for each in refused.value.problems] == ["paid.currency"]
    (row,) = untaken_by(stripe, since=START)
    assert (row.outcome, row.last_problem) == ("refused", "paid.currency")
    assert not stored()


def test_nothing_is_live_before_it_was_tried(bluebell: Workspace) -> None:
    made_source(bluebell, "stripe", Signing("stripe"), CHECKOUT_MAPPING, STRIPE_SECRET)
    source = Source.objects.get()
    with pytest.raises(LookupError):
        take(source, by_stripe(CHECKOUT))
    with pytest.raises(NotTried):
        enable_source(workspace=bluebell, name="stripe", now=NOW)
    empty = try_mapping(workspace=bluebell, name="stripe", sample=Sample(b'{"type": "other"}'), now=NOW)
    assert (empty.events, empty.problems) == ([], [])
    with pytest.raises(NotTried):
        enable_source(workspace=bluebell, name="stripe", now=NOW)
    wrong = try_mapping(
        workspace=bluebell,
        name="stripe",
        sample=Sample(body_of({**CHECKOUT, "created": "soon"})),
        now=NOW,
    )
    assert [each.path for each in wrong.problems] == ["paid.occurred_at"]
    tried = try_mapping(workspace=bluebell, name="stripe", sample=Sample(body_of(CHECKOUT)), now=NOW)
    assert [each["id"] for each in tried.events] == ["order-7"]
    assert not stored()
    enable_source(workspace=bluebell, name="stripe", now=NOW)
    assert take(source, by_stripe(CHECKOUT)).events


def test_a_new_draft_changes_nothing_until_it_is_tried_and_enabled(bluebell: Workspace, stripe: Source) -> None:
    draft = json.loads(json.dumps(CHECKOUT_MAPPING))
    draft["rules"]["paid"]["event"]["id"] = {"path": "id"}
    change_mapping(workspace=bluebell, name="stripe", mapping=draft)
    with pytest.raises(NotTried):
        enable_source(workspace=bluebell, name="stripe", now=NOW)
    assert take(stripe, by_stripe(CHECKOUT)).events == {"order-7": "decided"}
    try_mapping(workspace=bluebell, name="stripe", sample=Sample(body_of(CHECKOUT)), now=NOW)
    enable_source(workspace=bluebell, name="stripe", now=NOW)
    assert take(stripe, by_stripe(CHECKOUT)).events == {"evt_1": "decided"}


def test_a_secret_that_was_replaced_opens_nothing(bluebell: Workspace, stripe: Source) -> None:
    replace_secret(workspace=bluebell, name="stripe", secret="another secret")
    with pytest.raises(ValueError, match="signature"):
        take(stripe, by_stripe(CHECKOUT))
    assert take(stripe, by_stripe(CHECKOUT, "another secret")).events


@pytest.mark.parametrize("name", ["sayso", "portal", "staff", "api", "Stripe", "", "a b", "stripe"])
def test_a_source_has_a_name_of_its_own(bluebell: Workspace, stripe: Source, name: str) -> None:
    wanted = SourceWanted(name, Signing("stripe"), CHECKOUT_MAPPING, STRIPE_SECRET)
    with pytest.raises(SourceNameNotUsable):
        create_source(workspace=bluebell, wanted=wanted, now=NOW)


# --- through the web ------------------------------------------------------------------------------------------------


def post(source: str, signed: Signed, **more: Any) -> Any:
    """Send a message as its sender does."""
    headers = {name: value for name, value in signed.headers.items() if value}
    return Client().post(
        f"/hooks/{source}", signed.body, content_type="application/json", headers=headers, secure=True, **more
    )


def test_the_sender_is_told_what_became_of_it(stripe: Source) -> None:
    now = datetime.now(UTC)
    answer = post(stripe.id, by_stripe(CHECKOUT, at=now))
    assert (answer.status_code, answer.json()["events"]) == (200, [{"id": "order-7", "status": "decided"}])
    ignored = post(stripe.id, by_stripe({"type": "other"}, at=now))
    assert (ignored.status_code, ignored.json()["status"]) == (200, "ignored")
    assert answer.headers["X-Request-Id"]


def test_a_sender_that_is_refused_is_told_why(
    bluebell: Workspace, stripe: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    fine = by_stripe(CHECKOUT, at=now)
    assert post(stripe.id, by_stripe(CHECKOUT, "a wrong secret", at=now)).status_code == 401
    assert post(stripe.id, Signed(b"{}", {})).status_code == 401
    assert post("whs_0000000000000", fine).status_code == 404
    assert post("nonsense", fine).status_code == 404
    assert post(stripe.id, by_stripe({**CHECKOUT, "created": "soon"}, at=now)).status_code == 422
    assert post(stripe.id, Signed(b"x" * (LARGEST_BYTES + 1), fine.headers)).status_code == 413
    assert Client().get(f"/hooks/{stripe.id}", secure=True).status_code == 405

    class Busy:
        def decide(self, *_: Any, **__: Any) -> Any:
            raise TooBusy(3)

    monkeypatch.setattr(accept, "committer", Busy)
    busy = post(stripe.id, fine)
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "3")
    assert busy.headers["Content-Type"] == "application/problem+json"
    disable_source(workspace=bluebell, name="stripe")
    assert post(stripe.id, fine).status_code == 404
    assert not stored()


def test_who_cannot_sign_waits_and_who_can_does_not(stripe: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "throttle", Throttle(((60.0, 2),)))
    fine, forged = by_stripe(CHECKOUT, at=datetime.now(UTC)), Signed(b"{}", {})
    assert [post(stripe.id, fine).status_code for _ in range(4)] == [200] * 4
    assert [post(stripe.id, forged).status_code for _ in range(3)] == [401, 401, 429]
    assert post(stripe.id, fine).headers["Retry-After"]
    assert post(stripe.id, fine, REMOTE_ADDR="192.0.2.2").status_code == 200
    assert post("whs_0000000000000", fine).status_code == 404


def test_what_was_counted_is_forgotten_after_a_while(stripe: Source, settings: Any) -> None:
    settings.DELIVERIES_KEPT_DAYS = 30
    for days in (0, 1):
        moment = NOW + timedelta(days=days)
        take(stripe, by_stripe({"type": "other"}, at=moment), now=moment)
    clean_untaken(NOW + timedelta(days=30))
    assert Untaken.objects.count() == 2
    clean_untaken(NOW + timedelta(days=31))
    assert [each.day for each in Untaken.objects.all()] == [NOW.toordinal() + 1]
