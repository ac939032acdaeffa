"""Share links as visitors follow them: `/r/SLUG` on a company's own host, `/w/NAME/r/SLUG` on the installation's.

Owns the reading of the request and the form of the answer: 302, never kept, nothing in it that the visitor sent but
the parameters. The front door asks here before Django; what leads nowhere gets a page from Django. It sets no cookie.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sayso.core.program.explain.frame import dates_in_words
from sayso.core.program.explain.voice import voice_of
from sayso.domains.sharing.clicks import LONGEST_AGENT, LinkVisit, clicks
from sayso.domains.sharing.destinations import Closed, Destination, Early
from sayso.domains.sharing.qr import qr_png, qr_svg
from sayso.domains.sharing.queries import link_of
from sayso.domains.sharing.redirects import Site as Named
from sayso.domains.sharing.redirects import redirects
from sayso.domains.sharing.tries import TooManyTries, wrong_codes
from sayso.domains.workspaces.addresses import site_root
from sayso.web.callers import client_address, is_ahead
from sayso.web.site.addresses import Site, on_site
from sayso.web.site.pages import gone, show_failure, visitor_language

Environ = Mapping[str, Any]

_LINK = re.compile(r"(?:/w/([A-Za-z0-9_-]{1,63}))?/r/([^/]{1,200})(/.*)?")


class LinkRequest(NamedTuple):
    """What a request for a link says.

    Attributes:
        rest: the path behind the link's own, decoded.
    """

    site: Named
    slug: str
    rest: str


def answer_from_memory(environ: Environ) -> str | None:
    """Return the address for a visitor whose link was looked up a moment ago, and count the click; else None.

    Args:
        environ: a GET or HEAD, as WSGI has it.
    """
    path: str = environ["PATH_INFO"]
    if not path.isascii():
        # Bytes of UTF-8, one letter each: so WSGI has it (PEP 3333).
        path = path.encode("latin-1", "replace").decode("utf-8", "replace")
    asked = _asked(environ, path)
    found = redirects.known(asked.site, asked.slug) if asked else None
    return _sent_on(environ, asked, found) if asked and found else None


@require_safe
def follow(request: HttpRequest, workspace: str = "", slug: str = "", rest: str = "") -> HttpResponse:
    """Send a visitor on whose link has to be looked up, or say kindly why it leads nowhere."""
    asked = _asked(request.META, request.path_info)
    whose = asked.site.workspace() if asked else None
    if asked is None or whose is None:
        raise Http404
    address = client_address(request.META)
    try:
        wrong_codes.check(whose, address)
    except TooManyTries as error:
        return _wait(request, workspace=workspace, seconds=error.seconds)
    found = redirects.find(asked.site, asked.slug)
    if isinstance(found, Destination):
        return HttpResponse(status=302, headers=dict(headers_to(_sent_on(request.META, asked, found))))
    if found is Closed.UNKNOWN:
        wrong_codes.note(whose, address)
        raise Http404
    return _closed(request, workspace=workspace, found=found)


def headers_to(address: str) -> list[tuple[str, str]]:
    """Return the header fields of an answer that sends a visitor on."""
    return [
        ("Location", address),
        ("Cache-Control", "no-store"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Robots-Tag", "noindex"),
        ("X-Content-Type-Options", "nosniff"),
    ]


def share_url(root: str, slug: str) -> str:
    """Return the whole address of a link; `root` is the `site_root` of its workspace, asked once for many links."""
    return f"{root}/r/{slug}"


def picture_url(root: str, slug: str, kind: str) -> str:
    """Return the whole address of a link's QR code; `kind` is svg or png."""
    return f"{root}/qr/{slug}.{kind}"


@require_safe
@on_site
def qr_code(request: HttpRequest, site: Site, slug: str, kind: str) -> HttpResponse:
    """Show the QR code of a link; anybody may who has the link."""
    address = client_address(request.META)
    try:
        wrong_codes.check(site.workspace, address)
    except TooManyTries as error:
        return _wait(request, workspace=site.prefix.removeprefix("/w/"), seconds=error.seconds)
    if link_of(site.workspace, slug) is None:
        wrong_codes.note(site.workspace, address)
        raise Http404
    url = share_url(site_root(site.workspace, visited=site.origin), slug)
    picture, media = (qr_svg(url).encode(), "image/svg+xml") if kind == "svg" else (qr_png(url), "image/png")
    response = HttpResponse(picture, content_type=media)
    response.headers["Cache-Control"] = "public, max-age=86400"
    # The company's own pages and mails show it too.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _asked(environ: Environ, path: str) -> LinkRequest | None:
    found = _LINK.fullmatch(path)
    if found is None:
        return None
    name, slug, rest = found.groups()
    host = "" if name else str(environ.get("HTTP_HOST", "")).partition(":")[0].lower()
    return LinkRequest(Named(name or "", host), slug, rest or "")


def _sent_on(environ: Environ, asked: LinkRequest, found: Destination) -> str:
    """Return the address of a visit, and count it where a person came."""
    now, agent = time.time(), str(environ.get("HTTP_USER_AGENT", ""))[:LONGEST_AGENT]
    if environ["REQUEST_METHOD"] == "GET" and not is_ahead(environ):
        clicks.count(LinkVisit(found, now, agent, client_address(environ)))
    return found.address(now, agent, asked.rest, environ.get("QUERY_STRING", ""))


@on_site
def _wait(request: HttpRequest, site: Site, *, seconds: int) -> HttpResponse:
    response = show_failure(request, site, "too_many", 429)
    response.headers["Retry-After"] = str(seconds)
    return response


@on_site
def _closed(request: HttpRequest, site: Site, *, found: Closed | Early) -> HttpResponse:
    if found is Closed.OVER:
        return gone(request, site)
    if isinstance(found, Early):
        dates = dates_in_words(found.document, voice_of(visitor_language(request)))
        return show_failure(request, site, "early", 404, dates=dates)
    return show_failure(request, site, "rests", 404)
