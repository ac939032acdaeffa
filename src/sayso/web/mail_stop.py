"""The page on which the owner of a mailbox stops a company's mails, without signing in (RFC 8058).

Owns the two steps: whatever fetches the address sees a button, only a POST stops. It must not know whose mailbox it is.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sayso.domains.outreach.site_links import mark_in
from sayso.domains.outreach.suppress import stop_mails
from sayso.web.site.addresses import Site, on_site
from sayso.web.site.pages import show

_TEMPLATE = "site/mail_stop.html"


# The token says that whoever sends it has the mail; mail programs that stop by one click have no cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@on_site
def stop(request: HttpRequest, site: Site, token: str) -> HttpResponse:
    """Show the button, or stop the mails to the mailbox that the token was made for."""
    mark = mark_in(site.workspace, token)
    is_stopped = mark is not None and request.method == "POST"
    if mark is not None and is_stopped:
        stop_mails(workspace=site.workspace, mark=mark, now=datetime.now(UTC))
    response = show(request, site, _TEMPLATE, is_whole=mark is not None, is_stopped=is_stopped)
    response.headers["Referrer-Policy"] = "no-referrer"
    if mark is None:
        response.status_code = 404
    return response
