"""What every answer of the API has around it: the id of its request, what is left of the allowance, and problems where
something failed.

Owns the way from an error to an answer. It must not decide what an error means: that is `web.problems`.
"""

import json
import logging
from collections.abc import Callable
from difflib import get_close_matches
from functools import wraps
from typing import Any

import ninja.errors
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from sayso.core.program.problems import Problem
from sayso.domains.events.act import Undecided
from sayso.domains.workspaces.ids import public_id
from sayso.web import access_log
from sayso.web.api.access import allowance_of
from sayso.web.problems import (
    MEDIA_TYPE,
    Refusal,
    Refused,
    defect,
    method_not_allowed,
    not_here,
    not_readable,
    not_valid,
    refusal_of,
    too_large,
)

REQUEST_ID = "X-Request-Id"
View = Callable[..., HttpResponseBase]

_log = logging.getLogger("sayso.api")


def enveloped(view: View) -> View:
    """Put around a view what every answer has."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request_id(request)  # before anybody tells it
        try:
            response = view(request, *args, **kwargs)
        except Exception as error:
            response = answer_to(request, error)
        if isinstance(response, HttpResponseNotAllowed):
            allowed = [name.strip() for name in response["Allow"].split(",") if name.strip()]
            response = respond(request, method_not_allowed(allowed))
        if access_log.REQUEST_ID not in request.META:  # who keeps the log tells it with every answer
            response[REQUEST_ID] = request_id(request)
        response["Cache-Control"] = "no-store"
        allowance = allowance_of(request)
        for name, value in (allowance.headers() if allowance else {}).items():
            response[name] = value
        return response

    return answer


def request_id(request: HttpRequest) -> str:
    """Return the id of a request: the log's, else the one it brought along, where that can be read, or a new one."""
    known: str | None = getattr(request, "id", None) or request.META.get(access_log.REQUEST_ID)
    if known is None:
        known = access_log.usable_id(request.headers.get(REQUEST_ID, ""))
    request.id = known  # type: ignore[attr-defined]
    return known


def respond(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the answer that tells of a refusal."""
    body = refusal.as_bytes(request_id(request))
    response = HttpResponse(body, status=refusal.status, content_type=MEDIA_TYPE)
    for name, value in refusal.headers.items():
        response[name] = value
    return response


def answer_to(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the answer to an error; a defect is logged with all that is known, and told as one."""
    if isinstance(error, Undecided):
        return _set_aside(error)
    refusal = _of_the_ring(error, getattr(request, "fields", frozenset())) or refusal_of(error)
    if refusal is None:
        _log.exception("request %s failed", request_id(request), exc_info=error)
        refusal = defect()
    return respond(request, refusal)


def _set_aside(error: Undecided) -> HttpResponse:
    """It is stored and not lost; a person looks at it, and it is decided later."""
    said = {"status": "set_aside", "event": public_id("evt", error.position), "detail": error.failure}
    return HttpResponse(json.dumps(said), status=202, content_type="application/json")


def _of_the_ring(error: Exception, fields: frozenset[str]) -> Refusal | None:
    if isinstance(error, Refused):
        return error.refusal
    if isinstance(error, ninja.errors.ValidationError):
        return not_valid([_problem(each, fields) for each in error.errors])
    if isinstance(error, Http404):
        return not_here()
    if isinstance(error, RequestDataTooBig):
        return too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if isinstance(error, ninja.errors.HttpError) and error.status_code == 400:
        return not_readable("The body is not JSON in UTF-8.")
    return None


def _problem(error: dict[str, Any], fields: frozenset[str]) -> Problem:
    """One thing that a schema refused; its place without the names by which the route calls its parameters."""
    source, *place = error["loc"]
    path = ".".join(str(each) for each in (place[1:] if source in ("body", "query") and len(place) > 1 else place))
    if error["type"] == "extra_forbidden":
        return _unknown(path, fields if len(place) == 2 else frozenset())
    said = error["msg"].removeprefix("Value error, ")
    message = said[:1].upper() + said[1:]
    return Problem(0, 0, path or str(source), message if message.endswith(".") else f"{message}.")


def _unknown(path: str, fields: frozenset[str]) -> Problem:
    """A field that is not known; the one that was meant, or the place for facts that are the company's own."""
    message, near = "There is no field of this name.", get_close_matches(path, sorted(fields), n=1)
    if not near and "attributes" in fields:
        return Problem(0, 0, path, f"{message[:-1]}; facts of your own stand in attributes.", f"attributes.{path}")
    return Problem(0, 0, path, message, near[0] if near else "")
