"""What the pages before a member's own share: how they are drawn, and how somebody comes in.

Owns that coming in makes a new session and ends the one before. It must not decide who may.
"""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from sayso.domains.people.host_token import Vouched
from sayso.domains.people.sessions import open_session
from sayso.web.portal.session import end_session_in, keep_session
from sayso.web.portal.visit import HOME
from sayso.web.site.addresses import Site
from sayso.web.site.pages import show


def door_page(request: HttpRequest, site: Site, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Return a page for somebody who is not signed in.

    Args:
        template: below `portal/`.
        status: of the answer.
        context: what the page shows.
    """
    response = show(request, site, f"portal/{template}", home=site.path(HOME), **context)
    response.status_code = status
    return response


def come_in(
    request: HttpRequest, site: Site, member: int, *, now: datetime, vouched: Vouched | None = None
) -> HttpResponse:
    """Sign a member in and send the browser to their page.

    Args:
        member: their number.
        now: the time, by the calendar.
        vouched: the company's word, where that signs them in.

    Raises:
        TokenRefused: the company's token opened a session before.
    """
    word = open_session(workspace=site.workspace, member=member, now=now, vouched=vouched)
    response = HttpResponseRedirect(site.path(HOME), status=HTTPStatus.SEE_OTHER)
    end_session_in(request, site.workspace, now)
    keep_session(response, site.workspace, word)
    return response
