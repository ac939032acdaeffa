"""The receiver that the guide shows works as it stands there."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from sayso.domains.jobs.relay import relay
from sayso.domains.rewards.fulfilment.elsewhere import Lines
from sayso.domains.rewards.fulfilment.queries import handed_over
from sayso.domains.rewards.models import Order, OrderState, Reward
from tests.cli.guide import File, read_page
from tests.domains.cast import open_bluebell
from tests.domains.rewards.gifts import GIFTS, buys, provide


@contextmanager
def shown_receiver(folder: Path, port: int, secret: str) -> Iterator[None]:
    """Run the receiver of the guide until the end."""
    file = next(each for each in read_page("fulfilment.md") if isinstance(each, File) and each.name == "receiver.py")
    (folder / file.name).write_text(file.text, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, file.name, str(port)],
        cwd=folder,
        env={**os.environ, "RECEIVER_SECRET": secret},
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.wait()


def hand_over() -> None:
    """What the worker does, until nobody is left to ask."""
    lines = Lines()
    while lines.hand_over(datetime.now(UTC)):
        pass


@pytest.mark.django_db(transaction=True)
def test_the_receiver_of_the_guide_hands_over_once_and_vetoes(tmp_path: Path, settings: Any) -> None:
    settings.ALLOWED_INTERNAL = [ip_network("127.0.0.0/8")]
    bluebell = open_bluebell(GIFTS)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = provide(bluebell, "gift_card", "webhook", url=f"http://127.0.0.1:{port}/orders", check=True)
    buys(bluebell, "ada", "eva")
    with shown_receiver(tmp_path, port, made.once["secret"]):
        relay(datetime.now(UTC))
        hand_over()
        assert sorted(Reward.objects.values_list("state", flat=True)) == ["denied", "issued"]
        issued = Reward.objects.get(state="issued")
        [card] = handed_over(bluebell, [issued.id])[issued.id]
        assert card.code.startswith("CARD-")
        # As if nobody had written the answer down.
        Order.objects.filter(reward=issued.id).update(
            state=OrderState.ASKING, code="", next_at=datetime.now(UTC) - timedelta(seconds=1), leased_until=None
        )
        hand_over()
    assert Order.objects.get(reward=issued.id).code == card.code
