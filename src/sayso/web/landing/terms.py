"""`/terms/PROGRAM`: the terms of a program in plain sentences, made from the version that holds.

Owns the page. It must not say anything of its own about what is given.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sayso.domains.pages.landing import published_page, terms_of, title_of
from sayso.domains.programs.queries import NoSuchProgram
from sayso.web.site.addresses import Site, on_site
from sayso.web.site.pages import show, visitor_language


@require_safe
@on_site
def terms(request: HttpRequest, site: Site, program: str) -> HttpResponse:
    """Show the terms; they hold on for who came in time, so they stay when the program has ended."""
    try:
        published = published_page(site.workspace, program, now=datetime.now(UTC))
    except NoSuchProgram as error:
        raise Http404 from error
    language = visitor_language(request)
    return show(
        request,
        site,
        "landing/terms.html",
        language=language,
        published=published,
        title=title_of(published, language),
        sections=terms_of(published.text, language).sections,
    )
