"""The script and the frame: who may load and frame them, and that a token stands in for a session without a cookie."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from sayso.domains.workspaces.brand import BrandChange, set_brand
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.portal_secret import make_portal_secret
from sayso.web.embedded import Embedded, host_token_of
from tests.domains.cast import FRIENDS, ada_recommends_ben, decide, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)

SHOP = "https://shop.bluebell.example"


@pytest.fixture
def bluebell() -> Workspace:
    """Ada recommended Ben; the shop may frame."""
    workspace = open_bluebell(FRIENDS)
    set_brand(workspace=workspace, change=BrandChange(origins=(SHOP, "https://app.bluebell.example")))
    decide(workspace, ada_recommends_ben())
    return workspace


def bearer(workspace: Workspace, member: str) -> dict[str, str]:
    now = datetime.now(UTC)
    said = {"sub": member, "aud": workspace.name, "iat": now, "exp": now + timedelta(minutes=5)}
    secret = make_portal_secret(workspace=workspace, now=now)
    return {"Authorization": f"Bearer {jwt.encode(said, secret, algorithm='HS256')}"}


def test_every_page_may_load_the_script_and_browsers_keep_it_for_an_hour(client: Client, bluebell: Workspace) -> None:
    answer = client.get("/w/bluebell/widget/sayso.js", secure=True)
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=3600" in answer["Cache-Control"]
    kept = client.get("/w/bluebell/widget/sayso.js", secure=True, headers={"if-none-match": answer["ETag"]})
    assert kept.status_code == 304
    assert client.get("/w/nobody/widget/sayso.js", secure=True).status_code == 404


def test_only_the_companys_origins_frame_the_frame_and_nothing_else(client: Client, bluebell: Workspace) -> None:
    frame = client.get("/w/bluebell/widget/portal", {"language": "es"}, secure=True)
    policy = frame["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors https://app.bluebell.example {SHOP}")
    assert "script-src 'self';" in policy
    assert "X-Frame-Options" not in frame
    assert not frame.cookies
    page = client.get("/w/bluebell/portal/sign-in", secure=True)
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_a_company_that_named_no_origin_is_framed_by_nobody(client: Client) -> None:
    open_bluebell(FRIENDS)
    assert "frame-ancestors 'none'" in client.get("/w/bluebell/widget/portal", secure=True)["Content-Security-Policy"]


def test_a_token_stands_in_for_a_session_and_sets_no_cookie(bluebell: Workspace) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/w/bluebell/portal/", secure=True, headers=bearer(bluebell, "Ada"))
    assert page.status_code == 200
    assert not page.cookies
    done = client.post(
        "/w/bluebell/portal/me/language", {"language": "es"}, secure=True, headers=bearer(bluebell, "Ada")
    )
    assert done.status_code == 303
    assert not done.cookies


def _entered(client: Client, token: str) -> HttpResponse:
    return client.post("/w/bluebell/portal/enter", {"token": token}, secure=True, headers={"Origin": SHOP})  # type: ignore[return-value]


def test_with_a_token_that_is_refused_a_session_does_not_help(bluebell: Workspace) -> None:
    client = Client(enforce_csrf_checks=True)
    now = datetime.now(UTC)
    said = {"sub": "Ada", "aud": "bluebell", "iat": now, "exp": now + timedelta(minutes=5)}
    token = jwt.encode(said, make_portal_secret(workspace=bluebell, now=now), algorithm="HS256")
    assert _entered(client, token).status_code == 303
    assert client.get("/w/bluebell/portal/", secure=True).status_code == 200
    refused = {"Authorization": "Bearer a.b.c"}
    assert client.get("/w/bluebell/portal/", secure=True, headers=refused).status_code == 401
    changed = client.post("/w/bluebell/portal/me/language", {"language": "es"}, secure=True, headers=refused)
    assert changed.status_code == 401
    # Nor does a session get by without the form's own token where none of the company's came.
    assert client.post("/w/bluebell/portal/me/language", {"language": "es"}, secure=True).status_code == 403


@pytest.mark.parametrize(
    "path", ["/w/bluebell/p/friends", "/", "/sign-in", "/api/v1/members/Ada", "/w/bluebell/portalx"]
)
def test_elsewhere_a_token_opens_nothing_and_turns_no_check_off(path: str) -> None:
    seen = []

    def view(request: object) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    request = RequestFactory().post(path, headers={"Authorization": "Bearer a.b.c", "Cookie": "kept=1"})
    Embedded(view)(request)
    assert host_token_of(request) == ""
    assert request.COOKIES == {"kept": "1"}
    assert not getattr(request, "_dont_enforce_csrf_checks", False)
