"""What browsers may do with our pages (TRUST, Security), and what a request is called in the log.

Owns the headers that Django does not set. It must not know a page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from sayso.web.access_log import ROUTE

POLICY = "Content-Security-Policy"
_PAGES = (
    "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_ANSWERS_ONLY = "default-src 'none'; frame-ancestors 'none'"
_PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class ContentPolicy:
    """Middleware: pages run only our own scripts and styles, are framed by nobody, and post only to us."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and set the headers that the answer has not set itself."""
        response = self._get_response(request)
        response.headers.setdefault(POLICY, _policy(response))
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Remember which route the path is: the path itself may name a member."""
        match = request.resolver_match
        request.META[ROUTE] = f"/{match.route}" if match else ""


def _policy(response: HttpResponse) -> str:
    return _PAGES if response.headers.get("Content-Type", "").startswith("text/html") else _ANSWERS_ONLY
