"""Signing in: by a code that comes by mail, or on the word of the company's own system; and out.

Owns the forms. Codes and limits are `outreach.sign_in`'s, tokens `people.host_token`'s. Whether an address is known
cannot be told from any answer.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from sayso.domains.events.identities import recognise
from sayso.domains.outreach.sign_in import TooManyTries, check_sign_in_code, send_sign_in_code
from sayso.domains.people.host_token import TokenRefused, member_vouched_for
from sayso.web.callers import client_address
from sayso.web.portal.session import Session, close_session, member_of, open_session, session_of
from sayso.web.portal.visit import HOME, SIGN_IN
from sayso.web.site import Site, on_site
from sayso.web.site_pages import show, visitor_language

_LONGEST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@on_site
def sign_in(request: HttpRequest, site: Site) -> HttpResponse:
    """Show the form, or have a code sent to the address in it."""
    now = datetime.now(UTC)
    session = session_of(request, site.workspace, now)
    if request.method != "POST":
        again = "again" in request.GET
        if session and member_of(site.workspace, session) and not again:
            return HttpResponseRedirect(site.path(HOME))
        return _page(request, site, "sign_in.html", again=again)
    with translation.override(visitor_language(request)):
        return _send(request, site, now)


@require_POST
@on_site
def code(request: HttpRequest, site: Site) -> HttpResponse:
    """Sign in with the code that came."""
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
            return _page(request, site, "code.html", status=HTTPStatus.FORBIDDEN, email=email, problem=problem)
    return _opened(site, Session(number, now))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@on_site
def enter(request: HttpRequest, site: Site) -> HttpResponse:
    """Sign in with the company's token: posted by its page, or taken from behind the # of the address by a script.

    The token itself says that the company sent the browser here, so no form of ours needs to have been open before.
    """
    if request.method != "POST":
        return _private(_page(request, site, "enter.html"))
    now = datetime.now(UTC)
    try:
        member = member_vouched_for(workspace=site.workspace, token=request.POST.get("token", ""), now=now)
    except TokenRefused:
        with translation.override(visitor_language(request)):
            problem = _("This way in has ended. Go back to where you came from and try again, or sign in here.")
        return _private(_page(request, site, "sign_in.html", status=HTTPStatus.FORBIDDEN, problem=problem))
    return _private(_opened(site, Session(member.id, now)))


@require_POST
@on_site
def sign_out(request: HttpRequest, site: Site) -> HttpResponse:
    """Forget who was signed in."""
    response = HttpResponseRedirect(site.path(SIGN_IN), status=HTTPStatus.SEE_OTHER)
    close_session(response, site.workspace)
    return response


def _send(request: HttpRequest, site: Site, now: datetime) -> HttpResponse:
    email = _typed(request, "email")
    if not email or recognise({"email": email}).problems:
        problem = _("Write an e-mail address like ada@example.com")
        return _page(
            request, site, "sign_in.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, email=email, problem=problem
        )
    try:
        send_sign_in_code(
            workspace=site.workspace, email=email, now=now, client=client_address(request.META)
        )  # fmt: skip
    except TooManyTries as error:
        return _later(request, site, "sign_in.html", error, email=email)
    return _page(request, site, "code.html", email=email)


def _opened(site: Site, session: Session) -> HttpResponse:
    response = HttpResponseRedirect(site.path(HOME), status=HTTPStatus.SEE_OTHER)
    open_session(response, site.workspace, session)
    return response


def _later(request: HttpRequest, site: Site, template: str, error: TooManyTries, *, email: str) -> HttpResponse:
    problem = _("That was tried too often. Wait %(seconds)d seconds and try again.") % {"seconds": error.seconds}
    response = _page(
        request, site, template, status=HTTPStatus.TOO_MANY_REQUESTS, email=email, problem=problem
    )  # fmt: skip
    response.headers["Retry-After"] = str(error.seconds)
    return response


def _page(request: HttpRequest, site: Site, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    response = show(request, site, f"portal/{template}", home=site.path(HOME), **context)
    response.status_code = status
    return response


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _typed(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").strip()[:_LONGEST]
