"""Defects that were reproduced on other referral and loyalty software, by name: none of them is here."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import IntegrityError, connection, models, transaction
from django.test import override_settings

from sayso.domains.decisions.committer import stop_committer
from sayso.domains.decisions.verify import verify
from sayso.domains.events.models import Event
from sayso.domains.jobs import relay
from sayso.domains.ledger.queries import balances
from sayso.domains.people.models import Member
from sayso.domains.referrals.models import Referral
from sayso.domains.rewards.models import Order, PoolCode, Reward
from sayso.domains.sharing.clicks import clicks
from sayso.domains.sharing.links import link_for
from sayso.domains.sharing.models import Click
from sayso.domains.workspaces.models import Workspace
from sayso.web.front_door import front_door
from tests.domains.cast import (
    FRIENDS,
    STARS,
    START,
    ada_recommends_ben,
    contents,
    decide,
    event,
    open_bluebell,
)
from tests.domains.rewards.gifts import GIFTS, buys, fill, provide, work
from tests.faults.racing import race
from tests.web.api.calling import Caller, secret_of

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 16
ORDER = {
    "id": "order-1", "type": "purchase", "member": "Ben", "occurred_at": "2027-01-10T14:00:00Z", "amount_minor": 2500,
    "currency": "EUR",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_goes_on() -> Iterator[None]:
    yield
    stop_committer()
    clicks.stop()
    clicks.forget()


def stars(workspace: Workspace) -> dict[str, int]:
    """What each member has to spend."""
    assert verify(workspace) == []
    return {row.ref: row.available for row in balances(workspace, "stars")}


def test_sixteen_percent_of_balance_updates_lost_under_concurrency() -> None:
    bluebell = open_bluebell(STARS)
    race(lambda number: decide(bluebell, [event(f"b-{number}", "purchase", "Ada", amount_minor=100)]), racers=RACERS)
    assert stars(bluebell) == {"Ada": RACERS}


def test_the_same_order_posted_twice_paid_twice() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, ada_recommends_ben()[:3])
    secret = secret_of(bluebell)
    race(lambda _: Caller(secret).post("/events", ORDER), racers=4)
    assert Caller(secret).post("/events", ORDER).json()["repeated"]
    assert Reward.objects.filter(clause="thanks").count() == 1
    assert stars(bluebell)["Ben"] == 25


def test_a_negative_amount_accepted() -> None:
    bluebell = open_bluebell(STARS)
    api = Caller(secret_of(bluebell))
    answers = [
        api.post("/events", {**ORDER, "amount_minor": -2500}),
        api.post("/members/Ben/spendings", {"points": -5}),
        api.post("/rewards", {"member": "Ben", "program": "stars", "give": {"points": -5}, "reason": "kindness"}),
    ]
    assert {each.status_code for each in answers} <= {404, 422}
    decide(bluebell, [event("b-1", "purchase", "Ben", amount_minor=100)])
    for table, column in (("events_event", "amount_minor"), ("ledger_transfer", "amount")):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = -1 WHERE workspace_id = %s", [bluebell.pk])
    assert stars(bluebell) == {"Ben": 1}


def test_a_public_key_that_records_paid_conversions() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, ada_recommends_ben()[:3])
    before, page = contents(bluebell), Caller(secret_of(bluebell, public=True))
    lead = {"member": "Ben", "program": "friends", "step": "purchased"}
    answers = [page.post("/events", ORDER), page.post("/leads", lead), page.post("/rewards", {"member": "Ben"})]
    assert [each.status_code for each in answers] == [403] * 3
    assert contents(bluebell) == before


def test_500_after_half_the_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, ada_recommends_ben()[:3])
    before, api = contents(bluebell), Caller(secret_of(bluebell))

    def last_write(*_: Any) -> None:
        raise RuntimeError("the machine stumbles")

    with monkeypatch.context() as broken:
        broken.setattr("sayso.domains.decisions.store.move", last_write)
        assert api.post("/events", ORDER).status_code >= 500
    assert contents(bluebell) == before
    assert api.post("/events", ORDER).json()["repeated"] is False
    assert Reward.objects.filter(clause="thanks").count() == 1


@pytest.mark.parametrize(
    ("model", "key"), [(Event, "position"), (Member, "id"), (Referral, "id"), (Reward, "id"), (Order, "reward")]
)
def test_no_uniqueness_only_a_look_before_an_insert(model: type[models.Model], key: str) -> None:
    bluebell = open_bluebell(FRIENDS)
    provide(bluebell, "coupon", "generated")
    decide(bluebell, ada_recommends_ben())
    work()
    row = model._default_manager.filter(workspace=bluebell).order_by(f"-{key}")[0]
    setattr(row, key, 2**62)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_audit_rows_with_foreign_keys_that_fail_the_business_write(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        tied = [table for table in tables if connection.introspection.get_relations(cursor, table)]
    assert tied == []
    # Whoever is told afterwards cannot fail the decision either.
    bluebell = open_bluebell(FRIENDS)
    provide(bluebell, "coupon", "generated")
    monkeypatch.setattr(relay, "_consumers", [*relay._consumers, None])
    assert [each.status for each in decide(bluebell, ada_recommends_ben())] == ["decided"] * 4
    assert verify(bluebell) == []


def follow(path: str, *, method: str = "GET", agent: str) -> int:
    """Follow a share link as some program does; the status of the answer."""
    began: list[str] = []
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": "localhost",
        "HTTP_USER_AGENT": agent, "REMOTE_ADDR": "203.0.113.5", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http",
    }  # fmt: skip
    b"".join(front_door(WSGIHandler())(environ, lambda status, *_: began.append(status)))
    return int(began[0][:3])


@override_settings(SECURE_SSL_REDIRECT=False)
def test_head_and_previews_counted_as_clicks() -> None:
    bluebell, browser = open_bluebell(FRIENDS), "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
    decide(bluebell, [event("a-1", "signup", "Ada")])
    link = link_for(workspace=bluebell, program="friends", member="Ada", channel="whatsapp", now=START)
    path = f"/w/bluebell/r/{link.slug}"
    assert follow(path, method="HEAD", agent=browser) == 302
    assert follow(path, agent="WhatsApp/2.23.20.0") == 302
    clicks.stop()
    assert not Click.objects.exists()
    assert follow(path, agent=browser) == 302
    clicks.stop()
    assert Click.objects.count() == 1


def test_the_latest_ledger_row_locked_instead_of_a_fixed_one() -> None:
    # The books are empty: there is no latest row that the racers could wait for.
    bluebell = open_bluebell(
        "{sayso: 1, program: gifts, title: Gifts, currency: EUR, budget: {amount: 10 EUR, when_spent: stop}, "
        "rewards: {card: {to: member, on: purchase, give: {credit: 10 EUR}}}}"
    )
    race(lambda number: decide(bluebell, [event(f"b-{number}", "purchase", f"m-{number}")]), racers=RACERS)
    assert Reward.objects.filter(state="issued").count() == 1
    assert verify(bluebell) == []


def test_merges_that_lose_or_double_points() -> None:
    bluebell = open_bluebell(STARS)
    decide(bluebell, [event(f"b-{who}", "purchase", who, amount_minor=2000) for who in ("Ada", "Ada B.")])
    for number in range(2):
        decide(bluebell, [event(f"m-{number}", "member_merged", "Ada", props={"other": "Ada B."})])
    decide(bluebell, [event("b-3", "purchase", "Ada B.", amount_minor=500)])
    assert stars(bluebell) == {"Ada": 45}


def test_balances_that_collapse_when_credits_expire() -> None:
    bluebell = open_bluebell(STARS)
    decide(bluebell, [
        event("b-1", "purchase", "Ada", amount_minor=3000),
        event("s-1", "points_spent", "Ada", props={"points": 10}),
        event("b-2", "purchase", "Ada", amount_minor=5000, after=timedelta(days=60)),
        event("v-1", "visit", "Ada", after=timedelta(days=210)),
    ])  # fmt: skip
    assert stars(bluebell) == {"Ada": 50}
    decide(bluebell, [event("v-2", "visit", "Ada", after=timedelta(days=300))])
    assert stars(bluebell) == {"Ada": 0}


def test_bulk_codes_that_stop_at_the_first_collision(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell = open_bluebell(GIFTS)
    fill(bluebell, "B-2")
    assert fill(bluebell, "B-1", "B-2", "B-1", "B-3").new == 2
    provide(bluebell, "gift_card", "generated")
    drawn = iter(["B-1", "NEW-1", "NEW-1", "NEW-2", "NEW-3"])
    monkeypatch.setattr("sayso.domains.rewards.fulfilment.generated.made_up", lambda _: next(drawn))
    buys(bluebell, "Ada", "Ben", "Eva")
    work()
    assert sorted(Order.objects.values_list("code", flat=True)) == ["NEW-1", "NEW-2", "NEW-3"]
    assert PoolCode.objects.count() == 6


@pytest.mark.parametrize(("cancelled", "badges"), [(True, 0), (False, 1)])
def test_a_spent_count_that_includes_cancelled_orders(cancelled: bool, badges: int) -> None:
    bluebell = open_bluebell(
        "{sayso: 1, program: loyal, title: Loyal, currency: EUR, facts: {spent: {sum: purchase.amount}}, "
        "rewards: {thanks: {to: member, on: visit, if: member.spent >= 100, give: {credit: 5 EUR}}}}"
    )
    decide(bluebell, [event(f"b-{number}", "purchase", "Ada", amount_minor=6000) for number in range(2)])
    if cancelled:
        decide(bluebell, [event("r-1", "refund", "Ada", refers_to="b-1")])
    decide(bluebell, [event("v-1", "visit", "Ada")])
    assert Reward.objects.count() == badges
