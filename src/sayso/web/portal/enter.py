"""Signing in on the word of the company's own system, a token.

Owns that nobody is signed in as somebody else without noticing: a token proves who wrote it, not that whoever brings it
is meant. So the browser must come from a page of the company's, or its owner must say that it is them. What a token
must say is `people.host_token`'s.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from sayso.domains.people.host_token import TokenRefused, Vouched, vouched_for
from sayso.domains.people.names import recognised_as
from sayso.web.portal.door import come_in, door_page
from sayso.web.portal.session import session_in
from sayso.web.portal.visit import HOME
from sayso.web.site.addresses import Site, on_site
from sayso.web.site.pages import visitor_language


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@on_site
def enter(request: HttpRequest, site: Site) -> HttpResponse:
    """Take a token that a page of the company's posts, or that a script found behind the # of the address.

    Posted from an origin that the company named, it signs in; from anywhere else the visitor is asked first.
    """
    if request.method != "POST":
        return _discreet(door_page(request, site, "enter.html"))
    now = datetime.now(UTC)
    try:
        vouched = _vouched(request, site, now)
        if _is_from_the_company(request, site):
            return _discreet(come_in(request, site, vouched.member.id, now=now, vouched=vouched))
    except TokenRefused:
        return _refused(request, site)
    session = session_in(request, site.workspace, now)
    if session and session.member == vouched.member:
        return _discreet(HttpResponseRedirect(site.path(HOME), status=HTTPStatus.SEE_OTHER))
    who = recognised_as(vouched.member)
    return _discreet(door_page(request, site, "entry.html", who=who, token=vouched.token))


@require_POST
@on_site
def entry(request: HttpRequest, site: Site) -> HttpResponse:
    """Sign in with a token whose owner said, on a page of ours, that it is them."""
    now = datetime.now(UTC)
    try:
        vouched = _vouched(request, site, now)
        return _discreet(come_in(request, site, vouched.member.id, now=now, vouched=vouched))
    except TokenRefused:
        return _refused(request, site)


def _vouched(request: HttpRequest, site: Site, now: datetime) -> Vouched:
    return vouched_for(workspace=site.workspace, token=request.POST.get("token", ""), now=now)


def _is_from_the_company(request: HttpRequest, site: Site) -> bool:
    """Whether the browser says that a page of the company's sent the form. Through ours anybody may have sent it."""
    origin = request.headers.get("Origin", "")
    return origin != site.origin and origin in site.brand.origins.split()


def _refused(request: HttpRequest, site: Site) -> HttpResponse:
    with translation.override(visitor_language(request)):
        problem = _("This way in has ended. Go back to where you came from and try again, or sign in here.")
    return _discreet(door_page(request, site, "sign_in.html", status=HTTPStatus.FORBIDDEN, problem=problem))


def _discreet(response: HttpResponse) -> HttpResponse:
    """Tell no other site where the visitor was. With `no-referrer`, browsers would not say of our own forms either."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response
