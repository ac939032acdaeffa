"""Sending one request to an address that somebody else chose, and reading what comes back, within bounds.

Owns the bounds: one connection to an address that was checked, 15 seconds for everything, 64 kB of answer, no redirect
followed, no proxy, no cookie. It must not try again, and must not judge the answer.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore2

from sayso.domains.connectors.http.addresses import Address
from sayso.domains.connectors.http.destination import Unreachable, addresses_of, check_url

SECONDS = 15.0
MOST_BYTES = 65_536
_CONNECT_SECONDS = 5.0
_PIECE_BYTES = 4096
_FAULTS = (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError)


class Unanswered(OSError):
    """The request may have arrived: it was sent, or partly, and no answer came. Whether it took effect is unknown."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request.

    Attributes:
        url: where to, as it was given to us.
        headers: besides Host and Content-Length.
    """

    url: str
    body: bytes = b""
    method: str = "POST"
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes:
        headers: names in small letters; of a repeated one, the last.
        body: at most `MOST_BYTES`, as it was sent.
        cut: the body is not whole: it was longer, or broke off, or did not come in time.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool

    @property
    def ok(self) -> bool:
        """Whether the receiver took it: a redirect, too, is a failure."""
        return 200 <= self.status < 300


def send(request: Outgoing, *, seconds: float = SECONDS) -> Reply:
    """Send a request once and return the answer.

    Args:
        request: what to send, and where to.
        seconds: for everything: resolving, connecting, sending and reading.

    Raises:
        UrlNotAllowed: it is not called.
        Unreachable: nothing was sent.
        Unanswered: whether it arrived is unknown.
    """
    until = time.monotonic() + seconds
    destination = check_url(request.url)
    line = _Line(addresses_of(destination, seconds=seconds), until)
    url = httpcore2.URL(
        scheme=destination.scheme, host=destination.host, port=destination.port, target=destination.target
    )
    headers = {"User-Agent": "Sayso", "Accept-Encoding": "identity", **(request.headers or {})}
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=_trust(), network_backend=line, max_connections=1) as pool,
            pool.stream(request.method, url, headers=list(headers.items()), content=request.body) as response,
        ):
            return _read(response)
    except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
        raise Unreachable(_said(error, "no connection")) from error
    except _FAULTS as error:
        raise Unanswered(_said(error, "no answer in time")) from error


def _read(response: httpcore2.Response) -> Reply:
    body, cut = bytearray(), False
    try:
        for chunk in response.iter_stream():
            body += chunk
            if len(body) > MOST_BYTES:
                cut = True
                break
    except _FAULTS:
        cut = True
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    return Reply(response.status, headers, bytes(body[:MOST_BYTES]), cut)


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _said(error: Exception, otherwise: str) -> str:
    return str(error) or otherwise


class _Line(httpcore2.NetworkBackend):
    """Connects to the addresses that were checked, whatever name is asked for, and watches the time."""

    def __init__(self, addresses: list[Address], until: float) -> None:
        self._addresses, self._until = addresses, until

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore2.NetworkStream:
        failure: Exception = httpcore2.ConnectTimeout()
        for address in self._addresses:
            if (left := self._until - time.monotonic()) <= 0:
                break
            try:
                plain = httpcore2.SyncBackend().connect_tcp(str(address), port, timeout=min(left, _CONNECT_SECONDS))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _Timed(plain, self._until)
        raise failure


class _Timed(httpcore2.NetworkStream):
    """A connection that ends at a moment, however little at a time the other side sends or takes."""

    def __init__(self, stream: httpcore2.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def _left(self, otherwise: type[Exception]) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise otherwise
        return left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for piece in _pieces(buffer):
            self._stream.write(piece, self._left(httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = self._left(httpcore2.ConnectTimeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _pieces(buffer: bytes) -> Iterable[bytes]:
    # The time limit of a socket holds for each of its own calls, so it is given little at a time.
    return (buffer[first : first + _PIECE_BYTES] for first in range(0, len(buffer), _PIECE_BYTES))
