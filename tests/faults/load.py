"""Clients that send a busy season to a service and log every acknowledgement; what is not acknowledged is sent again.

Owns the events and the record of what was acknowledged. It must not look into the database.
"""

import http.client
import json
import random
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

CLIENTS = 32
# When the cast's workspace begins.
START = datetime(2027, 1, 10, 12, tzinfo=UTC)
_AGAIN_SECONDS = 0.05
_PATIENCE_SECONDS = 5
_LAST_ANSWERS_SECONDS = 120

# Makes the next event from its number and from chance.
Season = Callable[[int, random.Random], dict[str, Any]]


class Load:
    """What the clients share.

    Args:
        port: where the web listens, on 127.0.0.1.
        key: with which events are sent.
        seed: of all that is left to chance.
        season: makes the events; people who bring friends and buy, unless said.

    Attributes:
        acknowledged: event id to the status of its answer: decided or set aside.
        refused: what was answered otherwise, or ended a client, and is a mistake.
    """

    def __init__(self, port: int, key: str, seed: int, season: Season | None = None) -> None:
        self._port, self._key, self._season = port, key, season or bringing_friends
        self._chance = random.Random(seed)
        self._lock, self._ending = threading.Lock(), threading.Event()
        self._made = 0
        self.acknowledged: dict[str, str] = {}
        self.refused: list[str] = []
        self._threads = [
            threading.Thread(target=self._send_all, args=(seed + each,), daemon=True) for each in range(CLIENTS)
        ]

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let each client have its last event acknowledged, and stop.

        Raises:
            TimeoutError: a client still has no answer after two minutes.
        """
        self._ending.set()
        deadline = time.monotonic() + _LAST_ANSWERS_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if any(thread.is_alive() for thread in self._threads):
            raise TimeoutError("a client waits for its last answer")

    def _send_all(self, seed: int) -> None:
        try:
            self._send_until_the_end(random.Random(seed))
        except Exception:  # an event that nobody sends any more would look like a lost one
            self.refused.append(traceback.format_exc())

    def _send_until_the_end(self, chance: random.Random) -> None:
        connection = self._connect()
        while not self._ending.is_set():
            event = self._next()
            connection = self._until_acknowledged(connection, event)
            if chance.random() < 0.1:  # a sender that forgot that it had an answer
                connection = self._until_acknowledged(connection, event)
        connection.close()

    def _next(self) -> dict[str, Any]:
        with self._lock:
            self._made += 1
            return self._season(self._made, self._chance)

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE_SECONDS)

    def _until_acknowledged(
        self, connection: http.client.HTTPConnection, event: dict[str, Any]
    ) -> http.client.HTTPConnection:
        body = json.dumps(event).encode()
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        while True:
            try:
                connection.request("POST", "/api/v1/events", body, headers)
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                time.sleep(_AGAIN_SECONDS)
                connection = self._connect()
                continue
            if answer.status in (429, 503):
                time.sleep(_AGAIN_SECONDS)
                continue
            self._log(event["id"], answer.status, text)
            return connection

    def _log(self, name: str, status: int, text: bytes) -> None:
        with self._lock:
            if status in (200, 201, 202) and f'"{name}"'.encode() in text:
                self.acknowledged[name] = json.loads(text)["status"]
            else:
                self.refused.append(f"{name}: {status} {text[:300]!r}")


def bringing_friends(number: int, chance: random.Random) -> dict[str, Any]:
    """The next event of a season in which people bring friends, buy, and send back some of it.

    Args:
        number: how many were made before, and one.
        chance: seeded, so that a season is the same each time it is played.
    """
    moment = (START + timedelta(minutes=number)).isoformat()
    people = 1 + number // 5
    event: dict[str, Any] = {"id": f"e-{number}", "occurred_at": moment}
    if number % 5 == 1:
        friend_of = f"code-{chance.randrange(people)}" if number % 10 == 1 else None
        return {**event, "type": "signup", "member": f"m-{people}", "referral_code": friend_of}
    if number % 5 == 2:
        return {**event, "type": "member_updated", "member": f"m-{people}", "props": {"code": f"code-{people}"}}
    member = f"m-{chance.randrange(people) + 1}"
    return {
        **event,
        "type": "purchase",
        "member": member,
        "amount_minor": chance.randrange(500, 9000),
        "currency": "EUR",
    }
