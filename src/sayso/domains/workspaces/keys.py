"""Keys to the API: creating, revoking, and recognising them.

Owns what a secret looks like, what a scope is, and how long a key that was looked up is believed. A secret is 256
random bits, so one round of SHA-256 keeps it; it is shown once. It must not know a route.
"""

import hmac
import re
import secrets
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction

from sayso.core.domain_error import DomainError
from sayso.core.engine.events import NOT_FOR_OTHERS
from sayso.domains.workspaces.beliefs import Beliefs
from sayso.domains.workspaces.models import ApiKey, Workspace

SECRET_SCOPES = ("read", "events", "members", "rewards", "programs", "webhooks", "keys")
EVERYTHING = "*"
# A public key can be read by anybody: it may say who recommends and make a link, and never read or pay.
PUBLIC_SCOPES = ("identify", "share")
API = "api"
# What the key is called that a first start makes.
FIRST_KEY = "first"

BELIEVED_SECONDS = 5.0
MOST_BELIEVED = 4096
_LONGEST = 100
_SECRET_BYTES = 32
_SHOWN = 4
_FORM = re.compile(r"[sp]k_(?:live|test)_[A-Za-z0-9_-]{43}")


class KeyNotUsable(DomainError, ValueError):
    """What a new key should be or do is not possible."""


class KeyNameTaken(DomainError, ValueError):
    """There is a key of this name already that was not revoked."""


class NoSuchKey(DomainError, LookupError):
    """There is no key of this name that could be revoked."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a new key may do.

    Attributes:
        scopes: any of `SECRET_SCOPES`, or `*` for all of them; a public key has `PUBLIC_SCOPES`, whatever stands here.
        is_public: it will stand in web pages.
        source: in whose name its events are stored; ids of events are unique within a source.
        expires_at: when it ends; never when None.
    """

    scopes: Collection[str] = (EVERYTHING,)
    is_public: bool = False
    source: str = API
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was recognised.

    Attributes:
        workspace: the number of the workspace that it opens.
        is_test: whether that is a test workspace, which goes by a clock of its own.
    """

    number: int
    workspace: int
    is_test: bool
    name: str
    scopes: frozenset[str]
    is_public: bool
    source: str
    expires_at: datetime | None

    def may(self, scope: str) -> bool:
        """Whether the key has a scope; all of a secret key's when it has `*`, and never a public one's."""
        return scope in self.scopes or (EVERYTHING in self.scopes and scope in SECRET_SCOPES)


def create_key(*, workspace: Workspace, name: str, grant: Grant, now: datetime) -> tuple[ApiKey, str]:
    """Create a key and return it with its secret, which nobody can show again.

    Args:
        workspace: what it opens.
        name: for people; unique among the keys that were not revoked.
        grant: what it may do.
        now: the time.

    Raises:
        KeyNotUsable, KeyNameTaken: as they say.
    """
    _check(name, grant, now)
    start = f"{'pk' if grant.is_public else 'sk'}_{'test' if workspace.is_test else 'live'}_"
    secret = start + secrets.token_urlsafe(_SECRET_BYTES)
    digest = _digest_of(secret)
    scopes = PUBLIC_SCOPES if grant.is_public else [EVERYTHING] if EVERYTHING in grant.scopes else grant.scopes
    try:
        with transaction.atomic():
            made = ApiKey.objects.create(
                number=_number_of(digest),
                workspace=workspace,
                name=name,
                digest=digest,
                hint=secret[: len(start) + _SHOWN],
                scopes=" ".join(sorted(set(scopes))),
                is_public=grant.is_public,
                source=grant.source,
                created_at=now,
                expires_at=grant.expires_at,
            )
    except IntegrityError:
        raise KeyNameTaken(f"{workspace} has a key {name!r} already") from None
    return made, secret


def _check(name: str, grant: Grant, now: datetime) -> None:
    if not 0 < len(name) <= _LONGEST or not name.isprintable():
        raise KeyNotUsable(f"a key's name has 1 to {_LONGEST} characters that can be printed")
    if grant.source in NOT_FOR_OTHERS or not 0 < len(grant.source) <= _LONGEST or not grant.source.isprintable():
        raise KeyNotUsable(f"{grant.source!r} is no source of events; name the system that sends, for example till")
    unknown = sorted(set(grant.scopes) - {*SECRET_SCOPES, EVERYTHING})
    if unknown or not grant.scopes:
        said = f"there is no scope {unknown[0]!r}" if unknown else "a key needs a scope"
        raise KeyNotUsable(f"{said}; a secret key takes {', '.join(SECRET_SCOPES)}, or {EVERYTHING} for all")
    if grant.expires_at is not None and grant.expires_at <= now:
        raise KeyNotUsable("a key ends after it was made")


def revoke_key(*, workspace: Workspace, name: str, now: datetime) -> None:
    """Take a key back; every process stops believing it within `BELIEVED_SECONDS`.

    Raises:
        NoSuchKey: no key of this name is left to revoke.
    """
    if not ApiKey.objects.filter(workspace=workspace, name=name, revoked_at=0).update(revoked_at=now):
        raise NoSuchKey(f"{workspace} has no key {name!r} that is not revoked")


def keys_in(workspace: Workspace) -> Sequence[ApiKey]:
    """Return the keys of a workspace, in the order in which they were made, revoked ones too."""
    return list(ApiKey.objects.filter(workspace=workspace).order_by("created_at", "name"))


def key_of(secret: str, *, now: datetime) -> Key | None:
    """Return the key with this secret; None where there is none, or where it was revoked or has ended.

    This asks the database. A request goes through `recognised`, which remembers for a moment.
    """
    return _standing(_look_up(_digest_of(secret)), now) if _FORM.fullmatch(secret) else None


def key_numbered(number: int, *, now: datetime) -> Key | None:
    """Return the key with this number, for whoever showed its secret before; None as for `key_of`."""
    found = _stored(number)
    return _standing(_key(found), now) if found else None


def _look_up(digest: bytes) -> Key | None:
    found = _stored(_number_of(digest))
    return _key(found) if found and hmac.compare_digest(bytes(found.digest), digest) else None


def _stored(number: int) -> ApiKey | None:
    # No workspace is known yet: the key says which one it is.
    return ApiKey.objects.filter(number=number, revoked_at=0).select_related("workspace").first()


def _key(found: ApiKey) -> Key:
    return Key(
        number=found.number,
        workspace=found.workspace.pk,
        is_test=found.workspace.is_test,
        name=found.name,
        scopes=frozenset(found.scopes.split()),
        is_public=found.is_public,
        source=found.source,
        expires_at=found.expires_at,
    )


def _standing(key: Key | None, now: datetime) -> Key | None:
    return None if key is None or (key.expires_at is not None and key.expires_at <= now) else key


def _digest_of(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def _number_of(digest: bytes) -> int:
    return int.from_bytes(digest[:8]) >> 1 or 1


class KeyRing:
    """Keys that were looked up a moment ago; a secret that opens nothing is looked up each time.

    Args:
        seconds: how long a key is believed at most.
        most: how many are remembered.
    """

    def __init__(self, *, seconds: float = BELIEVED_SECONDS, most: int = MOST_BELIEVED) -> None:
        self._known: Beliefs[bytes, Key] = Beliefs(seconds=seconds, most=most)

    def find(self, secret: str, *, now: datetime) -> Key | None:
        """Return the key with this secret, as `key_of` does."""
        if not _FORM.fullmatch(secret):
            return None
        digest = _digest_of(secret)
        known = self._known.get(digest)
        if known is None:
            asked = time.monotonic()
            known = _look_up(digest)
            self._known.keep(digest, known, asked=asked)
        return _standing(known, now)

    def forget(self) -> None:
        """Look every key up again."""
        self._known.forget()


_ring = KeyRing()
recognised = _ring.find
forget_recognised = _ring.forget
