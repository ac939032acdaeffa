"""What people see when something is wrong: on a site in the company's look, elsewhere in the console's.

Owns the choice between the two, and the pages of a site. It must not say what broke: the log knows, under the
request's id.
"""

from __future__ import annotations

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse

from sayso.web.console import failures as console
from sayso.web.site import Site, site_of
from sayso.web.site_pages import show_failure

_BEFORE_THE_NAME = "/w/"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is nothing at this address."""
    site = _site(request)
    return show_failure(request, site, "not_found", 404) if site else console.not_found(request, exception)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request cannot be answered."""
    site = _site(request)
    return show_failure(request, site, "refused", 400) if site else console.refused(request, exception)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token, or from another site."""
    site = _site(request)
    return show_failure(request, site, "form_refused", 403) if site else console.form_refused(request, reason)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke on our side."""
    site = _site(request)
    return show_failure(request, site, "failed", 500) if site else console.failed(request)


def _site(request: HttpRequest) -> Site | None:
    """The site that the request was for; None where there is none, or where it cannot be known any more."""
    path = request.path_info
    name = path.removeprefix(_BEFORE_THE_NAME).partition("/")[0] if path.startswith(_BEFORE_THE_NAME) else ""
    try:
        return site_of(request, name)
    except (Http404, SuspiciousOperation, DatabaseError):
        return None
