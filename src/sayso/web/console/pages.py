"""How a page of the console is made: in the reader's language, for whoever is signed in, kept by no cache.

Owns the frame around every page. It must not know what a page shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation

from sayso.core.program.explain.voice import Language
from sayso.domains.workspaces.keys import Key, key_numbered
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.queries import workspace_numbered
from sayso.web.console.languages import language_of

# Where the session keeps the number of the key that opened it; the secret itself is kept nowhere.
SIGNED_IN = "key"
NEEDED_SCOPE = "read"


@dataclass(frozen=True, slots=True)
class ConsoleVisit:
    """Who looks at a page.

    Attributes:
        now: the time.
    """

    request: HttpRequest
    key: Key
    workspace: Workspace
    language: Language
    now: datetime

    @property
    def address(self) -> str:
        """Where this service is reached, without a slash at the end."""
        return self.request.build_absolute_uri("/").rstrip("/")


Page = Callable[..., HttpResponse]


def signed_in(page: Callable[..., HttpResponse]) -> Page:
    """Make a view of a page for people who are signed in; others are sent to the sign-in."""

    @wraps(page)
    def view(request: HttpRequest, **arguments: Any) -> HttpResponse:
        now = datetime.now(UTC)
        key = visitor(request, now)
        if key is None:
            return redirect("console:sign-in")
        language = language_of(request)
        visit = ConsoleVisit(request, key, workspace_numbered(key.workspace), language, now)
        with translation.override(language):
            return page(visit, **arguments)

    return view


def show(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Return a page, from a template of this room."""
    language = language_of(request)
    with translation.override(language):
        frame = {"language": language, "languages": settings.LANGUAGES, **context}
        response = render(request, f"console/{template}", frame, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = language
    return response


def visitor(request: HttpRequest, now: datetime) -> Key | None:
    """Return the key that opened the session, as long as it holds: a key that is revoked signs everybody out."""
    number = request.session.get(SIGNED_IN)
    key = key_numbered(number, now=now) if isinstance(number, int) else None
    return key if key is not None and may_look(key) else None


def may_look(key: Key) -> bool:
    """Whether a key opens the console."""
    return not key.is_public and key.may(NEEDED_SCOPE)
