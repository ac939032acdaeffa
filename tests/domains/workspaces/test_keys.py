"""Keys to the API: a secret is shown once, opens one workspace, and stops opening it when it is revoked or ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from sayso.domains.workspaces import keys
from sayso.domains.workspaces.create import create_workspace
from sayso.domains.workspaces.keys import (
    Grant,
    Key,
    KeyNameTaken,
    KeyNotUsable,
    KeyRing,
    NoSuchKey,
    create_key,
    key_of,
    keys_in,
    revoke_key,
)
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import START

pytestmark = pytest.mark.django_db


def bluebell(name: str = "bluebell", *, is_test: bool = False) -> Workspace:
    return create_workspace(name=name, timezone="Europe/Madrid", is_test=is_test, now=START)


def created(workspace: Workspace, name: str = "till", grant: Grant | None = None) -> str:
    return create_key(workspace=workspace, name=name, grant=grant or Grant(), now=START)[1]


def test_a_secret_opens_its_workspace_and_no_other_secret_does() -> None:
    workspace, other = bluebell(), bluebell("other", is_test=True)
    secret, others = created(workspace), created(other)
    assert secret.startswith("sk_live_")
    assert others.startswith("sk_test_")
    key = key_of(secret, now=START)
    assert key is not None
    assert (key.workspace, key.name, key.source, key.is_test) == (workspace.pk, "till", "api", False)
    assert all(key.may(scope) for scope in ("read", "events", "keys"))
    assert not key.may("share")
    found = key_of(others, now=START)
    assert found is not None
    assert (found.workspace, found.is_test) == (other.pk, True)
    changed = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    assert [key_of(each, now=START) for each in (changed, "", "sk_live_", "nonsense", secret + "A")] == [None] * 5


def test_the_secret_is_nowhere_in_the_database() -> None:
    secret = created(bluebell())
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM workspaces_apikey")
        stored = repr([tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()])
    assert secret[:12] in stored
    assert secret[8:16] not in stored


def test_a_key_has_the_scopes_that_it_was_given() -> None:
    workspace = bluebell()
    reading = key_of(created(workspace, "reads", Grant(["read"])), now=START)
    public = key_of(created(workspace, "page", Grant(is_public=True)), now=START)
    assert reading is not None
    assert public is not None
    assert (reading.may("read"), reading.may("events")) == (True, False)
    assert public.is_public
    assert (public.may("share"), public.may("identify"), public.may("read"), public.may("rewards")) == (
        True, True, False, False,
    )  # fmt: skip


def test_a_key_ends() -> None:
    ends = START + timedelta(days=90)
    secret, ring = created(bluebell(), grant=Grant(expires_at=ends)), KeyRing()
    for look_up in (key_of, ring.find, ring.find):
        assert look_up(secret, now=ends - timedelta(seconds=1)) is not None
        assert look_up(secret, now=ends) is None


def test_a_revoked_key_opens_nothing_and_frees_its_name() -> None:
    workspace = bluebell()
    secret = created(workspace)
    with pytest.raises(KeyNameTaken):
        created(workspace)
    revoke_key(workspace=workspace, name="till", now=START)
    assert key_of(secret, now=START) is None
    with pytest.raises(NoSuchKey):
        revoke_key(workspace=workspace, name="till", now=START)
    assert created(workspace) != secret
    assert [bool(each.revoked_at) for each in keys_in(workspace)].count(True) == 1


def test_a_revoked_key_is_believed_no_longer_than_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace, ring, seconds = bluebell(), KeyRing(seconds=5), [100.0]
    monkeypatch.setattr("time.monotonic", lambda: seconds[0])
    secret = created(workspace)
    assert ring.find(secret, now=START) is not None
    revoke_key(workspace=workspace, name="till", now=START)
    seconds[0] += 2.9
    assert ring.find(secret, now=START) is not None
    seconds[0] += 2.1
    assert ring.find(secret, now=START) is None


def test_while_one_request_looks_a_key_up_again_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    ring, seconds, asked = KeyRing(seconds=5), [100.0], list[bytes]()
    monkeypatch.setattr("time.monotonic", lambda: seconds[0])
    secret = created(bluebell())
    key = ring.find(secret, now=START)

    def slowly(digest: bytes) -> Key | None:
        asked.append(digest)
        if len(asked) < 3:
            assert ring.find(secret, now=START) == key
        return key

    monkeypatch.setattr(keys, "_look_up", slowly)
    seconds[0] += 3.1
    assert ring.find(secret, now=START) == key
    assert len(asked) == 1
    seconds[0] += 5.1
    assert ring.find(secret, now=START) == key
    assert len(asked) == 3, "after so long nobody goes on without a look"


def test_a_ring_remembers_so_many_and_nothing_that_opens_nothing() -> None:
    workspace, ring = bluebell(), KeyRing(most=2)
    secrets = [created(workspace, f"till {number}") for number in range(4)]
    for secret in (*secrets, "sk_live_" + "x" * 43):
        ring.find(secret, now=START)
    assert len(ring._known) == 2


@pytest.mark.parametrize(
    ("name", "grant"),
    [
        ("", Grant()),
        ("a" * 101, Grant()),
        ("a\nb", Grant()),
        ("till", Grant([])),
        ("till", Grant(["everything"])),
        ("till", Grant(source="sayso")),
        *(("till", Grant(source=ours)) for ours in ("portal", "landing", "page", "sharing", "staff")),
        ("till", Grant(source="")),
        ("till", Grant(expires_at=START)),
    ],
)
def test_what_cannot_be_a_key_is_refused(name: str, grant: Grant) -> None:
    with pytest.raises(KeyNotUsable):
        created(bluebell(), name, grant)
