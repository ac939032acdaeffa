"""The cookie by which a member's browser is known: one for each workspace, with a word that nobody else has.

Owns how the cookie is set. What the word opens, and for how long, is `people.sessions`' to know.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sayso.domains.people.sessions import LASTS, Session, end_session, session_of
from sayso.domains.workspaces.models import Workspace


def keep_session(response: HttpResponse, workspace: Workspace, word: str) -> None:
    """Have the browser keep the word of a session."""
    response.set_cookie(
        cookie_name(workspace),
        word,
        max_age=int(LASTS.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_session(response: HttpResponse, workspace: Workspace) -> None:
    """Have the browser forget the word."""
    response.delete_cookie(cookie_name(workspace), samesite="Lax")


def end_session_in(request: HttpRequest, workspace: Workspace, now: datetime) -> None:
    """End the session that a request came with."""
    end_session(workspace=workspace, word=_word(request, workspace), now=now)


def session_in(request: HttpRequest, workspace: Workspace, now: datetime) -> Session | None:
    """Return the session that a request came with; None where there is none that holds."""
    return session_of(workspace, _word(request, workspace), now)


def cookie_name(workspace: Workspace) -> str:
    """Return what the cookie is called: each workspace of an installation has its own."""
    return f"{settings.MEMBER_COOKIE_NAME}_{workspace.pk}"


def _word(request: HttpRequest, workspace: Workspace) -> str:
    return request.COOKIES.get(cookie_name(workspace), "")
