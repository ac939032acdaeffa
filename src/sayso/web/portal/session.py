"""The session of a member: a signed cookie of one workspace, that says who signed in and when.

Owns what stands in it and how long it holds. A member who was erased or is unknown has none, whatever their browser
still sends. It must not sign anybody in by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from sayso.domains.people.models import Member
from sayso.domains.people.queries import NoSuchMember, member_numbered
from sayso.domains.workspaces.models import Workspace

LASTS = timedelta(days=14)
# So long after signing in, a member may take their data away or have it erased (TRUST, "fresh sign-in").
FRESH = timedelta(minutes=15)
# The moment of a reward's arrival is celebrated once; of so many it is known that it was.
_MOST_SEEN = 40
_SALT = "sayso.portal.session"


@dataclass(frozen=True, slots=True)
class Session:
    """Who signed in.

    Attributes:
        member: their number.
        at: when.
        seen: numbers of rewards whose arrival was celebrated.
    """

    member: int
    at: datetime
    seen: tuple[int, ...] = ()

    def is_fresh(self, now: datetime) -> bool:
        """Whether the sign-in is so recent that what is hard to undo may be done."""
        return now - self.at <= FRESH

    def having_seen(self, rewards: Collection[int]) -> Session:
        """Return the session with the arrival of more rewards celebrated."""
        seen = tuple(dict.fromkeys((*rewards, *self.seen)))
        return replace(self, seen=seen[:_MOST_SEEN])


def open_session(response: HttpResponse, workspace: Workspace, session: Session) -> None:
    """Have the browser keep a session."""
    said = [session.member, int(session.at.timestamp()), list(session.seen)]
    response.set_cookie(
        cookie_name(workspace),
        signing.dumps(said, salt=_salt(workspace)),
        max_age=int(LASTS.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def close_session(response: HttpResponse, workspace: Workspace) -> None:
    """Have the browser forget the session."""
    response.delete_cookie(cookie_name(workspace), samesite="Lax")


def session_of(request: HttpRequest, workspace: Workspace, now: datetime) -> Session | None:
    """Return the session that a request comes with; None where there is none that holds."""
    try:
        said = signing.loads(request.COOKIES.get(cookie_name(workspace), ""), salt=_salt(workspace))
    except signing.BadSignature:
        return None
    member, seconds, seen = said
    session = Session(member, datetime.fromtimestamp(seconds, now.tzinfo), tuple(seen))
    return session if timedelta() <= now - session.at + timedelta(minutes=1) and now - session.at < LASTS else None


def member_of(workspace: Workspace, session: Session) -> Member | None:
    """Return whose session it is; who was merged is who they became, and who was erased is nobody."""
    try:
        found = member_numbered(workspace, session.member)
        while found.merged_into:
            found = member_numbered(workspace, found.merged_into)
    except NoSuchMember:
        return None
    return None if found.status == "erased" else found


def cookie_name(workspace: Workspace) -> str:
    """Return what the cookie is called: each workspace of an installation has its own."""
    return f"{settings.MEMBER_COOKIE_NAME}_{workspace.pk}"


def _salt(workspace: Workspace) -> str:
    """One workspace's session opens nothing in another."""
    return f"{_SALT}:{workspace.pk}"
