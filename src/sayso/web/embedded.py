"""A member's own page inside somebody else's: who looks is said by a token in each request, never by a cookie.

Owns recognising such a request, and that no cookie comes in or goes out with it. It must not read the token: that is
`domains.people.host_token`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_PORTAL = re.compile(r"(?:/w/[^/]+)?/portal(?:/.*)?", re.DOTALL)
_BEARER = "Bearer "


def host_token_of(request: HttpRequest) -> str:
    """Return the company's token that came with a request for a member's page; empty where none came.

    Whoever finds one must go by it alone: a token that is refused means that nobody is signed in.
    """
    token: str = getattr(request, "host_token", "")
    return token


class Embedded:
    """Middleware, before sessions and the CSRF check: a request with a token has no cookies and needs no form token.

    No other site can make a browser send the header without being asked first, and we tell none that it may.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and keep cookies away where a token came."""
        said = request.headers.get("Authorization", "")
        if not said.startswith(_BEARER) or not _PORTAL.fullmatch(request.path_info):
            return self._get_response(request)
        request.host_token = said.removeprefix(_BEARER).strip()  # type: ignore[attr-defined]
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES = {}
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        response = self._get_response(request)
        response.cookies.clear()
        return response
