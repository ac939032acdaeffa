"""Sending one request to an address that somebody else chose, and reading what comes back, within bounds.

Owns the bounds: one connection to an address that was checked, 15 seconds for everything, 64 kB of answer, no redirect
followed, no proxy, no cookie. It must not try again, and must not judge the answer.
"""

from __future__ import annotations

import time

from sayso.domains.connectors.http.destination import addresses_of, check_url
from sayso.domains.connectors.http.message import Outgoing, Reply

SECONDS = 15.0


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
