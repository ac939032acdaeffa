"""Bodies of requests that come too slowly: a thread waits so long for one, and is then free for others.

The server has a limit for heads and none for bodies: who reads one waits inside the server, where only the end of the
connection wakes them. So bodies that are waited for are watched, and from a connection that was sent nothing since a
late one began, nothing more is read; the thread wakes, and answers. It must not know a route.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

from django.conf import settings

from sayso.web.callers import client_address

Environ = dict[str, Any]

# As long as a head may take, and as an idle connection lives: what is silent for longer waits for a body.
MOST_SECONDS = 30.0
# While so many of a process's threads wait for slow bodies, those may take this long and no longer.
MANY, CROWDED_SECONDS = 24, 3.0
# From whom so many slow bodies are on their way, no further one is waited for.
MOST_OF_ONE = 12
SLOW_SECONDS = 1.0
_LOOK_SECONDS = 0.5
# The place in Linux's `tcp_info` that tells for how many milliseconds nothing was sent.
_SILENT_FOR = struct.Struct("=44xI")
# "100 Continue" may be sent when the reading begins.
_BEGINNING_SECONDS = 0.25


class Incomplete(BaseException):
    """The body did not come whole, or not in time.

    It is no `Exception`, so that nothing on the way takes it for something that it can answer.
    """


class Body:
    """What a request brings, as `wsgi.input`.

    Attributes:
        began: when somebody began to wait for it, by `time.monotonic`; 0 before.
        is_late: it is waited for no longer.
    """

    def __init__(self, environ: Environ) -> None:
        source, announced = environ["wsgi.input"], environ.get("CONTENT_LENGTH", "")
        self._read, self._readline, self._environ = source.read, source.readline, environ
        self._missing = int(announced) if announced.isdecimal() else 0
        self.began, self.is_late = 0.0, False

    @property
    def peer(self) -> str:
        """The other end of its connection, which may be a proxy."""
        return str(self._environ["REMOTE_ADDR"])

    @property
    def address(self) -> str:
        """By which its sender is counted."""
        return client_address(self._environ)

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes, or all that there are.

        Raises:
            Incomplete: they did not come.
        """
        found = self._waited(self._read, size)
        # An amount of 120 must not become one of 12 where a connection breaks off.
        if self._missing > 0 and not 0 <= size <= len(found):
            raise Incomplete
        return found

    def readline(self, size: int = -1) -> bytes:
        """Read a line, of so many bytes at most; errors as for `read`."""
        found = self._waited(self._readline, size)
        if self._missing > 0 and not found and size:
            raise Incomplete
        return found

    def _waited(self, read: Callable[..., bytes], size: int) -> bytes:
        if _crowded and self.address in _crowded:
            raise Incomplete
        if not self.began:
            self.began = time.monotonic()
        _awaited[id(self)] = self
        try:
            found = read() if size < 0 else read(size)
        finally:
            del _awaited[id(self)]
        if self.is_late:
            raise Incomplete
        self._missing -= len(found)
        return found


# Of this process: the bodies that somebody waits for, and who sends too many slow ones.
_awaited: dict[int, Body] = {}
_crowded: Collection[str] = frozenset()


def watch(port: int) -> None:
    """Look after the bodies of this process from now on, where connections tell for how long they were silent.

    Behind a proxy all of them come from it, and the silent one could be that of somebody else who waits for an answer:
    there the proxy has to collect what is sent.

    Args:
        port: where its server listens.
    """
    if sys.platform.startswith("linux") and not settings.BEHIND_PROXY:
        threading.Thread(target=_watch, args=(port,), name="sayso-slow-bodies", daemon=True).start()


def _watch(port: int) -> None:
    while True:
        time.sleep(_LOOK_SECONDS)
        for peer, seconds in find_late(list(_awaited.values()), now=time.monotonic()).items():
            _read_no_more(port, peer, seconds)


def find_late(bodies: Collection[Body], *, now: float) -> dict[str, float]:
    """Mark the bodies that are late, and note who sends too many.

    Args:
        bodies: those that somebody waits for.
        now: by `time.monotonic`.

    Returns:
        The other ends of the late ones' connections, each with the seconds since the last of them began.
    """
    global _crowded  # noqa: PLW0603 - replaced as a whole, so that nobody who reads it needs a lock
    slow = [body for body in bodies if now - body.began > SLOW_SECONDS]
    senders = Counter(body.address for body in slow)
    _crowded = frozenset(address for address, count in senders.items() if count >= MOST_OF_ONE)
    most = CROWDED_SECONDS if len(slow) >= MANY else MOST_SECONDS
    found: dict[str, float] = {}
    for body in slow:
        waited = now - body.began
        if waited >= most:
            body.is_late = True
            found[body.peer] = min(waited, found.get(body.peer, waited))
    return found


def _read_no_more(port: int, peer: str, seconds: float) -> None:
    """Read nothing more from the connections of a peer that were sent nothing for so long; what answers them is sent.

    The server does not tell which connection is whose: a request of the same peer that takes as long to be answered
    loses its answer.
    """
    for name in os.listdir("/proc/self/fd"):
        try:
            connection = socket.socket(fileno=os.dup(int(name)))
        except OSError:  # no socket, or closed meanwhile
            continue
        with connection:
            try:
                if _is_silent(connection, port, peer, seconds):
                    connection.shutdown(socket.SHUT_RD)
            except OSError:  # it has ended
                continue


def _is_silent(connection: socket.socket, port: int, peer: str, seconds: float) -> bool:
    mine = connection.getsockname()
    if connection.family not in (socket.AF_INET, socket.AF_INET6) or mine[1] != port:
        return False
    if connection.getpeername()[0].partition("%")[0] != peer:
        return False
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _SILENT_FOR.size)
    milliseconds: int = _SILENT_FOR.unpack(told)[0]
    return milliseconds >= (seconds - _BEGINNING_SECONDS) * 1000
