"""A client that keeps so many connections busy, each with one request at a time, and costs little itself.

Owns sockets and the reading of answers, nothing of what is asked.
"""

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_PIECE = 65_536


@dataclass
class Outcome:
    """What came back.

    Attributes:
        statuses: how many answers had which status.
        waited: seconds from each request to its answer.
        body: of the last answer.
    """

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    waited: list[float] = field(default_factory=list)
    body: bytes = b""


@dataclass
class _Connection:
    socket: socket.socket
    since: float = 0.0
    received: bytes = b""


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Return a request as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def put_load(port: int, requests: Iterator[bytes], *, connections: int, seconds: float) -> Outcome:
    """Send requests for so many seconds, or until there are no more, and wait for all answers."""
    outcome, chooser = Outcome(), selectors.DefaultSelector()
    began = time.perf_counter()
    for _ in range(connections):
        opened = _Connection(socket.create_connection(("127.0.0.1", port)))
        opened.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        chooser.register(opened.socket, selectors.EVENT_READ, opened)
        _send_next(opened, requests, chooser)
    while chooser.get_map():
        for key, _ in chooser.select():
            busy: _Connection = key.data
            if _receive(busy, outcome):
                over = time.perf_counter() - began >= seconds
                _send_next(busy, iter(()) if over else requests, chooser)
    outcome.seconds = time.perf_counter() - began
    return outcome


def _send_next(connection: _Connection, requests: Iterator[bytes], chooser: selectors.BaseSelector) -> None:
    request = next(requests, None)
    if request is None:
        chooser.unregister(connection.socket)
        connection.socket.close()
        return
    connection.since = time.perf_counter()
    connection.socket.sendall(request)


def _receive(connection: _Connection, outcome: Outcome) -> bool:
    """Take in what came; whether the answer is whole."""
    piece = connection.socket.recv(_PIECE)
    if not piece:
        raise ConnectionError("the server closed a connection")
    connection.received += piece
    head, found, body = connection.received.partition(b"\r\n\r\n")
    length, status = _LENGTH.search(head), _STATUS.match(head)
    if not found or length is None or status is None or len(body) < int(length[1]):
        return False
    outcome.waited.append(time.perf_counter() - connection.since)
    outcome.statuses[int(status[1])] += 1
    outcome.body, connection.received = body, b""
    return True
