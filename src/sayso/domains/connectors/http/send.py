"""Sending one request to an address that somebody else chose, and reading what comes back, within bounds.

Owns the bounds: one connection to an address that was checked, 15 seconds for everything, 64 kB of answer, no redirect
followed, no proxy, no cookie. It must not try again, and must not judge the answer.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from sayso.domains.connectors.http.destination import addresses_of, check_url

SECONDS = 15.0
MOST_BYTES = 65_536


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
    # The library takes longer to import than all of Sayso, and most processes call nobody.
    from sayso.domains.connectors.http.line import exchange  # noqa: PLC0415

    until = time.monotonic() + seconds
    destination = check_url(request.url)
    return exchange(request, destination, addresses_of(destination, seconds=seconds), until=until)
