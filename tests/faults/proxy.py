"""A TCP proxy on loopback that loses the connection at a COMMIT: before the server hears of it, or before its answer.

Owns the sockets. It knows of PostgreSQL's protocol only what a COMMIT looks like.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator

_COMMIT = b"COMMIT\0"


class Proxy:
    """Carries bytes between clients and a server.

    Attributes:
        port: where clients connect, on 127.0.0.1.
        loses: what is lost next, "commit" or "answer"; empty when nothing is any more.
        lost: how many connections were lost.
    """

    def __init__(self, host: str, port: int, loses: str) -> None:
        self._server = (host, port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.loses, self.lost = loses, 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more clients."""
        self._door.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._door.accept()
                server = socket.create_connection(self._server)
                threading.Thread(target=self._carry, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self._carry, args=(server, client, False), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, from_client: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if from_client and self.loses and _COMMIT in data:
                    self._lose(source, target, data)
                target.sendall(data)
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _lose(self, client: socket.socket, server: socket.socket, data: bytes) -> None:
        if self.loses == "answer":
            client.shutdown(socket.SHUT_RDWR)  # what the server answers finds nobody
            server.sendall(data)
            # The other direction reads the answer, and so knows that the server has committed, before it ends.
        self.loses, self.lost = "", self.lost + 1
        raise ConnectionAbortedError


@contextlib.contextmanager
def proxy(host: str, port: int, *, loses: str) -> Iterator[Proxy]:
    """Run a proxy in front of a server."""
    running = Proxy(host, port, loses)
    try:
        yield running
    finally:
        running.close()
