"""`/p/PROGRAM/picture.png`: what a link looks like where it is passed on (Open Graph), made from the program.

Owns its address and the answer. How it is drawn is `drawing`'s.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sayso.web.assets import stamp_of
from sayso.web.landing.visit import LandingVisit, visit_of
from sayso.web.site.addresses import Site, on_site
from sayso.web.site.look import kept
from sayso.web.site.pages import LANGUAGE


def picture_url(visit: LandingVisit) -> str:
    """Return the path, on the site, of the picture of a page; another content is another address."""
    shown = (*_words(visit), visit.site.brand.logo_digest)
    return f"/p/{visit.published.name}/picture.png?language={visit.language}&v={stamp_of(repr(shown).encode())}"


@require_safe
@on_site
def picture(request: HttpRequest, site: Site, program: str) -> HttpResponse:
    """Answer with the picture of a program's page."""
    # Pillow takes ten megabytes of every process that loads it, and most never draw.
    from sayso.web.landing.drawing import drawn  # noqa: PLC0415

    visit = visit_of(request, site, program)
    response = kept(request, drawn(*_words(visit), bytes(site.brand.logo)), "image/png")
    if LANGUAGE not in request.GET:
        response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _words(visit: LandingVisit) -> tuple[str, str, str, str]:
    """What the picture shows beside the logo: it names nobody, and every variant has the same."""
    said = visit.plain
    brand = visit.site.brand
    below = said.gets[0] if said.gets else said.offer
    return said.headline, below, brand.name, brand.colour
