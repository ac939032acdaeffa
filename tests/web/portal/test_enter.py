"""Coming in on the company's word, and that nobody is signed in as somebody else without noticing."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from sayso.domains.people.models import PortalSession
from sayso.domains.workspaces.brand import BrandChange, set_brand
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.portal_secret import make_portal_secret
from sayso.web.portal.session import cookie_name
from tests.domains.cast import START, decide, event
from tests.domains.insight.members_page import open_full
from tests.web.portal.visiting import enter, page, path, token

pytestmark = pytest.mark.django_db(transaction=True)

SHOP = "https://shop.bluebell.example"
STRANGERS = ("https://evil.example", "null", "https://testserver", "", "https://shop.bluebell.example.evil.example")


@pytest.fixture
def bluebell() -> Workspace:
    workspace = open_full()
    set_brand(workspace=workspace, change=BrandChange(name="Bluebell Coffee", origins=(SHOP, "https://testserver")))
    return workspace


def hand_over(client: Client, word: str, origin: str = SHOP) -> HttpResponse:
    headers = {"Origin": origin} if origin else {}
    return client.post(path("enter"), {"token": word}, secure=True, headers=headers)  # type: ignore[return-value]


def is_signed_in(client: Client) -> bool:
    return client.get(path(), secure=True).status_code == 200


def test_a_page_of_the_companys_signs_in_at_once(client: Client, bluebell: Workspace) -> None:
    answer = hand_over(client, token(bluebell, "Ada"))
    assert (answer.status_code, answer["Location"]) == (303, path())
    (cookie,) = answer.cookies.values()
    assert cookie.key == f"__Host-sayso_member_{bluebell.pk}"
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")
    assert "Ada" not in cookie.value
    assert "€20" in page(client)


@pytest.mark.parametrize("origin", STRANGERS)
def test_from_anywhere_else_the_visitor_is_asked_who_they_are(bluebell: Workspace, origin: str) -> None:
    client, word = Client(enforce_csrf_checks=True), token(bluebell, "Ada")
    asked = hand_over(client, word, origin)
    shown = asked.content.decode()
    assert (asked.status_code, asked["Referrer-Policy"], asked["Cache-Control"]) == (200, "same-origin", "no-store")
    assert "Ada, a…@bluebell.example" in shown
    assert not is_signed_in(client)
    assert client.post(path("entry"), {"token": word}, secure=True).status_code == 403
    form = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
    assert form
    answer = client.post(path("entry"), {"token": word, "csrfmiddlewaretoken": form[1]}, secure=True,
                         headers={"Origin": "https://testserver"})  # fmt: skip
    assert answer["Location"] == path()
    assert is_signed_in(client)


def test_who_is_signed_in_already_is_not_asked_again(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    assert hand_over(client, token(bluebell, "Ada"), "https://testserver")["Location"] == path()
    assert "Is this you?" in hand_over(client, token(bluebell, "Ben"), "https://testserver").content.decode()


def test_a_token_opens_one_session(client: Client, bluebell: Workspace) -> None:
    word = token(bluebell, "Ada")
    assert hand_over(client, word).status_code == 303
    # The last letter of a signature has bits that nobody reads.
    twin = word[:-1] + chr(ord(word[-1]) + 1)
    for each in (word, twin):
        assert hand_over(Client(), each).status_code == 403
        assert Client().post(path("entry"), {"token": each}, secure=True).status_code == 403
    client.post(path("sign-out"), secure=True)
    assert hand_over(client, word).status_code == 403


@pytest.mark.parametrize("wrong", ["", "x", "a.b.c"])
def test_a_token_that_is_none_opens_nothing(client: Client, bluebell: Workspace, wrong: str) -> None:
    for where in ("enter", "entry"):
        answer = client.post(path(where), {"token": wrong}, secure=True, headers={"Origin": SHOP})
        assert answer.status_code == 403
        assert cookie_name(bluebell) not in answer.cookies
    assert not is_signed_in(client)


def test_a_token_behind_the_hash_is_taken_by_a_form_and_never_asked_for(client: Client, bluebell: Workspace) -> None:
    shown = page(client, "enter")
    assert 'method="post"' in shown
    assert client.get(path("enter"), {"token": token(bluebell, "Ada")}, secure=True).cookies == {}


@pytest.mark.parametrize(("hours", "stays"), [(48, True), (0, False)])
def test_a_secret_that_leaked_takes_its_sessions_with_it(
    client: Client, bluebell: Workspace, hours: int, stays: bool
) -> None:
    by_code = enter(Client(), bluebell, "Ben")
    hand_over(client, token(bluebell, "Ada"))
    make_portal_secret(workspace=bluebell, now=START, keep_hours=hours)
    assert is_signed_in(client) == stays
    assert is_signed_in(by_code)


def test_members_are_recognised_without_being_given_away(client: Client, bluebell: Workspace) -> None:
    decide(bluebell, [event("f-1", "member_updated", "Fay", identities=(("phone", "+34600000789"),), props={})])
    for who, said in (("Fay", "…789"), ("Noa", "<b>Noa</b>")):
        assert said in hand_over(client, token(bluebell, who), "").content.decode()
    assert not PortalSession.objects.exists()
