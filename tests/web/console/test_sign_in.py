"""Signing in with a key, staying in as long as it holds, and out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from sayso.domains.workspaces.keys import Grant, create_key, revoke_key
from sayso.domains.workspaces.models import Workspace
from sayso.web.console import sign_in
from sayso.web.throttle import Throttle
from tests.domains.cast import open_bluebell

pytestmark = pytest.mark.django_db

SIGN_IN = "/sign-in"


@pytest.fixture(autouse=True)
def nobody_tried_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "_throttle", Throttle(sign_in.LIMITS))


@pytest.fixture
def bluebell() -> Workspace:
    return open_bluebell()


def key_for(workspace: Workspace, **grant: object) -> str:
    return create_key(workspace=workspace, name="Ada", grant=Grant(**grant), now=datetime.now(UTC))[1]  # type: ignore[arg-type]


def try_key(client: Client, secret: str) -> int:
    return client.post(SIGN_IN, {"key": secret}, secure=True).status_code


def test_a_key_opens_its_own_workspace_until_it_is_revoked(client: Client, bluebell: Workspace) -> None:
    answer = client.get("/", secure=True)
    assert (answer.status_code, answer["Location"]) == (302, SIGN_IN)
    assert try_key(client, key_for(bluebell, scopes=["read"])) == 302
    page = client.get("/", secure=True)
    assert page.status_code == 200
    assert bluebell.name in page.content.decode()
    assert client.get(SIGN_IN, secure=True).status_code == 302
    revoke_key(workspace=bluebell, name="Ada", now=datetime.now(UTC))
    assert client.get("/", secure=True)["Location"] == SIGN_IN
    assert client.get(SIGN_IN, secure=True).status_code == 200


def test_the_secret_is_in_no_cookie_and_cookies_are_for_us_alone(client: Client, bluebell: Workspace) -> None:
    secret = key_for(bluebell)
    try_key(client, secret)
    session = client.cookies["__Host-sayso_session"]
    assert secret not in session.value
    assert (session["httponly"], session["secure"], session["samesite"], session["path"]) == (True, True, "Lax", "/")


def test_signing_out_forgets_who_was_there(client: Client, bluebell: Workspace) -> None:
    try_key(client, key_for(bluebell))
    assert client.post("/sign-out", secure=True).status_code == 302
    assert client.get("/", secure=True)["Location"] == SIGN_IN


@pytest.mark.parametrize("grant", [{"scopes": ["events"]}, {"is_public": True}], ids=["cannot read", "public"])
def test_a_key_that_may_not_read_opens_nothing(client: Client, bluebell: Workspace, grant: dict[str, object]) -> None:
    assert try_key(client, key_for(bluebell, **grant)) == 403
    assert client.get("/", secure=True).status_code == 302


def test_after_five_wrong_keys_one_waits(client: Client, bluebell: Workspace) -> None:
    assert [try_key(client, f"nonsense {number}") for number in range(6)] == [403] * 5 + [429]
    answer = client.post(SIGN_IN, {"key": key_for(bluebell)}, secure=True)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60


def test_a_form_from_elsewhere_changes_nothing(bluebell: Workspace) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(SIGN_IN, {"key": key_for(bluebell)}, secure=True)
    assert answer.status_code == 403
    assert "__Host-sayso_session" not in answer.cookies


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "nowhere", "."]
)
def test_a_language_is_remembered_and_leads_back_only_to_our_own_pages(client: Client, back: str) -> None:
    answer = client.post("/language", {"language": "nl", "next": back}, secure=True)
    assert answer["Location"] == "/"
    assert 'lang="nl"' in client.get(SIGN_IN, secure=True).content.decode()
    client.post("/language", {"language": "xx"}, secure=True)
    assert client.get(SIGN_IN, secure=True)["Content-Language"] == "nl"
