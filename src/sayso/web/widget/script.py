"""`/widget/sayso.js`: the one script that a company's page loads.

Owns its answer. The script is written as browsers run it; nothing is built.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_response_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from sayso.web.site.addresses import Site, on_site

_FILE = "widget/sayso.js"
_KEPT_SECONDS = 3600


@cache
def _content() -> bytes:
    return Path(str(finders.find(_FILE))).read_bytes()


@cache
def _etag() -> str:
    return f'"{sha256(_content()).hexdigest()[:16]}"'


@require_safe
@gzip_page
@condition(etag_func=lambda request, **_: _etag())
@on_site
def script(request: HttpRequest, site: Site) -> HttpResponse:
    """Answer with the script; its address never changes, so browsers ask again after an hour."""
    response = HttpResponse(_content(), content_type="text/javascript; charset=utf-8")
    patch_response_headers(response, _KEPT_SECONDS)
    # Pages of other origins load it, as a module too.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
