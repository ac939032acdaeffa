"""Who sends a body slowly holds a thread for a while only, and nobody else waits for it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from sayso.web import slow_bodies
from sayso.web.front_door import front_door
from sayso.web.slow_bodies import Body, Incomplete, find_late

NOW = 1000.0


@pytest.fixture(autouse=True)
def _nobody_crowds() -> Iterator[None]:
    yield
    find_late([], now=NOW)


def body(content: bytes, announced: int | None = None, *, address: str = "192.0.2.1") -> Body:
    length = len(content) if announced is None else announced
    return Body({"wsgi.input": io.BytesIO(content), "CONTENT_LENGTH": str(length), "REMOTE_ADDR": address})


def waiting(seconds: float, address: str = "192.0.2.1") -> Body:
    found = body(b"", 10, address=address)
    found.began = NOW - seconds
    return found


def test_a_body_is_read_as_it_was_sent() -> None:
    assert body(b"one\ntwo").read(100) == b"one\ntwo"
    assert body(b"one\ntwo").read() == b"one\ntwo"
    lines = body(b"one\ntwo")
    assert [lines.readline(), lines.readline(2), lines.read(1), lines.readline()] == [b"one\n", b"tw", b"o", b""]
    assert Body({"wsgi.input": io.BytesIO(b"in pieces")}).read(100) == b"in pieces"


@pytest.mark.parametrize("read", [lambda each: each.read(), lambda each: each.read(100)])
def test_a_body_that_breaks_off_is_none(read: Callable[[Body], bytes]) -> None:
    with pytest.raises(Incomplete):
        read(body(b"amount=12", 10))
    lines = body(b"amount=12", 10)
    assert lines.readline() == b"amount=12"
    with pytest.raises(Incomplete):
        lines.readline()


def test_a_body_may_take_half_a_minute_and_less_while_many_do() -> None:
    patient, late = waiting(29), waiting(31, "192.0.2.2")
    assert find_late([patient, late], now=NOW) == {"192.0.2.2": 31}
    assert (patient.is_late, late.is_late) == (False, True)
    many = [waiting(4, f"192.0.2.{each}") for each in range(slow_bodies.MANY)]
    assert find_late([*many, waiting(2, "192.0.2.0")], now=NOW).keys() == {each.peer for each in many}
    quick = [waiting(0.5, f"192.0.2.{each}") for each in range(60)]
    assert find_late([*quick, waiting(4)], now=NOW) == {}


def test_from_whom_many_slow_bodies_come_no_further_one_is_waited_for() -> None:
    find_late([waiting(2) for _ in range(slow_bodies.MOST_OF_ONE)], now=NOW)
    with pytest.raises(Incomplete):
        body(b"one more").read(100)
    assert body(b"a neighbour's", address="192.0.2.2").read(100) == b"a neighbour's"
    find_late([], now=NOW)
    assert body(b"later").read(100) == b"later"


def test_who_waited_in_vain_is_told_so() -> None:
    def reads(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            environ["wsgi.input"].read(10)
        except Exception:
            pytest.fail("somebody took it for an error of theirs")
        return []

    began: list[Any] = []
    environ = {
        "wsgi.input": io.BytesIO(b"amount=12"), "CONTENT_LENGTH": "10", "REMOTE_ADDR": "192.0.2.1",
        "PATH_INFO": "/join", "REQUEST_METHOD": "POST", "HTTP_HOST": "localhost", "SERVER_PROTOCOL": "HTTP/1.1",
    }  # fmt: skip
    told = b"".join(front_door(reads)(environ, lambda *started: began.append(started)))
    status, headers = began[0]
    assert status == "408 Request Timeout"
    assert dict(headers)["Connection"] == "close"
    assert dict(headers)["Content-Type"] == "application/problem+json"
    assert json.loads(told)["type"] == "urn:sayso:problem:incomplete"
