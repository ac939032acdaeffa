"""What a company's pages may tell and ask, from which origins, and that nothing of it ever pays."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from django.http import HttpResponse
from django.test import Client

from sayso.domains.events.models import Event
from sayso.domains.people.queries import member_named
from sayso.domains.referrals.models import Referral
from sayso.domains.rewards.models import Reward
from sayso.domains.sharing.models import Link
from sayso.domains.workspaces.brand import BrandChange, set_brand
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.keys import Grant, create_key
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.portal_secret import make_portal_secret
from sayso.web.throttle import Throttle
from sayso.web.widget import their_pages
from sayso.web.widget.their_pages import LIMITS
from tests.domains.cast import FRIENDS, ada_recommends_ben, decide, open_bluebell, publish

pytestmark = pytest.mark.django_db(transaction=True)

SHOP = "https://shop.bluebell.example"
LISTENING = """
sayso: 1
program: curious
title: Curious
currency: EUR
points:
  unit: looks
  earn:
    looking: {on: page_event, give: 5}
"""
COUNTING = """
sayso: 1
program: counting
title: Counting
currency: EUR
facts: {looks: {count: page_event, within: 30d}}
points:
  unit: beans
  earn:
    shopping: {on: purchase, when: member.looks >= 3, give: 1 per 1 EUR}
"""
BUYERS = """
sayso: 1
program: buyers
title: Buyers
currency: EUR
facts: {orders: {count: purchase, within: 90d}}
people: {advocates: member.orders >= 1}
referral:
  steps:
    signed_up: {on: signup}
  success: signed_up
"""


@pytest.fixture
def bluebell(monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Ada recommended Ben; the shop's pages may ask."""
    monkeypatch.setattr(their_pages, "throttle", Throttle(LIMITS))
    workspace = open_bluebell(FRIENDS)
    set_brand(workspace=workspace, change=BrandChange(origins=(SHOP,)))
    decide(workspace, ada_recommends_ben())
    return workspace


def key(workspace: Workspace, *, is_public: bool = True, name: str = "pages") -> str:
    grant = Grant(is_public=is_public)
    return create_key(workspace=workspace, name=name, grant=grant, now=datetime.now(UTC))[1]


def token(workspace: Workspace, member: str, **more: Any) -> str:
    now = datetime.now(UTC)
    said = {"sub": member, "aud": workspace.name, "iat": now, "exp": now + timedelta(minutes=5), **more}
    return jwt.encode(said, make_portal_secret(workspace=workspace, now=now), algorithm="HS256")


def tell(what: str, word: str, origin: str = SHOP, **body: Any) -> HttpResponse:
    return Client().post(
        f"/w/bluebell/widget/{what}",
        json.dumps(body),
        content_type="application/json",
        secure=True,
        headers={"Authorization": f"Bearer {word}", "Origin": origin},
    )  # type: ignore[return-value]


def told(answer: HttpResponse) -> Any:
    return json.loads(answer.content)


def test_a_page_identifies_somebody_and_gets_a_code_for_them(bluebell: Workspace) -> None:
    word = key(bluebell)
    assert tell("identify", word, member="Chloé", email="mallory@example.net").status_code == 422
    answer = tell("identify", word, member="Chloé", language="es")
    assert told(answer) == {"member": "Chloé"}
    assert member_named(bluebell, "Chloé")
    code = told(tell("code", word, member="Chloé"))["code"]
    assert told(tell("code", word, member="Chloé")) == {"member": "Chloé", "code": code}
    assert "sessionid" not in answer.cookies
    assert not answer.cookies


def test_an_id_is_no_name_to_a_page(bluebell: Workspace) -> None:
    ada, nobody = (public_id("mem", number) for number in (member_named(bluebell, "Ada").id, 1))
    words = {"identify": {}, "code": {}, "track": {"name": "looked"}, "share": {}, "shared": {"channel": "whatsapp"}}
    for what, more in words.items():
        known, unknown = (tell(what, key(bluebell, name=f"{what} {who}"), member=who, **more) for who in (ada, nobody))
        assert (known.status_code, unknown.status_code) == (404, 404), what
        assert known.content.decode().replace(ada, nobody) == unknown.content.decode()
    assert told(tell("code", token(bluebell, ada)))["member"] == "Ada", "the company's server may use ids"


def test_a_token_says_who_it_is_whatever_the_page_says(bluebell: Workspace) -> None:
    word = token(bluebell, "Ada")
    assert told(tell("code", word, member="Ben"))["member"] == "Ada"
    assert tell("code", f"{word}x").status_code == 401
    assert tell("code", token(bluebell, "Ada", aud="other")).status_code == 401


def test_what_there_is_to_share_has_the_disclosure_in_it(bluebell: Workspace) -> None:
    sheet = told(tell("share", token(bluebell, "Ada"), language="es"))
    ways = {each["channel"]: each for each in sheet["ways"]}
    assert sheet["link"] in sheet["message"]
    assert sheet["message"].endswith("Si te apuntas, yo también recibo algo.")
    assert ways["whatsapp"]["address"].startswith("https://wa.me/?text=")
    assert ways["copy"]["address"] == ""
    assert len({each["link"] for each in ways.values()}) == len(ways)
    assert {"qr", "card"}.isdisjoint(ways)
    assert tell("share", token(bluebell, "Ada"), program="nothing").status_code == 404


def test_a_share_is_counted_when_it_happened(bluebell: Workspace) -> None:
    word = token(bluebell, "Ada")
    for each in (word, key(bluebell)):
        tell("share", each, member="Ada")
    assert not Link.objects.filter(shares__gt=0).exists()
    assert tell("shared", word, channel="whatsapp").status_code == 200
    assert (
        tell("shared", key(bluebell, name="other"), member="Ada", program="friends", channel="whatsapp").status_code
        == 200
    )
    assert tell("shared", word, channel="smoke").status_code == 200
    assert list(Link.objects.filter(shares__gt=0).values_list("channel", "shares")) == [("whatsapp", 2)]


def test_only_the_companys_own_word_tells_whether_somebody_may_recommend(bluebell: Workspace) -> None:
    publish(bluebell, BUYERS)
    told_to_eva = tell("share", token(bluebell, "Eva"), program="buyers")
    assert (told_to_eva.status_code, told(told_to_eva)["title"]) == (409, "This member may not recommend.")
    assert tell("share", token(bluebell, "Ben"), program="buyers").status_code == 200
    for member in ("Eva", "Ben"):
        assert tell("share", key(bluebell, name=f"page {member}"), member=member, program="buyers").status_code == 200


@pytest.mark.parametrize("name", ["signup", "purchase", "reward_granted", "referral_attributed", "page_event"])
def test_what_a_page_tells_is_never_a_conversion(bluebell: Workspace, name: str) -> None:
    before = (Reward.objects.count(), Referral.objects.count())
    details = {"amount_minor": "100000", "currency": "EUR", "referral_code": "ada-10", "email": "ben@example.com"}
    assert tell("track", key(bluebell), member="Ben", name=name, details=details).status_code == 200
    kept = Event.objects.get(source="api", type="page_event")
    assert (kept.amount_minor, kept.props["name"]) == (None, name)
    assert (Reward.objects.count(), Referral.objects.count()) == before


@pytest.mark.parametrize("program", [LISTENING, COUNTING], ids=["listens", "counts"])
def test_where_a_program_listens_to_pages_they_may_not_tell(bluebell: Workspace, program: str) -> None:
    publish(bluebell, program)
    assert tell("track", key(bluebell), member="Ben", name="looked").status_code == 409
    assert not Event.objects.filter(type="page_event").exists()


def test_a_public_key_sends_no_events_and_reads_nothing(bluebell: Workspace) -> None:
    headers = {"Authorization": f"Bearer {key(bluebell)}"}
    event = {"id": "1", "type": "purchase", "member": "Ben", "occurred_at": "2027-01-10T12:00:00Z"}
    sent = Client().post("/api/v1/events", event, content_type="application/json", secure=True, headers=headers)
    assert sent.status_code == 403
    assert Client().get("/api/v1/members/Ada", secure=True, headers=headers).status_code == 403


def test_only_public_keys_of_this_workspace_open(bluebell: Workspace) -> None:
    other = open_bluebell(name="other")
    for word in (key(bluebell, is_public=False), key(other), "pk_live_none", ""):
        assert tell("code", word, member="Ada").status_code == 401


def test_only_the_companys_own_pages_may_ask_and_read(bluebell: Workspace) -> None:
    word = key(bluebell)
    allowed = tell("code", word, member="Ada")
    assert allowed["Access-Control-Allow-Origin"] == SHOP
    assert "Access-Control-Allow-Credentials" not in allowed
    assert "Origin" in allowed["Vary"]
    for origin in ("https://evil.example", "null", f"{SHOP}.evil.example", "http://shop.bluebell.example"):
        refused = tell("code", word, origin, member="Ada")
        assert refused.status_code == 403
        assert "Access-Control-Allow-Origin" not in refused
    with_problem = tell("code", word, member="Nobody")
    assert (with_problem.status_code, with_problem["Access-Control-Allow-Origin"]) == (404, SHOP)


def test_a_browser_asks_first(bluebell: Workspace) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    answer = Client().options("/w/bluebell/widget/code", secure=True, headers={"Origin": SHOP, **asked})
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, SHOP)
    assert answer["Access-Control-Allow-Headers"] == "authorization, content-type"
    strange = Client().options("/w/bluebell/widget/code", secure=True, headers={"Origin": "https://a.example", **asked})
    assert "Access-Control-Allow-Origin" not in strange
    api = Client().options("/api/v1/codes", secure=True, headers={"Origin": SHOP, **asked})
    assert "Access-Control-Allow-Origin" not in api


def test_what_is_not_known_is_refused(bluebell: Workspace) -> None:
    word = key(bluebell)
    assert tell("identify", word, member="Eva", tags=["vip"]).status_code == 422
    assert tell("code", word).status_code == 422
    assert tell("track", word, member="Ada", name="x" * 61).status_code == 422
    assert Client().get("/w/bluebell/widget/code", secure=True).status_code == 405


def test_who_asks_too_often_waits(bluebell: Workspace) -> None:
    word = key(bluebell)
    answers = [tell("code", word, member="Ada").status_code for _ in range(62)]
    assert (answers[0], answers[-1]) == (200, 429)
