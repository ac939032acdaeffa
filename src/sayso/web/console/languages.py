"""Owns in which language the console speaks: the one chosen, else the one that the browser asks for."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_POST

from sayso.core.program.explain.voice import Language

_A_YEAR_SECONDS = 365 * 24 * 3600


def language_of(request: HttpRequest) -> Language:
    """Return the language for a request, one of the four."""
    return cast(Language, get_language_from_request(request))


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember a language, and go back to the page that it was chosen on."""
    back = request.POST.get("next", "/")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = HttpResponseRedirect(back if is_ours else "/")
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=_A_YEAR_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
