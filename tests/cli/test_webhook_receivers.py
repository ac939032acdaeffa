"""The receivers of the guide take what Sayso sends, once, and refuse what somebody else made up."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from sayso.domains.connectors.http.message import Outgoing
from sayso.domains.connectors.http.send import send
from sayso.domains.connectors.webhooks.models import Delivery
from sayso.domains.connectors.webhooks.replay import replay_delivery
from sayso.domains.connectors.webhooks.rotate import rotate_secret
from tests.cli.guide import File, read_page
from tests.domains.connectors.webhooks.bluebell import (
    FRIENDS,
    ada_has_joined,
    deliver_all,
    delivered,
    endpoint_at,
    later,
    open_bluebell,
)

RECEIVERS = {"receiver.py": sys.executable, "receiver.mjs": shutil.which("node")}


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def running(file: Path, *, port: int, secret: str) -> Iterator[subprocess.Popen[str]]:
    """A receiver of the guide, listening."""
    runner = RECEIVERS[file.name]
    assert runner is not None
    environment = {**os.environ, "PORT": str(port), "SAYSO_WEBHOOK_SECRET": secret}
    process = subprocess.Popen([runner, file], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        until = time.monotonic() + 20
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", RECEIVERS)
def test_a_receiver_of_the_guide_takes_each_message_once(name: str, tmp_path: Path, settings: Any) -> None:
    if RECEIVERS[name] is None:
        pytest.skip("there is no Node here")
    settings.ALLOWED_INTERNAL = [ip_network("127.0.0.0/8")]
    place = tmp_path / name
    place.write_text(
        next(each.text for each in read_page("webhooks.md") if isinstance(each, File) and each.name == name)
    )
    port = free_port()
    bluebell = open_bluebell(FRIENDS)
    endpoint, secret = endpoint_at(bluebell, f"http://127.0.0.1:{port}/", kinds=["member.joined"])
    rotate_secret(workspace=bluebell, endpoint=endpoint.id, now=later())
    with running(place, port=port, secret=secret) as process:
        ada_has_joined(bluebell)
        deliver_all()
        replay_delivery(workspace=bluebell, delivery=delivered()[0].id, now=later())
        deliver_all()
        (delivery,) = Delivery.objects.all()
        assert (delivery.state, delivery.last_status) == ("delivered", 204)
        now = str(int(datetime.now(UTC).timestamp()))
        forged = {"webhook-id": "whd_1", "webhook-timestamp": now, "webhook-signature": "v1,AAAA"}
        for headers in (forged, {**forged, "webhook-timestamp": "soon"}):
            assert send(Outgoing(endpoint.url, b'{"type": "reward.approved"}', headers=headers)).status == 400
        process.kill()
        said = process.communicate()[0]
    assert said.count("member.joined") == 1
    assert "Ada" in said
