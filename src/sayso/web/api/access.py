"""Who asks, and whether they may: the gate before each route.

Owns the recognition of keys, scopes, the bound on how often a key may ask, and which query parameters a route knows. A
route without a gate opens to nobody.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches

from django.conf import settings
from django.http import HttpRequest
from ninja.security.http import HttpAuthBase

from sayso.core.program.problems import Problem
from sayso.domains.events.act import Actor
from sayso.domains.people.models import Member
from sayso.domains.people.queries import member_called, member_named
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.keys import Key, recognised
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.queries import workspace_numbered
from sayso.web.api.limits import Allowance, counter
from sayso.web.callers import client_address
from sayso.web.problems import Refused, check_encoding, no_key, not_readable, not_valid, scope_missing, too_many

BEARER = "bearer"
IDEMPOTENCY = "Idempotency-Key"
LONGEST_KEY = 100
_IDEMPOTENCY_KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sent the request, recognised by their key.

    Attributes:
        workspace: the key's; nothing outside of it is seen.
        once: the Idempotency-Key of the request; empty when none came.
        now: the time at which the request came.
    """

    key: Key
    workspace: Workspace
    once: str
    now: datetime

    @property
    def clock(self) -> datetime:
        """What the workspace takes for now."""
        return now_in(self.workspace, self.now)

    def actor(self, by: str | None = None) -> Actor:
        """Return who acts: a person the request names, else the key."""
        return Actor(source=self.key.source, by=by or self.key.name, once=self.once)

    def member(self, name: str) -> Member:
        """Return whom a request names.

        Ids can be guessed, so to a key that anybody can read only the company's own name is one.

        Raises:
            NoSuchMember: nobody is called that.
        """
        return (member_named if self.key.is_public else member_called)(self.workspace, name)

    def name_told(self, sent: str, ours: str) -> str:
        """Return by which name an answer speaks of a member; to a key that anybody can read, by the one it sent."""
        return sent if self.key.is_public else ours


class Gate(HttpAuthBase):
    """Lets a request through to one route when its key has one of the route's scopes.

    Attributes:
        knows: the query parameters of the route.
        fields: those of the object that it takes as its body.
        once: an Idempotency-Key is worth sending there.
    """

    openapi_scheme = BEARER

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self.scopes, self.knows, self.fields, self.once = scopes, frozenset[str](), frozenset[str](), False

    def __call__(self, request: HttpRequest) -> Caller:
        """Return who asks.

        Raises:
            Refused: nobody whom we know asks, or they may not do this, or too often.
        """
        now = datetime.now(UTC)
        key = recognised(_secret_in(request), now=now)
        _count(request, key)
        if key is None:
            raise Refused(no_key("The key is not known, was revoked or has ended."))
        if not any(map(key.may, self.scopes)):
            raise Refused(scope_missing(*self.scopes))
        self._check_parameters(request)
        check_encoding(request.headers.get("Content-Encoding", ""))
        request.fields = self.fields  # type: ignore[attr-defined]
        return Caller(key, workspace_numbered(key.workspace), _once_in(request), now)

    def _check_parameters(self, request: HttpRequest) -> None:
        strange = [name for name in request.GET if name not in self.knows]
        if not strange:
            return
        raise Refused(not_valid([_unknown(name[:100], self.knows) for name in strange[:10]]))


def caller_of(request: HttpRequest) -> Caller:
    """Return who sent a request that passed its gate."""
    caller = request.auth  # type: ignore[attr-defined]
    assert isinstance(caller, Caller)
    return caller


def allowance_of(request: HttpRequest) -> Allowance | None:
    """Return what is left to whoever sent a request; None where nobody counted yet."""
    return getattr(request, "allowance", None)


def _secret_in(request: HttpRequest) -> str:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        _count(request, None)
        raise Refused(no_key("Send your key as Authorization: Bearer sk_live_…"))
    return secret.strip() if scheme.lower() == BEARER else ""


def _count(request: HttpRequest, key: Key | None) -> None:
    who = f"key {key.number}" if key else f"address {client_address(request.META)}"
    allowance = counter.take(who, settings.REQUESTS_PER_MINUTE)
    request.allowance = allowance  # type: ignore[attr-defined]
    if allowance.left < 0:
        raise Refused(too_many(allowance.seconds))


def _once_in(request: HttpRequest) -> str:
    once = request.headers.get(IDEMPOTENCY, "")
    if once and not _IDEMPOTENCY_KEY.fullmatch(once):
        raise Refused(not_readable(f"An {IDEMPOTENCY} has 1 to {LONGEST_KEY} visible ASCII characters."))
    return once


def _unknown(name: str, known: frozenset[str]) -> Problem:
    near = get_close_matches(name, sorted(known), n=1)
    return Problem(0, 0, name, f"There is no parameter {name!r}.", near[0] if near else "")
