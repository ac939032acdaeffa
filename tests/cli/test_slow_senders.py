"""`sayso web` while strangers send bodies a byte at a time, as many as it has threads."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.cli.running import process
from tests.cli.test_serve import KEY, free_port

SENDERS = 64
# Three seconds until the bodies are late, and a shared machine.
PATIENCE_SECONDS = 20
SLOW = b"POST /hooks/somewhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
EVA = {"id": "e-1", "type": "signup", "member": "Eva", "occurred_at": "2026-01-10T12:00:00Z"}


@contextmanager
def web(url: str, home: Path) -> Iterator[tuple[int, str]]:
    """Run the web server; yields its port and its first key."""
    port = free_port()
    running = process(url, home, "web", "--port", port)
    try:
        assert running.stdout is not None
        key = next(found.group() for line in running.stdout if (found := KEY.search(line)))
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.05)
        yield port, key
    finally:
        running.terminate()
        running.communicate(timeout=60)


def trickle(connection: socket.socket, ending: threading.Event) -> None:
    while not ending.wait(0.3):
        try:
            connection.sendall(b"x")
        except OSError:
            return


def test_a_quick_sender_is_answered_beside_many_slow_ones(fresh_database_url: str, tmp_path: Path) -> None:
    ending = threading.Event()
    with web(fresh_database_url, tmp_path) as (port, key):
        slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(SENDERS)]
        for each in slow:
            each.sendall(SLOW)
            threading.Thread(target=trickle, args=(each, ending), daemon=True).start()
        time.sleep(1)  # by now each has a thread
        quick = http.client.HTTPConnection("127.0.0.1", port, PATIENCE_SECONDS, source_address=("127.0.0.2", 0))
        with closing(quick):
            headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
            quick.request("POST", "/api/v1/events", json.dumps(EVA), headers)
            assert quick.getresponse().status == 200
        slow[0].settimeout(PATIENCE_SECONDS)
        answer = b"".join(iter(lambda: slow[0].recv(10_000), b""))
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"urn:sayso:problem:incomplete" in answer
        ending.set()
        for each in slow:
            each.close()
