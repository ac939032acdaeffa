"""`sayso key`: the secret is shown once, what was made is listed, and what was revoked opens nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sayso.domains.workspaces.keys import key_of
from tests.cli.running import run, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def bluebell() -> None:
    told("workspace", "create", "default")


def test_a_key_is_created_listed_and_revoked() -> None:
    made = run("key", "create", "till", "--scope", "events", "--scope", "read", "--expires", "90d")
    assert made.exit_code == 0, made.output
    secret, said = made.stdout.splitlines()
    assert said == "This is the key till. It is not shown again."
    found = key_of(secret, now=datetime.now(UTC) + timedelta(days=89))
    assert found is not None
    assert found.scopes == {"events", "read"}
    assert key_of(secret, now=datetime.now(UTC) + timedelta(days=91)) is None

    listed = run("key", "list").stdout
    assert secret not in listed
    assert f"till  {secret[:12]}  events read" in listed
    assert run("key", "revoke", "till").stdout == "The key till is revoked.\n"
    assert key_of(secret, now=datetime.now(UTC)) is None
    assert told("key", "list")["keys"][0]["state"] == "revoked"


def test_a_key_for_web_pages() -> None:
    made = told("key", "create", "page", "--public")
    assert made["secret"].startswith("pk_live_")
    assert made["scopes"] == ["identify", "share"]


def test_what_is_wrong_is_refused() -> None:
    assert run("key", "list").stdout == "There are no keys yet.\n"
    assert "there is no scope 'paying'" in run("key", "create", "till", "--scope", "paying").stderr.lower()
    assert "no key 'till'" in run("key", "revoke", "till").stderr
    assert run("key", "create", "till", "--expires", "soon").exit_code == 2
    assert run("key", "create", "till", "--expires", "99999d").exit_code == 2
