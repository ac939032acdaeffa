"""Owns how the web server runs: granian, its processes and threads, and how many requests may wait.

It must not know a page.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from sayso.cli.answers import Refused
from sayso.cli.serving.lifetime import ENDING, die_with, keep_what_is_loaded

APPLICATION = "sayso.config.wsgi"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

# Most threads wait for the database or for the group commit, so there are many more of them than cores.
_THREADS = 64
_IDLE_SECONDS = 60
# So many connections are open in one process; so many more wait in the kernel; who comes then is turned away.
_CONNECTIONS = 1024
_BACKLOG = 1024
_KILL_AFTER_SECONDS = 25
_LETTING_GO_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Address:
    """Where the web server listens, and in how many processes."""

    host: str
    port: int
    processes: int = 1

    @property
    def url(self) -> str:
        """What to write in a browser on the same machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(self.host, self.host)  # noqa: S104
        return f"http://{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        return self.host in LOOPBACK or self.host.startswith("127.")


def check_free(address: Address) -> None:
    """Look whether nobody listens there; the server itself would share the port with whoever does.

    Who was killed a moment ago may still be letting go, so it waits a little.

    Raises:
        Refused: somebody does, or the address is not one of this machine.
    """
    until = time.monotonic() + _LETTING_GO_SECONDS
    while (error := _in_the_way(address)) is not None:
        if error.errno != errno.EADDRINUSE or time.monotonic() > until:
            message = f"Cannot listen at {address.host}, port {address.port}: {error.strerror}."
            raise Refused(f"{message} Choose another with --port or --host.") from error
        time.sleep(0.1)


def _in_the_way(address: Address) -> OSError | None:
    """What keeps a server from listening there."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
            probe.listen()
        except OSError as error:
            return error
    return None


def answers(address: Address) -> bool:
    """Whether somebody accepts connections there."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)  # noqa: S104
    try:
        socket.create_connection((host, address.port), timeout=1).close()
    except OSError:
        return False
    return True


def run_web(address: Address) -> None:
    """Serve until this process receives SIGTERM or SIGINT; requests under way are answered first.

    Raises:
        SystemExit: a process of the server ended by itself.
    """
    from django.conf import settings
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    load_application()
    server = Server(
        APPLICATION,
        address=address.host,
        port=address.port,
        interface=Interfaces.WSGI,
        workers=address.processes,
        blocking_threads=_THREADS,
        blocking_threads_idle_timeout=_IDLE_SECONDS,
        backpressure=_CONNECTIONS,
        backlog=_BACKLOG,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig=settings.LOGGING,
        workers_kill_timeout=_KILL_AFTER_SECONDS,
    )
    server.serve(target_loader=partial(_in_process, os.getpid(), address.port), wrap_loader=False)


def load_application() -> Callable[..., Any]:
    """Return the WSGI application; loaded before the server forks, it is in memory once."""
    application: Callable[..., Any] = import_module(APPLICATION).application
    keep_what_is_loaded()
    return application


def _in_process(parent: int, port: int) -> Callable[..., Any]:
    # Until the server sets handlers of its own, those of its parent would swallow the order to stop.
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)
    die_with(parent)
    application = load_application()
    import_module(APPLICATION).watch_bodies(port)
    return application
