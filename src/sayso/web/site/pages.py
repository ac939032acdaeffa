"""How a page of the members' side is made: in the visitor's language, with the company's look.

Owns the frame around every such page. It must not know what a page shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language_from_request

from sayso.core.program.explain.voice import Language
from sayso.web.site.addresses import Site
from sayso.web.site.look import logo_url, style_url

LANGUAGE = "language"
VERSION = "version"
# What a link to the same page in another language takes along: who recommended, which variant, what came of it, of
# which version the terms are.
_TAKEN_ALONG = ("t", "v", "w", VERSION)


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """A language, called by its own name, and the address of the same page in it."""

    code: str
    name: str
    url: str
    is_chosen: bool


def visitor_language(request: HttpRequest, among: Sequence[Language] = ()) -> Language:
    """Return the language of a visitor: the one in the address, the one chosen before, else what the browser asks.

    Args:
        request: the visitor's.
        among: the languages in which the page speaks, all where none is named; English stands in for others, or the
            first.
    """
    wanted = request.POST.get(LANGUAGE) or request.GET.get(LANGUAGE, "")
    chosen = cast(Language, wanted if wanted in dict(settings.LANGUAGES) else get_language_from_request(request))
    return chosen if not among or chosen in among else "en" if "en" in among else among[0]


def show(
    request: HttpRequest, site: Site, template: str, /, *, language: Language | None = None, **context: Any
) -> HttpResponse:
    """Return a page of a site; whoever needs another status or header sets it on the answer.

    Args:
        site: whose page.
        template: below `templates/site/`, or of an app.
        language: the member's own where they are known; else the visitor's.
        context: what the template shows.
    """
    chosen = language or visitor_language(request)
    frame = {
        "site": site,
        "language": chosen,
        "languages": language_links(request, chosen),
        "style_url": style_url(site),
        "logo_url": logo_url(site),
    }
    with translation.override(chosen):
        response = render(request, template, {**frame, **context})
    response.headers["Content-Language"] = chosen
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Vary"] = "Accept-Language, Cookie"
    if request.GET.get(LANGUAGE) == chosen:
        _remember(response, chosen)
    return response


def show_failure(request: HttpRequest, site: Site, name: str, status: int, **context: Any) -> HttpResponse:
    """Return the page of a site that says what is wrong, of those in `templates/site/failures`."""
    response = show(request, site, f"site/failures/{name}.html", **context)
    response.status_code = status
    return response


def gone(request: HttpRequest, site: Site) -> HttpResponse:
    """Return the page that says that what was here has ended."""
    return show_failure(request, site, "gone", 410)


def _remember(response: HttpResponse, language: Language) -> None:
    """Keep a language that was asked for until the browser is closed, which needs nobody's consent."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def language_links(request: HttpRequest, chosen: Language, among: Sequence[Language] = ()) -> list[LanguageLink]:
    """Return the same page in every language, or in some; the choice stands in the address, so no cookie is needed."""
    found = []
    for code, name in settings.LANGUAGES:
        if among and code not in among:
            continue
        query = QueryDict(mutable=True)
        query.update({key: request.GET[key] for key in _TAKEN_ALONG if key in request.GET})
        query[LANGUAGE] = code
        found.append(LanguageLink(code, name, f"?{query.urlencode()}", code == chosen))
    return found
