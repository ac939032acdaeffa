"""`/terms/PROGRAM`: the terms of a program in plain sentences, made from the newest version, or from the one asked for.

Owns the page. It must not say anything of its own about what is given.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sayso.domains.pages.landing import Published, earlier_terms, published_page, terms_of, title_of
from sayso.domains.programs.queries import NoSuchProgram
from sayso.web.site.addresses import Site, on_site
from sayso.web.site.pages import VERSION, show, visitor_language

_LONGEST_NUMBER = 8


@require_safe
@on_site
def terms(request: HttpRequest, site: Site, program: str) -> HttpResponse:
    """Show the terms; they hold on for who came in time, so they stay when the program has ended or has others now."""
    try:
        newest = published_page(site.workspace, program, now=datetime.now(UTC))
        published = _asked_for(site, newest, request.GET.get(VERSION, ""))
    except NoSuchProgram as error:
        raise Http404 from error
    language = visitor_language(request)
    return show(
        request,
        site,
        "landing/terms.html",
        language=language,
        published=published,
        newest=newest.version,
        earlier=range(1, newest.version) if published is newest else (),
        title=title_of(published, language),
        sections=terms_of(published.text, language).sections,
    )


def _asked_for(site: Site, newest: Published, number: str) -> Published:
    if not number:
        return newest
    if not (number.isascii() and number.isdigit() and len(number) < _LONGEST_NUMBER):
        raise NoSuchProgram(f"no version is numbered {number!r}")
    if int(number) == newest.version:
        return newest
    text = earlier_terms(site.workspace, newest.name, int(number))
    return replace(newest, version=int(number), text=text)
