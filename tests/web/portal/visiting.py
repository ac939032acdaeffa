"""Visiting the members' own pages: signing in, the company's own word for it, and opening pages.

Owns the ways in. It must not check what a page says.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import Any

import jwt
from django.test import Client
from django.urls import URLPattern

from sayso.domains.people.queries import member_named
from sayso.domains.people.sessions import open_session
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.portal_secret import make_portal_secret
from sayso.web.portal.session import cookie_name
from sayso.web.portal.urls import urlpatterns
from tests.domains.cast import START

# What may be asked without having signed in.
DOORS = ("portal-sign-in", "portal-code", "portal-enter", "portal-entry", "portal-sign-out")


def path(rest: str = "", *, workspace: str = "bluebell") -> str:
    """The path of a page below `/portal/`."""
    return f"/w/{workspace}/portal/{rest}"


def token(workspace: Workspace, who: str, *, seconds: int = 600, **more: Any) -> str:
    """The company's word for who this is, under a secret made for it."""
    secret = make_portal_secret(workspace=workspace, now=START)
    now = int(time.time())
    said = {"sub": who, "aud": workspace.name, "iat": now, "exp": now + seconds, **more}
    return jwt.encode(said, secret, algorithm="HS256")


def enter(client: Client, workspace: Workspace, who: str = "Ada") -> Client:
    """Sign somebody in."""
    word = open_session(workspace=workspace, member=member_named(workspace, who).id, now=datetime.now(UTC))
    client.cookies[cookie_name(workspace)] = word
    return client


def page(client: Client, rest: str = "", *, workspace: str = "bluebell", **query: str) -> str:
    """The text of a page that is there."""
    answer = client.get(path(rest, workspace=workspace), query, secure=True)
    assert answer.status_code == 200, (rest, answer.status_code)
    assert answer["Cache-Control"] == "no-store"
    return answer.content.decode()


def fields(text: str) -> dict[str, str]:
    """The hidden fields of every form on a page, but for the words against forged requests."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def routes() -> list[URLPattern]:
    """Every route of the room."""
    return list(urlpatterns)


def filled(route: URLPattern, names: dict[str, str]) -> str:
    """The path of a route below `/portal/`, with names in its places."""
    written = str(route.pattern).removeprefix("portal/")
    for name, value in names.items():
        written = written.replace(f"<str:{name}>", value).replace(f"<slug:{name}>", value)
    assert "<" not in written
    return written
