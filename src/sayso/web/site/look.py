"""What every page of a site is drawn with: one stylesheet, made of ours and the company's colour, and its logo.

Owns these two answers and their addresses, which name the content, so that browsers may keep them for good. It must
not know a page.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from sayso.domains.workspaces.brand_colours import dark_shades, light_shades
from sayso.domains.workspaces.models import Brand
from sayso.web.assets import STAMP_LENGTH, stamp_of
from sayso.web.site.addresses import Site, on_site

_FILES = ("site/tokens.css", "site/site.css", "site/landing.css", "site/portal.css")
# What only people read, and how lines are set in (CSS Syntax 3: any run of white space is as good as one space).
_REMARKS, _SPACES = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\s+")
_FOR_GOOD = "public, max-age=31536000, immutable"
# An address without a stamp, in a mail or on a card, gets what holds now.
_FOR_NOW = "public, max-age=3600"
_LETTER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="{fill}"/>'
    '<text x="16" y="22" text-anchor="middle" font-family="Georgia,serif" font-size="18" font-weight="600" '
    'fill="{ink}">{letter}</text></svg>'
)


def style_url(site: Site) -> str:
    """Return the address of a site's stylesheet."""
    return f"{site.path('/style.css')}?v={stamp_of(_style(site.brand.colour).encode())}"


def logo_url(site: Site) -> str:
    """Return the address of a site's logo; there always is one."""
    stamp = site.brand.logo_digest[:STAMP_LENGTH] or stamp_of(_letter(site.brand))
    return f"{site.path('/logo')}?v={stamp}"


@require_safe
@on_site
def style(request: HttpRequest, site: Site) -> HttpResponse:
    """Answer with the stylesheet of a site."""
    return kept(request, _style(site.brand.colour).encode(), "text/css; charset=utf-8")


@require_safe
@on_site
def logo(request: HttpRequest, site: Site) -> HttpResponse:
    """Answer with the company's logo, or the first letter of its name."""
    picture, kind = _logo(site.brand)
    return kept(request, picture, kind)


def kept(request: HttpRequest, content: bytes, kind: str) -> HttpResponse:
    """Return an answer that browsers keep: for good where the address names its content.

    Args:
        request: under which address.
        content: what is answered.
        kind: its media type.
    """
    response = HttpResponse(content, content_type=kind)
    response.headers["Cache-Control"] = _FOR_GOOD if "v" in request.GET else _FOR_NOW
    # Mails and cards of other hosts show the logo too.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@lru_cache
def _style(colour: str) -> str:
    light, dark = light_shades(colour), dark_shades(colour)
    names = {"brand": "fill", "on-brand": "on_fill", "brand-ink": "ink", "brand-wash": "wash"}
    written = (f"--{name}:light-dark({getattr(light, of)},{getattr(dark, of)})" for name, of in names.items())
    return f"{_ours()}@layer tokens{{:root{{{';'.join(written)}}}}}\n"


@cache
def _ours() -> str:
    found = (finders.find(name) for name in _FILES)
    text = "".join(Path(str(place)).read_text(encoding="utf-8") for place in found)
    return _SPACES.sub(" ", _REMARKS.sub("", text))


def _logo(brand: Brand) -> tuple[bytes, str]:
    if brand.logo_type:
        return bytes(brand.logo), brand.logo_type
    return _letter(brand), "image/svg+xml"


def _letter(brand: Brand) -> bytes:
    shades = light_shades(brand.colour)
    letter = escape(brand.name.strip()[:1].upper())
    return _LETTER.format(fill=shades.fill, ink=shades.on_fill, letter=letter).encode()
