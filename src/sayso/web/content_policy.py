"""What browsers may do with our pages (TRUST, Security), and what a request is called in the log.

Owns the headers that Django does not set. It must not know a page.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from sayso.web.access_log import ROUTE

POLICY = "Content-Security-Policy"
_ANSWERS_ONLY = "default-src 'none'; frame-ancestors 'none'"
_PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class ContentPolicy:
    """Middleware: pages run only our own scripts and styles, are framed by nobody, and post only to us.

    A template that has a script of its own writes `nonce="{{ request.csp_nonce }}"`; such a page is never cached.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and set the headers that the answer has not set itself."""
        nonces: list[str] = []
        request.csp_nonce = SimpleLazyObject(lambda: _nonce(nonces))  # type: ignore[attr-defined]
        response = self._get_response(request)
        response.headers.setdefault(POLICY, _policy(response, nonces))
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        if nonces:
            response.headers["Cache-Control"] = "no-store"
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Remember which route the path is: the path itself may name a member."""
        match = request.resolver_match
        request.META[ROUTE] = f"/{match.route}" if match else ""


def _nonce(made: list[str]) -> str:
    made.append(secrets.token_urlsafe(16))
    return made[-1]


def _policy(response: HttpResponse, nonces: list[str]) -> str:
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return _ANSWERS_ONLY
    scripts = " ".join(["script-src 'self'", *(f"'nonce-{nonce}'" for nonce in nonces)])
    return (
        f"default-src 'self'; {scripts}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
