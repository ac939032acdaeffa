"""A supplier on loopback with a record of its own, which answers as its moods say.

Owns the record: what was handed over, by key, however often it was asked. A mood is taken for the next order; when none
is left, it does what it should. It must not know Sayso.
"""

import json
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TAKES_AND_RESETS = "takes_and_resets"
RESETS = "resets"
# Hands over nothing, and says so with this status.
Mood = int | str


@dataclass(slots=True)
class Supplier:
    """What it was asked, what it handed over, and how it feels.

    Attributes:
        asked: every message, by type and key, in order.
        record: key to code.
        moods: how the next orders are answered: a status without handing over, `takes:STATUS` after handing over, or
            one of the names above.
        veto: a reason for which it refuses every check.
        status: what it says when asked what became of an order it does not have.
    """

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    record: dict[str, str] = field(default_factory=dict)
    deliveries: Counter[str] = field(default_factory=Counter)
    moods: list[Mood] = field(default_factory=list)
    veto: str = ""
    status: str = "not_found"

    def kinds(self) -> list[str]:
        """The types of the messages that came, in order."""
        return [each["type"].removeprefix("fulfilment.") for each in self.asked]

    def hand_over(self, key: str) -> None:
        """Hand over, once for a key."""
        if key not in self.record:
            self.record[key] = f"CARD-{len(self.record) + 1}"
            self.deliveries[key] += 1

    def answer(self, message: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        """Return status and body; None to break the connection off."""
        self.asked.append(message)
        key, kind = message["data"]["key"], message["type"]
        if kind == "fulfilment.check":
            return (409, {"reason": self.veto}) if self.veto else (200, {})
        if kind == "fulfilment.status":
            return (200, {"status": "delivered", **self._told(key)} if key in self.record else {"status": self.status})
        return self._answer_order(key)

    def _answer_order(self, key: str) -> tuple[int, dict[str, Any]] | None:
        mood = self.moods.pop(0) if self.moods else 200
        if mood == RESETS:
            return None
        if isinstance(mood, int) and mood != 200:
            return mood, {"reason": f"mood {mood}"}
        self.hand_over(key)
        if mood == TAKES_AND_RESETS:
            return None
        return (int(str(mood).removeprefix("takes:")), {"status": "delivered", **self._told(key)})

    def _told(self, key: str) -> dict[str, Any]:
        return {"code": self.record[key], "reference": f"no. {self.record[key]}"}


@contextmanager
def supplying(*moods: Mood) -> Iterator[Supplier]:
    """Run a supplier until the end."""
    supplier = Supplier(moods=list(moods))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found = supplier.answer(json.loads(body))
            if found is None:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return
            status, told = found
            text = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

        def handle_error(self) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    supplier.url = f"http://127.0.0.1:{server.server_address[1]}/orders"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield supplier
    finally:
        server.shutdown()
        server.server_close()
