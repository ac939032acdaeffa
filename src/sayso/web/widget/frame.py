"""The page in which a member's own page stands inside somebody else's.

Owns by whom it may be framed: the origins that the company named, and nobody else. It must not know who looks: the
page around it says so, in a message.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sayso.web.content_policy import POLICY
from sayso.web.site.addresses import Site, on_site
from sayso.web.site.pages import show

_POLICY = "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
_NOBODY = "'none'"


@require_safe
@on_site
def portal(request: HttpRequest, site: Site) -> HttpResponse:
    """Answer with an empty page that waits for a token; the pages it then shows are the portal's."""
    response = show(request, site, "widget/portal.html", origins=site.brand.origins, portal_url=site.path("/portal/"))
    response.headers[POLICY] = f"{_POLICY}; frame-ancestors {site.brand.origins or _NOBODY}"
    response.cookies.clear()
    response.headers["Referrer-Policy"] = "no-referrer"
    # It would forbid every frame, and browsers that read `frame-ancestors` go by that.
    response.xframe_options_exempt = True
    return response
