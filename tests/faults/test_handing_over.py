"""A worker that is killed while something is handed over: by the supplier's own record it is delivered once."""

import signal
from pathlib import Path

import pytest

from tests.domains.connectors.fulfilment.supplier import supplying
from tests.installation import SOUND, Installation

HANDING_OVER = "tests.faults.handing_over"
PREPARE = """
from tests.domains.rewards.gifts import GIFTS, buys, provide
bluebell = open_bluebell(GIFTS)
provide(bluebell, "gift_card", "webhook", url="URL")
buys(bluebell, "Ada", "Ben")
"""
OUTCOME = """
from sayso.domains.rewards.models import Order, Reward
print(sorted(Reward.objects.values_list("state", flat=True)), sorted(Order.objects.values_list("state", "code")))
print(Event.objects.filter(type="reward_issued").count())
"""


@pytest.fixture
def installation(migrated_database_url: str, tmp_path: Path) -> Installation:
    return Installation(migrated_database_url, tmp_path / "home", SAYSO_ALLOWED_INTERNAL="127.0.0.0/8")


@pytest.mark.parametrize(
    ("point", "asked"),
    [
        ("before_sending", ["status", "order", "order"]),
        ("after_the_answer", ["order", "status", "order"]),
        ("after_marking", ["order", "order"]),
    ],
)
def test_a_worker_killed_while_it_hands_over_delivers_once(
    installation: Installation, point: str, asked: list[str]
) -> None:
    with supplying() as supplier:
        installation.ask(PREPARE.replace("URL", supplier.url))
        for hours, what, ends in ((0, point, -signal.SIGKILL), (1, "whole", 0), (2, "whole", 0)):
            process = installation.start(HANDING_OVER, what, hours)
            process.communicate(timeout=60)
            assert process.returncode == ends
        assert sorted(supplier.kinds()) == sorted(asked)
    states, issued, sound = installation.ask(OUTCOME, SOUND)
    assert states == "['issued', 'issued'] [('delivered', 'CARD-1'), ('delivered', 'CARD-2')]"
    assert (issued, sound) == ("2", "[]")
    assert sorted(supplier.deliveries.values()) == [1, 1]
