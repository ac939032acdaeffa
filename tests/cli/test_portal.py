"""`sayso portal`: the secret is shown once, and the one before it holds beside it for a time."""

from __future__ import annotations

from datetime import UTC, datetime

import jwt
import pytest
from click.testing import CliRunner, Result

from sayso.cli.main import main
from sayso.domains.events.act import Actor
from sayso.domains.people.models import Member
from sayso.domains.people.sessions import open_session, session_of
from sayso.domains.people.update import Update, update_member
from sayso.domains.workspaces.portal_secret import portal_secrets
from sayso.domains.workspaces.queries import workspace_named
from tests.cli.running import run, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def bluebell() -> None:
    told("workspace", "create", "default")


def held() -> list[str]:
    return list(portal_secrets(workspace_named("default"), datetime.now(UTC)).values())


def test_a_secret_is_made_and_shown_once() -> None:
    made = run("portal", "secret")
    assert made.exit_code == 0, made.output
    secret, said = made.stdout.splitlines()
    assert said == "Sign tokens with it: HS256, aud default. It is not shown again."
    assert held() == [secret]
    assert secret not in run("portal", "list").stdout


def test_the_secret_before_holds_for_a_time_unless_it_leaked() -> None:
    first, second = (told("portal", "secret")["secret"] for _ in range(2))
    assert held() == [second, first]
    assert len(told("portal", "list")["secrets"]) == 2
    third = told("portal", "secret", "--keep-hours", "0")["secret"]
    assert held() == [third]
    assert run("portal", "secret", "--keep-hours", "9999").exit_code == 1


def check(token: str) -> Result:
    return CliRunner().invoke(main, ["portal", "check", "-"], input=f"{token}\n")


def test_a_token_is_checked_and_nobody_is_made_known() -> None:
    secret, now = told("portal", "secret")["secret"], int(datetime.now(UTC).timestamp())
    said = {"sub": "ada", "aud": "default", "iat": now, "exp": now + 600}
    good = check(jwt.encode(said, secret))
    assert good.stdout == "It signs ada in.\n"
    assert not Member.objects.exists()
    for claims, key, why in (
        (said, "another" * 8, "Signature verification failed"),
        ({**said, "aud": "other"}, secret, "Audience doesn't match"),
        ({**said, "iat": now - 900, "exp": now - 300}, secret, "The token has ended"),
    ):
        refused = check(jwt.encode(claims, key))
        assert refused.exit_code == 1
        assert why in refused.stderr


def test_a_member_or_everybody_is_signed_out() -> None:
    workspace, now = workspace_named("default"), datetime.now(UTC)
    words = {}
    for name in ("ada", "ben", "eva"):
        member = update_member(workspace=workspace, member=name, update=Update(), actor=Actor("till"), now=now)
        words[name] = open_session(workspace=workspace, member=member.id, now=now)
    assert told("portal", "sign-out", "ada") == {"ended": 1}
    assert session_of(workspace, words["ada"], datetime.now(UTC)) is None
    assert session_of(workspace, words["ben"], datetime.now(UTC))
    assert run("portal", "sign-out", "--everybody").stdout == "Sessions ended: 2.\n"
    assert session_of(workspace, words["eva"], datetime.now(UTC)) is None
    for wrong in ([], ["ada", "--everybody"], ["nobody"]):
        assert run("portal", "sign-out", *wrong).exit_code != 0
