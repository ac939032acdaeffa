"""Each request has an id, in its answer and in every line of log, and a line of its own that names nobody."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from sayso.config.wsgi import application
from sayso.domains.sharing.clicks import clicks
from sayso.domains.sharing.links import link_for
from sayso.domains.sharing.redirects import redirects
from sayso.web.access_log import ROUTE, AccessLog, Application
from tests.domains.cast import FRIENDS, START, decide, event, open_bluebell

FROM = {
    "QUERY_STRING": "", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost",
    "REMOTE_ADDR": "203.0.113.5", "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
    "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_info() -> Iterator[None]:
    log = logging.getLogger("sayso.access")
    before = log.level
    log.setLevel(logging.INFO)
    yield
    log.setLevel(before)


def ask(application: Application, **environ: Any) -> tuple[str, dict[str, str], bytes, list[Any]]:
    """Send one request; its status, headers, body and lines of log."""
    started: list[Any] = []
    given = {"REQUEST_METHOD": "GET", "PATH_INFO": "/api/v1/members/ada", **environ}
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        answer = AccessLog(application)(given, lambda *arguments: started.append(arguments))
        body = b"".join(answer)
        if not isinstance(answer, list):
            answer.close()  # type: ignore[attr-defined]
    status, headers = started[-1][:2]
    return status, dict(headers), body, lines


def fine(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    structlog.contextvars.bind_contextvars(event_id="order-1")
    environ[ROUTE] = "/api/v1/members/{member}"
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"fine"]


def test_the_line_of_a_request_has_its_id_its_route_and_its_event_and_no_name() -> None:
    _, headers, _, (line,) = ask(fine, HTTP_X_REQUEST_ID="bluebell-0001")
    assert headers["X-Request-Id"] == line["request_id"] == "bluebell-0001"
    assert (line["route"], line["event_id"], line["status"]) == ("/api/v1/members/{member}", "order-1", 200)
    assert "ada" not in str(line)


def test_what_one_request_bound_does_not_stand_in_the_next() -> None:
    ask(fine)
    _, _, _, (line,) = ask(lambda environ, start: (start("204 No Content", []), [])[1])
    assert "event_id" not in line


@pytest.mark.parametrize("sent", ["", "short", "x" * 65, "with space", "line\nbreak", "ümlaut-long"])
def test_an_id_that_could_do_harm_is_replaced(sent: str) -> None:
    _, headers, _, _ = ask(fine, HTTP_X_REQUEST_ID=sent)
    assert headers["X-Request-Id"] != sent
    assert len(headers["X-Request-Id"]) == 16


def test_what_raises_is_answered_and_logged_under_the_same_id() -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise RuntimeError("a secret detail")

    status, headers, body, lines = ask(broken)
    assert status.startswith("500")
    assert b"secret" not in body
    assert {line["request_id"] for line in lines} == {headers["X-Request-Id"]}
    assert [line["event"] for line in lines] == ["request failed", "request"]


def test_an_answer_in_pieces_is_logged_when_it_was_sent() -> None:
    def in_pieces(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])

        def pieces() -> Iterator[bytes]:
            yield b"one "
            structlog.get_logger().info("in between")
            yield b"two"

        return pieces()

    _, headers, body, lines = ask(in_pieces)
    assert body == b"one two"
    assert [line["event"] for line in lines] == ["in between", "request"]
    assert lines[1]["request_id"] == headers["X-Request-Id"]


@pytest.mark.django_db(transaction=True)
def test_no_line_names_who_stands_in_the_path_whoever_answers() -> None:
    bluebell = open_bluebell(f"{FRIENDS}runs: {{from: 2020-01-01, until: 2040-12-31}}\n")
    decide(bluebell, [event("a-1", "signup", "Ada")])
    link = link_for(workspace=bluebell, program="friends", member="Ada", channel="copy", now=START)
    redirects.forget()
    secure = {"wsgi.url_scheme": "https"}
    asked: list[tuple[str, dict[str, str], str]] = [
        ("/api/v1/members/ada@example.com", {}, "-"),
        ("/nothing/of/ada", secure, "-"),
        (f"/w/bluebell/r/{link.slug}", secure, "/w/<slug:workspace>/r/<str:slug>"),
        (f"/w/bluebell/r/{link.slug}", secure, "/r/<slug>"),
        ("/livez", {}, "/livez"),
    ]
    for path, more, route in asked:
        _, _, _, lines = ask(application, **{**FROM, "PATH_INFO": path, "wsgi.input": BytesIO(), **more})
        assert {line["route"] for line in lines if line["event"] == "request"} == {route}
    clicks.stop()
    clicks.forget()
