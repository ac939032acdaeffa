"""A receiver on loopback that answers as it is told, and remembers what it was sent.

It listens on a plain socket, so that it can also misbehave: reset, drip, say nothing.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Act = Callable[[socket.socket], None]


@dataclass(slots=True)
class Got:
    """One request as it arrived; names of headers in small letters."""

    line: str
    headers: dict[str, str]
    body: bytes


def answering(status: int, body: bytes = b"", **headers: str) -> Act:
    """Answer with a status; an underscore in a header's name stands for a hyphen."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", *lines, "Connection: close"])

    def act(connection: socket.socket) -> None:
        connection.sendall(head.encode() + b"\r\n\r\n" + body)

    return act


def resetting(connection: socket.socket) -> None:
    """Break the connection off the hard way."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def dripping(text: bytes, seconds: float) -> Act:
    """Send one byte at a time, so long apart."""

    def act(connection: socket.socket) -> None:
        for at in range(len(text)):
            connection.sendall(text[at : at + 1])
            time.sleep(seconds)

    return act


@dataclass(slots=True)
class Receiver:
    """What listens, what it says next (the last act is repeated), and what it got."""

    port: int
    acts: list[Act] = field(default_factory=lambda: [answering(200)])
    got: list[Got] = field(default_factory=list)
    tls: ssl.SSLContext | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/hook"

    def serve(self, listener: socket.socket) -> None:
        """Answer until the listener is closed."""
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        try:
            with self.tls.wrap_socket(connection, server_side=True) if self.tls else connection as line:
                self.got.append(read_request(line))
                act = self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]
                act(line)
        except OSError:
            connection.close()


def read_request(line: socket.socket) -> Got:
    """Read one request with a Content-Length."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(line)
    head, _, body = data.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
    while len(body) < int(headers.get("content-length", 0)):
        body += _some(line)
    return Got(first, headers, body)


def _some(line: socket.socket) -> bytes:
    data = line.recv(65536)
    if not data:
        raise ConnectionError
    return data


@contextmanager
def receiving(*acts: Act, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Listen on loopback until the end."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        receiver = Receiver(listener.getsockname()[1], tls=tls)
        if acts:
            receiver.acts = list(acts)
        threading.Thread(target=receiver.serve, args=(listener,), daemon=True).start()
        yield receiver
        listener.shutdown(socket.SHUT_RDWR)
