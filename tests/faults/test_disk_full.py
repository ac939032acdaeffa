"""A full disk: what cannot be kept is answered 503 and nothing else; with room again, everything goes on."""

import http.client
import json
import os
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.domains.cast import START
from tests.faults.house import House, house
from tests.faults.killing import DECIDED
from tests.installation import SOUND, Installation

# A server of PostgreSQL's own that has no room would need a file system of its own.
pytestmark = pytest.mark.skipif(
    os.environ.get("DATABASE_URL", "").startswith("postgres"),
    reason="the room of a file can be limited, not a server's",
)

ROOM_BYTES = 1_500_000
BEGIN = """
from tests.domains.cast import FRIENDS, START, open_bluebell
from sayso.domains.workspaces.keys import Grant, create_key
call_command("migrate", verbosity=0)
print(create_key(workspace=open_bluebell(FRIENDS), name="load", grant=Grant(), now=START)[1])
"""


@pytest.fixture
def running() -> Iterator[House]:
    with house(postgresql=False) as started:
        yield started


def send(port: int, key: str, number: int) -> int:
    """Send one event, and return the status of its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    event = {
        "id": f"e-{number}",
        "type": "purchase",
        "member": "Ada",
        "occurred_at": (START + timedelta(minutes=number)).isoformat(),
        "amount_minor": 2500,
        "currency": "EUR",
        "props": {"note": "x" * 4000},  # large events fill a disk sooner
    }
    connection.request("POST", "/api/v1/events", json.dumps(event), headers)
    status = connection.getresponse().status
    connection.close()
    return status


def kept(installation: Installation) -> set[str]:
    """The ids of the events in the log."""
    return {line.split()[0] for line in installation.ask(DECIDED)}


def test_a_full_disk_acknowledges_nothing_that_it_does_not_keep(running: House) -> None:
    (key,) = running.installation.ask(BEGIN)
    running.start("web", largest_file_bytes=ROOM_BYTES)
    running.wait_until_ready()
    answers: dict[int, int] = {}
    while 503 not in answers.values():
        answers[len(answers)] = send(running.port, key, len(answers))
        assert len(answers) < 3000
    acknowledged = {f"e-{number}" for number, status in answers.items() if status == 200}
    assert set(answers.values()) == {200, 503}
    running.end("web")
    assert kept(running.installation) == acknowledged
    running.start("web")
    running.wait_until_ready()
    assert send(running.port, key, len(answers) - 1) == 200
    assert running.installation.ask(SOUND) == ["[]"]
