"""Keys to the API: making, listing and revoking them.

Owns how a key is written. A secret is in the answer that made it, and nowhere else.
"""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Path
from pydantic import Field

from sayso.core.program.problems import Problem
from sayso.domains.workspaces.keys import (
    EVERYTHING,
    PUBLIC_SCOPES,
    SECRET_SCOPES,
    Grant,
    create_key,
    keys_in,
    revoke_key,
)
from sayso.domains.workspaces.models import ApiKey
from sayso.web.api.access import Caller, caller_of
from sayso.web.api.repeats import carried_out
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import Flag, In, Name, Out, PublicId, Sent, told_id, written
from sayso.web.problems import Refused, not_valid, scope_missing

routes = Routes("Keys")

SCOPE = "keys"
_PUBLIC = f"A public key has {' and '.join(PUBLIC_SCOPES)}, and can have no other scope; leave scopes out."
_SCOPES = f"{', '.join(SECRET_SCOPES)}, or {EVERYTHING} for all"


class KeyOut(Out):
    """A key to the API, without its secret."""

    id: str
    name: str
    begins: str = Field(description="How its secret begins.", examples=["sk_live_Ab3d"])
    scopes: list[str]
    public: bool
    source: str = Field(description="In whose name its events are stored.")
    state: str = Field(description="good, ended or revoked")
    created_at: str
    expires_at: str | None


class NewKeyOut(KeyOut):
    """A key that was just made."""

    secret: str | None = Field(description="Shown this once; null when the request is repeated.")


class KeysOut(Out):
    """Every key, revoked ones too."""

    items: list[KeyOut]


class KeyIn(In):
    """What a new key may do."""

    name: Name = Field(max_length=100, examples=["till in Valencia"])
    scopes: list[Name] = Field(
        [EVERYTHING], min_length=1, max_length=20, description=f"{_SCOPES}. A public key takes none."
    )
    public: Flag = Field(False, description="It will stand in web pages: it may identify and share, and nothing else.")
    source: Name = Field("api", max_length=100, description="In whose name its events are stored.")
    expires_at: Sent | None = Field(None, description="When it ends: at the latest when its maker does, else never.")


@routes.get("/keys", gives=KeysOut, scope=SCOPE)
def get_keys(request: HttpRequest) -> KeysOut:
    """List the keys."""
    caller = caller_of(request)
    return KeysOut(items=[KeyOut(**_told(row, caller.now)) for row in keys_in(caller.workspace)])


@routes.post("/keys", gives=NewKeyOut, scope=SCOPE)
def post_key(request: HttpRequest, body: KeyIn) -> NewKeyOut:
    """Make a key and show its secret, this once.

    A key gives no more than it has itself, and what it makes ends when it does or sooner. A public key may always do
    the same, so it is asked for without `scopes`.
    """
    caller = caller_of(request)
    if body.public and "scopes" in body.model_fields_set:
        raise Refused(not_valid([Problem(0, 0, "scopes", _PUBLIC)]))
    _no_more_than(caller, body)
    return carried_out(request, NewKeyOut, lambda: _make(caller, body))


@routes.delete("/keys/{name}", scope=SCOPE, fails=(404,))
def delete_key(request: HttpRequest, name: Annotated[str, Path(max_length=100)]) -> None:
    """Revoke the key of this name; it opens nothing any more within 5 seconds."""
    caller = caller_of(request)
    revoke_key(workspace=caller.workspace, name=name, now=caller.now)


def _no_more_than(caller: Caller, body: KeyIn) -> None:
    wanted = SECRET_SCOPES if EVERYTHING in body.scopes else body.scopes
    beyond = [scope for scope in wanted if scope in SECRET_SCOPES and not caller.key.may(scope)]
    if beyond and not body.public:
        raise Refused(scope_missing(beyond[0]))


def _make(caller: Caller, body: KeyIn) -> NewKeyOut:
    ends = min(filter(None, (body.expires_at, caller.key.expires_at)), default=None)
    grant = Grant(body.scopes, body.public, body.source, ends)
    made, secret = create_key(workspace=caller.workspace, name=body.name, grant=grant, now=caller.now)
    return NewKeyOut(**_told(made, caller.now), secret=secret)


def _told(row: ApiKey, now: datetime) -> dict[str, object]:
    assert row.created_at is not None
    ended = row.expires_at is not None and row.expires_at <= now
    return {
        "id": told_id(PublicId.key, row.number) or "",
        "name": row.name,
        "begins": row.hint,
        "scopes": row.scopes.split(),
        "public": row.is_public,
        "source": row.source,
        "state": "revoked" if row.revoked_at else "ended" if ended else "good",
        "created_at": written(row.created_at),
        "expires_at": written(row.expires_at) if row.expires_at else None,
    }
