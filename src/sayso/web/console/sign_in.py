"""Signing in with an API key, and out.

Owns the form. It must not keep the secret: the session holds the key's number.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sayso.domains.workspaces.keys import key_of
from sayso.web.callers import client_address
from sayso.web.console.languages import language_of
from sayso.web.console.pages import SIGNED_IN, may_look, show, visitor
from sayso.web.throttle import Throttle

# Wrong keys: 5 a minute, 100 an hour. A key has 256 bits, so this keeps noise down rather than guessing.
LIMITS = ((60.0, 5), (3600.0, 100))
_throttle = Throttle(LIMITS)
_TOO_MANY = 429
_NOT_OPEN = 403


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or take the key that was typed into it."""
    if request.method == "GET":
        is_in = visitor(request, datetime.now(UTC)) is not None
        return redirect("console:home") if is_in else show(request, "sign_in.html")
    address = client_address(request.META)
    if wait := _throttle.take(address):
        return _too_many(request, wait)
    with translation.override(language_of(request)):
        problem = _open(request)
    if problem:
        return show(request, "sign_in.html", status=_NOT_OPEN, problem=problem)
    _throttle.give_back(address)
    return redirect("console:home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget who was signed in."""
    request.session.flush()
    return redirect("console:sign-in")


def _open(request: HttpRequest) -> str:
    """Sign in with the key in the form; why that cannot be, else nothing."""
    key = key_of(request.POST.get("key", "").strip(), now=datetime.now(UTC))
    if key is None:
        return _("This key is not known, was revoked or has ended. Check that you copied all of it.")
    if not may_look(key):
        return _("This key may not read. Signing in takes a secret key with the scope read.")
    request.session.cycle_key()
    request.session[SIGNED_IN] = key.number
    return ""


def _too_many(request: HttpRequest, wait: float) -> HttpResponse:
    seconds = math.ceil(wait)
    with translation.override(language_of(request)):
        problem = _("Too many wrong keys from here. Try again in %(seconds)d seconds.") % {"seconds": seconds}
    response = show(request, "sign_in.html", status=_TOO_MANY, problem=problem)
    response.headers["Retry-After"] = str(seconds)
    return response
