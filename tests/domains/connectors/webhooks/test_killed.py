"""A worker that is killed in the middle of a delivery loses nothing, and another one tells it under the same id."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.domains.connectors.receiver import answering, receiving
from tests.installation import ASK, ROOT, Installation

PREPARE = """
from datetime import UTC, datetime
from sayso.domains.connectors.webhooks.create import EndpointSettings, create_endpoint
from sayso.domains.jobs.relay import relay
from tests.domains.cast import decide, event
bluebell = open_bluebell(FRIENDS)
create_endpoint(workspace=bluebell, wanted=EndpointSettings("URL"), now=datetime.now(UTC))
decide(bluebell, [event("a-1", "signup", "Ada")])
relay(datetime.now(UTC))
"""
DELIVER = """
from datetime import datetime
from sayso.domains.connectors.webhooks.deliver import Lines
from sayso.domains.connectors.webhooks.models import Delivery
lines = Lines()
while lines.deliver(datetime.fromisoformat("WHEN")):
    pass
print([(each.id, each.state, each.attempts) for each in Delivery.objects.all()])
"""


@pytest.fixture
def installation(migrated_database_url: str, tmp_path: Path) -> Installation:
    return Installation(migrated_database_url, tmp_path / "home", SAYSO_ALLOWED_INTERNAL="127.0.0.0/8")


def test_a_delivery_survives_the_worker_that_made_it(installation: Installation) -> None:
    reached, done = threading.Event(), threading.Event()

    def keep_waiting(_: socket.socket) -> None:
        reached.set()
        done.wait(20)

    with receiving(keep_waiting, answering(200)) as receiver:
        installation.ask(PREPARE.replace("URL", receiver.url))
        program = ASK + DELIVER.replace("WHEN", datetime.now(UTC).isoformat())
        worker = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=installation.environment)
        assert reached.wait(30)
        worker.kill()
        worker.wait()
        done.set()
        soon = datetime.now(UTC) + timedelta(seconds=30)
        assert "'pending', 0" in installation.ask(DELIVER.replace("WHEN", soon.isoformat()))[0]
        after_the_lease = datetime.now(UTC) + timedelta(seconds=61)
        assert "'delivered', 1" in installation.ask(DELIVER.replace("WHEN", after_the_lease.isoformat()))[0]
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
