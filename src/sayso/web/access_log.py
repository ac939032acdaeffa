"""The outermost layer of the web: each request has an id, each answer names it, and one line of log tells of both.

Owns the id and the line. It stands around the front door and Django alike, so it knows nothing of either. Whoever
decides an event calls `structlog.contextvars.bind_contextvars(event_id=...)`; that stands in every later line of the
request, this one too.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

REQUEST_ID = "sayso.request_id"
# What whoever answers resolved the path to; paths themselves hold members' names, which do not belong in a log.
ROUTE = "sayso.route"
_NO_ROUTE = "-"

_USABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_LOGGER = "sayso.access"
_level = logging.getLogger(_LOGGER)
_log = structlog.get_logger(_LOGGER)


def usable_id(given: str) -> str:
    """Return the id that a request brought along, where it is fit for a log, else a new one."""
    return given if _USABLE_ID.fullmatch(given) else secrets.token_hex(8)


class AccessLog:
    """A WSGI application around another one.

    Args:
        application: what answers.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, with `X-Request-Id`: the sender's own where it is usable, else a new one."""
        request = _Request(environ, start_response)
        try:
            body = self._application(environ, request.start)
        except Exception:
            _log.exception("request failed")
            body = request.fail()
        if isinstance(body, list):
            request.end()
            return body
        return _Body(body, request)


class _Request:
    """One request, from its id to its line in the log."""

    def __init__(self, environ: Environ, start_response: StartResponse) -> None:
        self._environ, self._start_response = environ, start_response
        self._began = time.perf_counter()
        self._status = ""
        given = environ.get("HTTP_X_REQUEST_ID", "")
        self._id = usable_id(given)
        environ[REQUEST_ID] = self._id
        clear_contextvars()
        bind_contextvars(request_id=self._id)

    def start(self, status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        """Begin the answer, as WSGI has it."""
        self._status = status
        return self._start_response(status, [*headers, ("X-Request-Id", self._id)], *rest)

    def fail(self) -> list[bytes]:
        """Answer in place of an application that raised."""
        problem = {"type": "about:blank", "title": "Something went wrong here.", "status": 500}
        content = json.dumps(problem).encode()
        headers = [("Content-Type", "application/problem+json"), ("Content-Length", str(len(content)))]
        self.start("500 Internal Server Error", headers)
        return [content]

    def end(self) -> None:
        """Write the line."""
        if not _level.isEnabledFor(logging.INFO):
            return
        environ = self._environ
        _log.info(
            "request",
            method=environ["REQUEST_METHOD"],
            route=environ.get(ROUTE) or _NO_ROUTE,
            status=int(self._status[:3] or 0),
            milliseconds=round((time.perf_counter() - self._began) * 1000, 1),
        )


class _Body:
    """What is sent in pieces; the request ends when it was sent, and its id stands in the lines until then."""

    def __init__(self, pieces: Iterable[bytes], request: _Request) -> None:
        self._pieces, self._request = pieces, request
        self._context = get_contextvars()

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def close(self) -> None:
        """End the request; called once, by the server."""
        clear_contextvars()
        bind_contextvars(**self._context)
        try:
            close = getattr(self._pieces, "close", None)
            if close is not None:
                close()
        finally:
            self._request.end()
