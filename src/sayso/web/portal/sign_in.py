"""Signing in by a code that comes by mail; and out.

Owns the forms. Codes and limits are `outreach.sign_in`'s. Whether an address is known cannot be told from any answer.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sayso.domains.events.identities import recognise
from sayso.domains.outreach.sign_in import TooManyTries, check_sign_in_code, send_sign_in_code
from sayso.web.callers import client_address
from sayso.web.portal.door import come_in, door_page
from sayso.web.portal.session import end_session_in, forget_session, session_in
from sayso.web.portal.visit import HOME, SIGN_IN
from sayso.web.site.addresses import Site, on_site
from sayso.web.site.pages import visitor_language

_LONGEST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@on_site
def sign_in(request: HttpRequest, site: Site) -> HttpResponse:
    """Show the form, or have a code sent to the address in it."""
    now = datetime.now(UTC)
    if request.method != "POST":
        again = "again" in request.GET
        if not again and session_in(request, site.workspace, now):
            return HttpResponseRedirect(site.path(HOME))
        return door_page(request, site, "sign_in.html", again=again)
    with translation.override(visitor_language(request)):
        return _send(request, site, now)


@require_http_methods(["GET", "HEAD", "POST"])
@on_site
def code(request: HttpRequest, site: Site) -> HttpResponse:
    """Sign in with the code that came; without one, begin where it is asked for."""
    if request.method != "POST":
        return HttpResponseRedirect(site.path(SIGN_IN))
    now, email = datetime.now(UTC), _typed(request, "email")
    with translation.override(visitor_language(request)):
        try:
            number = check_sign_in_code(
                workspace=site.workspace, email=email, code=_typed(request, "code"), now=now,
                client=client_address(request.META),
            )  # fmt: skip
        except TooManyTries as error:
            return _later(request, site, "code.html", error, email=email)
        if number is None:
            problem = _("This code is wrong, was used, or is older than 10 minutes. You can have a new one sent.")
            return door_page(request, site, "code.html", status=HTTPStatus.FORBIDDEN, email=email, problem=problem)
    return come_in(request, site, number, now=now)


@require_POST
@on_site
def sign_out(request: HttpRequest, site: Site) -> HttpResponse:
    """End the session of this browser."""
    response = HttpResponseRedirect(site.path(SIGN_IN), status=HTTPStatus.SEE_OTHER)
    end_session_in(request, site.workspace, datetime.now(UTC))
    forget_session(response, site.workspace)
    return response


def _send(request: HttpRequest, site: Site, now: datetime) -> HttpResponse:
    email = _typed(request, "email")
    if not email or recognise({"email": email}).problems:
        problem = _("Write an e-mail address like ada@example.com")
        said = {"email": email, "problem": problem, "wrong": True}
        return door_page(request, site, "sign_in.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, **said)
    try:
        send_sign_in_code(
            workspace=site.workspace, email=email, now=now, client=client_address(request.META)
        )  # fmt: skip
    except TooManyTries as error:
        return _later(request, site, "sign_in.html", error, email=email)
    return door_page(request, site, "code.html", email=email)


def _later(request: HttpRequest, site: Site, template: str, error: TooManyTries, *, email: str) -> HttpResponse:
    problem = _("That was tried too often. Wait %(seconds)d seconds and try again.") % {"seconds": error.seconds}
    response = door_page(
        request, site, template, status=HTTPStatus.TOO_MANY_REQUESTS, email=email, problem=problem
    )  # fmt: skip
    response.headers["Retry-After"] = str(error.seconds)
    return response


def _typed(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").strip()[:_LONGEST]
