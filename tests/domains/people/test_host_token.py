"""Who is signed in on the company's word, and whose word is not taken."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from structlog.testing import capture_logs

from sayso.domains.people.host_token import TokenRefused, member_vouched_for
from sayso.domains.people.models import Identity, Member
from sayso.domains.people.queries import member_named
from sayso.domains.workspaces.models import PortalSecret, Workspace
from sayso.domains.workspaces.portal_secret import make_portal_secret, portal_secrets
from tests.domains.cast import FRIENDS, START, decide, event, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)

ISSUED = int(START.timestamp())


@pytest.fixture
def bluebell() -> Workspace:
    workspace = open_bluebell(FRIENDS)
    decide(workspace, [event("a-1", "signup", "Ada")])
    return workspace


def token(secret: str, algorithm: str = "HS256", **claims: Any) -> str:
    said = {"sub": "Ada", "aud": "bluebell", "iat": ISSUED, "exp": ISSUED + 600, **claims}
    return jwt.encode({name: value for name, value in said.items() if value is not None}, secret, algorithm=algorithm)


def vouched(workspace: Workspace, text: str, *, after: timedelta = timedelta()) -> Member:
    return member_vouched_for(workspace=workspace, token=text, now=START + after)


def test_the_companys_word_is_taken(bluebell: Workspace) -> None:
    secret = make_portal_secret(workspace=bluebell, now=START)
    assert vouched(bluebell, token(secret)) == member_named(bluebell, "Ada")
    assert secret not in str(list(PortalSecret.objects.values()))


def test_the_log_says_why_a_token_is_refused_and_names_nobody(bluebell: Workspace) -> None:
    make_portal_secret(workspace=bluebell, now=START)
    with capture_logs() as lines, pytest.raises(TokenRefused):
        vouched(bluebell, token("another" * 8))
    (line,) = lines
    assert (line["event"], line["workspace"]) == ("token refused", "bluebell")
    assert "ignature" in line["reason"]
    assert "Ada" not in str(line)


def test_who_is_new_is_made_known(bluebell: Workspace) -> None:
    secret = make_portal_secret(workspace=bluebell, now=START)
    eva = vouched(bluebell, token(secret, sub="Eva", email="eva@bluebell.example", language="nl"))
    assert (eva.ref, eva.language) == ("Eva", "nl")
    assert Identity.objects.get(kind="email", workspace=bluebell).member == eva.id
    again = vouched(bluebell, token(secret, sub="Eva", email="other@bluebell.example"))
    assert again.id == eva.id
    assert Identity.objects.filter(kind="email", workspace=bluebell).count() == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": ISSUED},
        {"exp": ISSUED - 1},
        {"exp": ISSUED + 3601},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": float("inf")},
        {"iat": None},
        {"iat": ISSUED + 60, "exp": ISSUED + 120},
        {"nbf": ISSUED + 60},
        {"aud": "calm"},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 201},
        {"sub": "mem_0000000000001"},
        {"sub": "Eva", "email": "nobody"},
    ],
    ids=str,
)
def test_a_token_that_says_something_else_signs_nobody_in(bluebell: Workspace, claims: dict[str, Any]) -> None:
    secret = make_portal_secret(workspace=bluebell, now=START)
    with pytest.raises(TokenRefused):
        vouched(bluebell, token(secret, **claims))


def test_a_token_ends(bluebell: Workspace) -> None:
    secret = make_portal_secret(workspace=bluebell, now=START)
    with pytest.raises(TokenRefused, match="ended"):
        vouched(bluebell, token(secret), after=timedelta(minutes=10))


def test_a_forged_token_signs_nobody_in(bluebell: Workspace) -> None:
    secret = make_portal_secret(workspace=bluebell, now=START)
    good = token(secret)
    head, body, signature = good.split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    other = base64.urlsafe_b64encode(json.dumps({"sub": "Ben"}).encode()).decode().rstrip("=")
    tried = [
        "", "x", "a.b.c", "é" * 40, "x" * 5000, f"{none}.{body}.", f"{none}.{body}.{signature}",
        f"{head}.{other}.{signature}", f"{head}.{body}.", token("x" * 40), token(secret, "HS384"),
    ]  # fmt: skip
    for each in tried:
        with pytest.raises(TokenRefused):
            vouched(bluebell, each)


def test_another_workspaces_word_is_not_taken(bluebell: Workspace) -> None:
    calm = open_bluebell(FRIENDS, name="calm")
    secret = make_portal_secret(workspace=calm, now=START)
    with pytest.raises(TokenRefused, match="no portal secret"):
        vouched(bluebell, token(secret))
    make_portal_secret(workspace=bluebell, now=START)
    for audience in ("bluebell", "calm"):
        with pytest.raises(TokenRefused):
            vouched(bluebell, token(secret, aud=audience))


def test_two_secrets_hold_while_one_takes_over(bluebell: Workspace) -> None:
    first, second, third = (
        make_portal_secret(workspace=bluebell, now=START - timedelta(seconds=each)) for each in (2, 1, 0)
    )
    assert list(portal_secrets(bluebell, START).values()) == [third, second]
    assert list(portal_secrets(bluebell, START + timedelta(hours=48)).values()) == [third]
    with pytest.raises(TokenRefused):
        vouched(bluebell, token(first))
    assert vouched(bluebell, token(second)).ref == "Ada"
    leaked = make_portal_secret(workspace=bluebell, now=START, keep_hours=0)
    assert list(portal_secrets(bluebell, START).values()) == [leaked]
