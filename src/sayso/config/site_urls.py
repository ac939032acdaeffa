"""Owns the addresses of a site, the members' side of a workspace: under `/w/NAME/` here, at the root of a host of the
company's own. Each room's own addresses are the room's.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from sayso.web.landing import urls as landing_urls
from sayso.web.links import follow, qr_code
from sayso.web.mail_stop import stop
from sayso.web.portal import urls as portal_urls
from sayso.web.site.look import logo, style
from sayso.web.widget import urls as widget_urls

site_patterns: list[URLPattern | URLResolver] = [
    path("style.css", style, name="site-style"),
    path("logo", logo, name="site-logo"),
    path("r/<str:slug>", follow, name="share-link"),
    re_path(r"^qr/(?P<slug>[a-z0-9]{1,40})\.(?P<kind>svg|png)$", qr_code, name="share-qr"),
    path("r/<str:slug>/", follow),
    path("r/<str:slug>/<path:rest>", follow),
    *widget_urls.urlpatterns,
    path("mail/stop/<str:token>", stop, name="mail-stop"),
    *landing_urls.urlpatterns,
    *portal_urls.urlpatterns,
]
# What Django reads where this is the whole list of addresses, on a company's own host.
urlpatterns = site_patterns
handler403 = handler400 = "sayso.web.site.failures.refused"
handler404 = "sayso.web.site.failures.not_found"
handler500 = "sayso.web.site.failures.failed"
