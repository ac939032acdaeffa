"""One connection to an address that was checked, and one request over it.

Owns the way through the library: which address is connected to, and the time that is left. It must not resolve a name.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

import httpcore2

from sayso.domains.connectors.http.addresses import Address
from sayso.domains.connectors.http.destination import CheckedUrl, Unreachable
from sayso.domains.connectors.http.message import MOST_BYTES, Outgoing, Reply, Unanswered

_CONNECT_SECONDS = 5.0
_PIECE_BYTES = 4096
_FAULTS = (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError)


def exchange(request: Outgoing, destination: CheckedUrl, addresses: list[Address], *, until: float) -> Reply:
    """Send a request to the first of some addresses that answers, and return what comes back.

    Args:
        request: what to send.
        destination: the parts of its URL.
        addresses: those behind its name, which may be called.
        until: when it ends, on the monotonic clock.

    Raises:
        Unreachable: nothing was sent.
        Unanswered: whether it arrived is unknown.
    """
    url = httpcore2.URL(
        scheme=destination.scheme, host=destination.host, port=destination.port, target=destination.target
    )
    headers = {"User-Agent": "Sayso", "Accept-Encoding": "identity", **(request.headers or {})}
    line = _Line(addresses, until)
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
