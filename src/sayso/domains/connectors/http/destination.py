"""Where a request may go: the form of its URL, and the addresses behind the name, resolved once.

Owns both checks. It must not send anything.
"""

from __future__ import annotations

import queue
import re
import socket
import threading
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from sayso.core.domain_error import DomainError
from sayso.domains.connectors.http.addresses import Address, is_public, is_within

PORTS = (443, 8443)
LONGEST = 2000
_USUAL_PORTS = {"https": 443, "http": 80}
_WRITTEN = re.compile(r"[\x21-\x7e]+")


class UrlNotAllowed(DomainError, ValueError):
    """This URL is not called: its form, its port or the addresses behind its name are refused."""


class Unreachable(OSError):
    """Nothing was sent: the name has no address, or nobody answers there."""


@dataclass(frozen=True, slots=True)
class CheckedUrl:
    """The parts of a URL that was checked.

    Attributes:
        host: name or address as it was written, without brackets.
        target: path and query.
    """

    scheme: str
    host: str
    port: int
    target: str


def check_url(url: str) -> CheckedUrl:
    """Check the form of a URL that somebody wants to be called, without looking anything up.

    Raises:
        UrlNotAllowed: it is no URL in ASCII, holds a user's name, or could not be allowed whatever its address.
    """
    if len(url) > LONGEST or not _WRITTEN.fullmatch(url):
        raise UrlNotAllowed(f"write the URL in at most {LONGEST} characters of ASCII, without spaces")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise UrlNotAllowed(f"this is no URL: {error}") from None
    if parts.scheme not in _USUAL_PORTS or not host:
        raise UrlNotAllowed("the URL begins with https:// and names a host")
    if parts.username is not None or parts.password is not None:
        raise UrlNotAllowed("the URL must not hold a name or a password")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    found = CheckedUrl(parts.scheme, host, port or _USUAL_PORTS[parts.scheme], target)
    try:
        literal = ip_address(host)
    except ValueError:
        if not _is_open(found) and not settings.ALLOWED_INTERNAL:
            raise _refused(host) from None
    else:
        if not _may_be_called(found, literal):
            raise _refused(host)
    return found


def addresses_of(destination: CheckedUrl, *, seconds: float) -> list[Address]:
    """Resolve the name of a destination, once, and return those of its addresses that may be called.

    Args:
        destination: where to.
        seconds: how long resolving may take.

    Raises:
        UrlNotAllowed: none of its addresses may be called.
        Unreachable: the name has no address, or was not resolved in time.
    """
    allowed = [each for each in _resolve(destination, seconds) if _may_be_called(destination, each)]
    if not allowed:
        raise _refused(destination.host)
    return allowed


def _may_be_called(destination: CheckedUrl, address: Address) -> bool:
    return is_within(address, settings.ALLOWED_INTERNAL) or (_is_open(destination) and is_public(address))


def _refused(host: str) -> UrlNotAllowed:
    ports = " or ".join(map(str, PORTS))
    return UrlNotAllowed(
        f"{host} is not called: only public addresses are, by https on port {ports}, "
        "and those that the operator lists in SAYSO_ALLOWED_INTERNAL"
    )


def _is_open(destination: CheckedUrl) -> bool:
    return destination.scheme == "https" and destination.port in PORTS


def _resolve(destination: CheckedUrl, seconds: float) -> list[Address]:
    """Ask the system's resolver, which knows no time limit of its own, from a thread that may be left behind."""
    answers: queue.SimpleQueue[list[Address] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(destination.host, destination.port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(ip_address(row[4][0]) for row in rows)))
        except (OSError, UnicodeError, ValueError) as error:
            answers.put(OSError(str(error)))

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=max(seconds, 0))
    except queue.Empty:
        raise Unreachable(f"{destination.host} was not resolved in time") from None
    if isinstance(answer, OSError):
        raise Unreachable(f"{destination.host} has no address: {answer}")
    return answer
