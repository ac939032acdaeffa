"""Signing members in on the word of the company's own systems: a JSON Web Token (RFC 7519), HS256, an hour at most.

Owns what such a token must say. Who signs is known by the workspace's portal secret. It must not open a session.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from sayso.core.domain_error import DomainError
from sayso.domains.events.act import Actor, NotSayable
from sayso.domains.people.identify import Identification, identify_member
from sayso.domains.people.models import Member
from sayso.domains.people.queries import NoSuchMember
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.portal_secret import portal_secrets

ALGORITHM = "HS256"
LIFETIME = timedelta(hours=1)
# By how much the clock of whoever signs may go fast.
_LEEWAY = timedelta(seconds=30)
LONGEST = 4096
_SOURCE = "portal"
_CLAIMS = ("sub", "aud", "iat", "exp")
# What a token may say of somebody who is new.
_KNOWN = ("email", "phone", "language", "country")


_log = structlog.get_logger(__name__)


class TokenRefused(DomainError):
    """The token is not the company's, is not for here, or has ended. Why is for its sender's log, not for a page."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the company's system says somebody is.

    Attributes:
        token: as it came.
        secret: the number of the secret that signed it.
    """

    member: Member
    token: str
    secret: int


@dataclass(frozen=True, slots=True)
class _Said:
    """What a token says once it is believed."""

    member: str
    known: dict[str, str]
    secret: int


def vouched_for(*, workspace: Workspace, token: str, now: datetime) -> Vouched:
    """Return whom the company's system says this is; who is new is made known.

    Args:
        workspace: to which the token must be addressed: `aud` is its name.
        token: with `sub`, the company's own name for the member, `iat` and `exp`, seconds since 1970, at most an hour
            apart; of somebody new also `email`, `phone`, `language` and `country`.
        now: the time, a test workspace's too: tokens are made by other clocks.

    Raises:
        TokenRefused: as it says.
        SealBroken: the workspace's secrets cannot be opened.
    """
    try:
        said = _read(workspace, token, now)
    except TokenRefused as error:
        _log.info("token refused", workspace=workspace.name, reason=str(error))
        raise
    who = Identification(said.member, **said.known)
    try:
        member = identify_member(workspace=workspace, who=who, actor=Actor(_SOURCE), now=now)
    except (NoSuchMember, NotSayable) as error:
        raise TokenRefused(f"nobody can be known so: {error}") from None
    return Vouched(member, token, said.secret)


def member_vouched_for(*, workspace: Workspace, token: str, now: datetime) -> Member:
    """Return the member alone; arguments and errors are those of `vouched_for`."""
    return vouched_for(workspace=workspace, token=token, now=now).member


def name_in(*, workspace: Workspace, token: str, now: datetime) -> str:
    """Return the company's name for whom a token would sign in; nobody is made known. Errors as of `vouched_for`."""
    return _read(workspace, token, now).member


def _read(workspace: Workspace, token: str, now: datetime) -> _Said:
    if not token or len(token) > LONGEST:
        raise TokenRefused("there is no token, or none so long is read")
    claims, secret = _claims(workspace, token, now)
    _check_times(claims, now)
    member = claims["sub"]
    if not isinstance(member, str) or not member:
        raise TokenRefused("sub is the company's name for the member, a text")
    known = {name: claims[name] for name in _KNOWN if isinstance(claims.get(name), str) and claims[name]}
    return _Said(member, known, secret)


def _claims(workspace: Workspace, token: str, now: datetime) -> tuple[dict[str, Any], int]:
    """What is said, and which of the workspace's secrets signed it. Times are checked by the clock that was given."""
    # Loaded when somebody brings a token: with its cryptography it takes a tenth of a process's memory.
    import jwt  # noqa: PLC0415

    options: Any = {"require": list(_CLAIMS), "verify_exp": False, "verify_iat": False, "verify_nbf": False}
    failure: Exception | None = None
    for number, secret in portal_secrets(workspace, now).items():
        try:
            found = jwt.decode(token, secret, algorithms=[ALGORITHM], audience=workspace.name, options=options)
        except jwt.InvalidTokenError as error:
            failure = error
        else:
            return found, number
    raise TokenRefused(str(failure or f"{workspace} has no portal secret; make one with: sayso portal secret"))


def _check_times(claims: dict[str, Any], now: datetime) -> None:
    issued, ends = (_seconds(claims, name) for name in ("iat", "exp"))
    begins = _seconds(claims, "nbf") if "nbf" in claims else issued
    moment, leeway = now.timestamp(), _LEEWAY.total_seconds()
    if ends <= moment:
        raise TokenRefused("the token has ended")
    if max(issued, begins) > moment + leeway:
        raise TokenRefused("the token begins in the future")
    if ends - issued > LIFETIME.total_seconds():
        raise TokenRefused("a token lives for an hour at most")


def _seconds(claims: dict[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TokenRefused(f"{name} is a number of seconds since 1970")
    return value
