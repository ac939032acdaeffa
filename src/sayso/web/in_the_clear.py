"""What is answered to a machine that came without https, to the API or with a message of another system: a problem,
since a client that is sent on loses what it sent, and goes on sending it in the clear.

Owns that one refusal. A redirect turns a POST into a GET, or fails in silence; pages are for browsers, which Django
sends on. It must not look at what was sent.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sayso.web.api.envelope import respond
from sayso.web.problems import Refusal

_MACHINES = ("/api/", "/hooks/")
_REFUSAL = Refusal(
    HTTPStatus.FORBIDDEN,
    "https-needed",
    "Only https is answered here.",
    "Send it to the https address instead; nothing of this request was taken. Whoever runs this server says by "
    "SAYSO_BEHIND_PROXY that a proxy speaks https for it, or by SAYSO_PLAIN_HTTP that none is needed.",
)


class InTheClear:
    """Middleware, before Django's own that sends browsers to https."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse, or hand on."""
        if settings.SECURE_SSL_REDIRECT and not request.is_secure() and request.path_info.startswith(_MACHINES):
            return respond(request, _REFUSAL)
        return self._get_response(request)
