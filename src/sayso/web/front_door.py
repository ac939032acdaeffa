"""The front door: the two hot paths are answered here, before any middleware; everything else goes on to Django.

Owns the choice between them, the way from WSGI to the handler and back, and the answer to a body that does not come. It
must not know what an event or a link is.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import connection

from sayso.web.access_log import REQUEST_ID, ROUTE
from sayso.web.api.intake import PATH, Reply, Sent, take_events
from sayso.web.callers import client_address
from sayso.web.links import answer_from_memory, headers_to
from sayso.web.problems import MEDIA_TYPE, Refusal, not_readable
from sayso.web.slow_bodies import Body, Incomplete

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# Only these versions of HTTP need not say which host is meant (RFC 9112, section 3.2).
_OF_NO_HOST = ("HTTP/1", "HTTP/1.0")
_LINKS, _SAFE = ("/r/", "/w/"), ("GET", "HEAD")
_LINK_ROUTE = "/r/<slug>"
_FOUND, _EMPTY, _NOTHING = "302 Found", ("Content-Length", "0"), [b""]
_STATUS = {int(status): f"{int(status)} {status.phrase}" for status in HTTPStatus}


def front_door(django: Application) -> Application:
    """Return a WSGI application that answers `POST /api/v1/events` and share links itself, and hands on the rest."""

    def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
            return choose(environ, start_response)
        environ["wsgi.input"] = Body(environ)
        try:
            return choose(environ, start_response)
        except Incomplete:
            return _answer(_incomplete(environ), start_response)

    def choose(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if environ.get("HTTP_HOST") == "" and environ["SERVER_PROTOCOL"] not in _OF_NO_HOST:
            return _answer(_host_missing(environ), start_response)
        if path == PATH and method == "POST" and not _is_to_be_redirected(environ):
            environ[ROUTE] = PATH
            return _answer(take_events(_sent(environ)), start_response)
        if path.startswith(_LINKS) and method in _SAFE:
            address = answer_from_memory(environ)
            if address is not None:
                environ[ROUTE] = _LINK_ROUTE
                start_response(_FOUND, [*headers_to(address), _EMPTY])
                return _NOTHING
        return django(environ, start_response)

    return application


def _is_to_be_redirected(environ: Environ) -> bool:
    """Whether a request may have come in the clear, which Django then finds out and sends to https."""
    if not settings.SECURE_SSL_REDIRECT:
        return False
    scheme = environ.get("HTTP_X_FORWARDED_PROTO") if settings.BEHIND_PROXY else environ.get("wsgi.url_scheme")
    return scheme != "https"


def _sent(environ: Environ) -> Sent:
    return Sent(
        environ.get("HTTP_AUTHORIZATION", ""),
        environ.get("CONTENT_TYPE") or environ.get("HTTP_CONTENT_TYPE", ""),
        environ.get("CONTENT_LENGTH") or environ.get("HTTP_CONTENT_LENGTH", ""),
        environ["wsgi.input"].read,
        client_address(environ),
        environ.get(REQUEST_ID, ""),
        environ.get("HTTP_CONTENT_ENCODING", ""),
    )


def _host_missing(environ: Environ) -> Reply:
    refusal = not_readable("A request names in Host which host it is for.")
    return Reply(refusal.status, refusal.as_bytes(environ.get(REQUEST_ID, "")), MEDIA_TYPE)


def _incomplete(environ: Environ) -> Reply:
    detail = "The body did not come whole within the time that is waited for one. Send the request again."
    refusal = Refusal(HTTPStatus.REQUEST_TIMEOUT, "incomplete", "The body did not come.", detail)
    body = refusal.as_bytes(environ.get(REQUEST_ID, ""))
    return Reply(refusal.status, body, MEDIA_TYPE, {"Connection": "close", "Cache-Control": "no-store"})


def _answer(reply: Reply, start_response: Callable[..., Any]) -> list[bytes]:
    # The thread looked a key up. Nobody closes a connection after it, so that it would stay open for ever.
    if connection.connection is not None:
        connection.close()
    headers = [
        ("Content-Type", reply.content_type),
        ("Content-Length", str(len(reply.body))),
        ("X-Content-Type-Options", "nosniff"),
        *reply.headers.items(),
    ]
    start_response(_STATUS[reply.status], headers)
    return [reply.body]
