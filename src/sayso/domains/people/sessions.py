"""Sessions of members on their own pages: opened by signing in, ended by signing out, by staff, or with the secret that
vouched for them.

Owns how long one holds and what ends it. The table has a digest of what the browser keeps, so that whoever reads it can
open nothing. Who was erased or merged into another has none. It must not sign anybody in by itself, nor know a browser.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from sayso.domains.people.host_token import LIFETIME, TokenRefused, Vouched
from sayso.domains.people.models import Member, PortalSession
from sayso.domains.workspaces.models import PortalSecret, Workspace

LASTS = timedelta(days=14)
# So long after signing in, a member may take their data away or have it erased (TRUST, "fresh sign-in").
FRESH = timedelta(minutes=15)
PIECE = 1000
# Longer than a token holds: until then it is known that it opened a session.
_KEPT_AFTER = 2 * LIFETIME
_BYTES = 32
_LOOKING = ("active", "banned")


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in.

    Attributes:
        opened_at: when they signed in.
    """

    member: Member
    opened_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Whether the sign-in is so recent that what is hard to undo may be done."""
        return now - self.opened_at <= FRESH


def open_session(*, workspace: Workspace, member: int, now: datetime, vouched: Vouched | None = None) -> str:
    """Open a session and return what the browser is to keep.

    Args:
        workspace: whose member.
        member: their number.
        now: the time, by the calendar.
        vouched: the company's word, where that signs them in.

    Raises:
        TokenRefused: the company's token opened a session before.
    """
    word = secrets.token_urlsafe(_BYTES)
    try:
        with transaction.atomic():
            PortalSession.objects.create(
                digest=_digest(word),
                workspace=workspace,
                member=member,
                secret=vouched.secret if vouched else 0,
                token=_digest(_signed_part(vouched.token)) if vouched else "",
                opened_at=now,
                ends_at=now + LASTS,
            )
    except IntegrityError:
        raise TokenRefused("the token opened a session before") from None
    return word


def session_of(workspace: Workspace, word: str, now: datetime) -> Session | None:
    """Return the session that a browser says it has; None where there is none that holds.

    Args:
        workspace: whose page it looks at.
        word: what the browser keeps.
        now: the time, by the calendar.
    """
    row = _open(workspace, now).filter(digest=_digest(word)).first() if word else None
    member = Member.objects.filter(id=row.member, workspace=workspace, status__in=_LOOKING).first() if row else None
    return Session(member, row.opened_at) if row and row.opened_at and member else None


def end_session(*, workspace: Workspace, word: str, now: datetime) -> None:
    """End the session that a browser says it has."""
    _open(workspace, now).filter(digest=_digest(word)).update(ends_at=now)


def end_sessions(*, workspace: Workspace, now: datetime, member: Member | None = None) -> int:
    """End every session of a member, or of everybody, and return how many there were.

    Args:
        workspace: whose.
        now: the time, by the calendar.
        member: whose sessions; None for those of all members.
    """
    rows = _open(workspace, now)
    return (rows.filter(member=member.id) if member else rows).update(ends_at=now)


def count_sessions(member: Member, now: datetime) -> int:
    """Return in how many places a member is signed in."""
    return _open(member.workspace, now).filter(member=member.id).count()


def clean_sessions(now: datetime) -> bool:
    """Delete a piece of the sessions that are over; whether there may be more.

    Args:
        now: the time, by the calendar.
    """
    # Over all workspaces: they end by the calendar.
    over = PortalSession.objects.filter(ends_at__lt=now - _KEPT_AFTER)
    keys = list(over.values_list("digest", "workspace_id")[:PIECE])
    digests, workspaces = [digest for digest, _ in keys], {workspace for _, workspace in keys}
    over.filter(digest__in=digests, workspace__in=workspaces).delete()
    return len(keys) == PIECE


def _open(workspace: Workspace, now: datetime) -> QuerySet[PortalSession]:
    """The sessions that hold: their time is not over, and the secret that vouched was not withdrawn."""
    vouching = PortalSecret.objects.filter(number=OuterRef("secret"), workspace=workspace)
    rows = PortalSession.objects.filter(workspace=workspace, ends_at__gt=now)
    return rows.filter(Q(secret=0) | Exists(vouching))


def _signed_part(token: str) -> str:
    """What the signature vouches for; the signature itself can be written in several ways."""
    return token.rpartition(".")[0]


def _digest(word: str) -> str:
    return sha256(word.encode()).hexdigest()
