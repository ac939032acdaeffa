"""`POST /hooks/{address}`: where other systems send their messages. Their signature is the key.

Owns the way from a request to the domain and back. It must not know how a message is signed or what it means.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from sayso.domains.connectors.incoming.accept import accept_message
from sayso.domains.connectors.incoming.queries import NoSuchSource
from sayso.domains.connectors.incoming.signatures import BadSignature, Signed
from sayso.domains.connectors.incoming.translate import LARGEST_BYTES
from sayso.web.api.envelope import enveloped
from sayso.web.callers import client_address
from sayso.web.problems import Refused, check_encoding, too_large, too_many
from sayso.web.throttle import Throttle

# For each span in seconds, how many calls may come from one place to one source without a signature that holds. Places
# of large senders are shared, so that what goes wrong with one source must keep nothing from another.
LIMITS = ((60.0, 120), (3600.0, 1200))
throttle = Throttle(LIMITS)


def _take_message(request: HttpRequest, address: str) -> HttpResponseBase:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    caller = f"{client_address(request.META)} {address}"
    if wait := throttle.take(caller):
        raise Refused(too_many(int(wait) + 1))
    headers = {name.lower(): value for name, value in request.headers.items()}
    signed = Signed(_body(request), headers)
    known = True
    try:
        taken = accept_message(address=address, signed=signed, now=datetime.now(UTC))
    except (NoSuchSource, BadSignature):
        known = False
        raise
    finally:
        if known:
            throttle.give_back(caller)
    return _answer(taken.message, dict(taken.events))


def _body(request: HttpRequest) -> bytes:
    check_encoding(request.headers.get("Content-Encoding", ""))
    body: bytes = request.read(LARGEST_BYTES + 1)
    if len(body) > LARGEST_BYTES:
        raise Refused(too_large(LARGEST_BYTES))
    return body


def _answer(message: str, events: dict[str, str]) -> HttpResponse:
    undecided = "set_aside" in events.values()
    told = {
        "message": message,
        "status": "taken" if events else "ignored",
        "events": [{"id": name, "status": status} for name, status in events.items()],
    }
    return JsonResponse(told, status=HTTPStatus.ACCEPTED if undecided else HTTPStatus.OK)


take_message = csrf_exempt(enveloped(_take_message))
