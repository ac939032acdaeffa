"""What is answered when something is wrong outside a view: on a site in the company's look, elsewhere in the console's,
and for machines as the API answers.

Owns the choice between the three, and the pages of a site. It must not say what broke: the log knows, under the
request's id.
"""

from __future__ import annotations

import sys

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import is_valid_path
from django.utils.encoding import iri_to_uri
from django.utils.http import escape_leading_slashes

from sayso.web import access_log
from sayso.web.console import failures as console
from sayso.web.problems import MEDIA_TYPE, Refusal, defect, is_of_the_database, not_readable, refusal_of
from sayso.web.site.addresses import Site, site_of
from sayso.web.site.pages import show_failure

_BEFORE_THE_NAME = "/w/"
_OF_MACHINES = "/api/"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is nothing at this address; where it has a slash too many, the page is at the one without."""
    without = _without_slash(request)
    if without:
        return HttpResponsePermanentRedirect(without)
    site = _site(request)
    return show_failure(request, site, "not_found", 404) if site else console.not_found(request, exception)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request cannot be answered."""
    if _is_for_machines(request):
        return _told(request, not_readable("The host or the address is none that is answered here."))
    site = _site(request)
    return show_failure(request, site, "refused", 400) if site else console.refused(request, exception)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token, or from another site."""
    site = _site(request)
    return show_failure(request, site, "form_refused", 403) if site else console.form_refused(request, reason)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke on our side, or the database is busy or away: then it is to be tried again."""
    error = sys.exc_info()[1]
    found = refusal_of(error) if isinstance(error, Exception) and is_of_the_database(error) else None
    refusal = found or defect()
    if _is_for_machines(request):
        return _told(request, refusal)
    site, name = _site(request), _request_id(request)
    if site:
        response = show_failure(request, site, "failed", refusal.status, request_id=name)
    else:
        response = console.failed(request, name)
    response.status_code = refusal.status
    for header, value in refusal.headers.items():
        response[header] = value
    return response


def _without_slash(request: HttpRequest) -> str:
    """Return the address without its slash at the end, where only there is a page; else nothing."""
    path = request.path_info.rstrip("/")
    is_asked = request.method in ("GET", "HEAD") and not _is_for_machines(request)
    # Where a page itself said that there is nothing, it would say so again.
    if not is_asked or path == request.path_info or request.resolver_match or not is_valid_path(path, _urls(request)):
        return ""
    asked = request.META.get("QUERY_STRING", "")
    return escape_leading_slashes(iri_to_uri(path)) + (f"?{asked}" if asked else "")


def _urls(request: HttpRequest) -> str | None:
    return getattr(request, "urlconf", None)


def _is_for_machines(request: HttpRequest) -> bool:
    return request.path_info.startswith(_OF_MACHINES)


def _told(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    body = refusal.as_bytes(_request_id(request))
    return HttpResponse(body, status=refusal.status, content_type=MEDIA_TYPE, headers=dict(refusal.headers))


def _request_id(request: HttpRequest) -> str:
    return str(request.META.get(access_log.REQUEST_ID, ""))


def _site(request: HttpRequest) -> Site | None:
    """The site that the request was for; None where there is none, or where it cannot be known any more."""
    path = request.path_info
    name = path.removeprefix(_BEFORE_THE_NAME).partition("/")[0] if path.startswith(_BEFORE_THE_NAME) else ""
    try:
        return site_of(request, name)
    except (Http404, SuspiciousOperation, DatabaseError):
        return None
