"""Killing the parts of a service under load, waiting until it has settled, and what must hold then.

Owns the company that the load is sent to, and the comparison of its books with the records of everybody outside. It
must not start anything.
"""

import json
import random
import time
from collections.abc import Sequence

from tests.domains.connectors.fulfilment.supplier import Supplier
from tests.domains.connectors.receiver import Got
from tests.faults.house import House
from tests.faults.load import Load
from tests.installation import Installation

PATIENCE_SECONDS = 120

BEGIN = """
TOLD = ("referral.completed", "reward.approved", "reward.issued")
from tests.domains.cast import FRIENDS, START, open_bluebell
from sayso.domains.connectors.webhooks.create import EndpointSettings, create_endpoint
from sayso.domains.rewards.set_provider import Scope, set_provider
from sayso.domains.workspaces.keys import Grant, create_key
call_command("migrate", verbosity=0)
bluebell = open_bluebell(FRIENDS.replace("14d", "1d").replace("200 EUR", "90000 EUR"))
create_endpoint(workspace=bluebell, wanted=EndpointSettings(RECEIVER, TOLD), now=START)
set_provider(workspace=bluebell, scope=Scope("coupon"), way="webhook", settings={"url": SUPPLIER}, now=START)
print(create_key(workspace=bluebell, name="load", grant=Grant(), now=START)[1])
"""
DECIDED = """
from sayso.domains.events.models import Event
for name, state in Event.objects.filter(workspace=1, source="api").values_list("external_id", "state"):
    print(name, state)
"""
UNDER_WAY = """
from django.db.models import Q
from sayso.domains.connectors.webhooks.models import Delivery
from sayso.domains.decisions.models import Timer
from sayso.domains.jobs.models import Notice
from sayso.domains.rewards.models import Reward
bluebell = workspace_named("bluebell")
print(
    Timer.objects.filter(workspace=1, due_at__lte=bluebell.clock).count()
    + Notice.objects.count()
    + Delivery.objects.exclude(state="delivered").count()
    + Reward.objects.filter(clause="welcome", state="approved").count()
)
"""
TEN_MINUTES_PASS = """
from django.db.models import F
from sayso.domains.connectors.webhooks.models import Delivery
from sayso.domains.rewards.models import Order
for model in (Delivery, Order):
    for moment in ("leased_until", "next_at"):
        model.objects.filter(**{moment + "__gt": 0}).update(**{moment: F(moment) - 600_000_000})
"""
OUTCOME = """
from sayso.domains.connectors.webhooks.models import Delivery
from sayso.domains.rewards.models import Reward
print(verify(workspace_named("bluebell")))
print(Delivery.objects.count())
print(Reward.objects.filter(clause="welcome", state__in=("issued", "expired", "redeemed")).count())
"""


def begin(installation: Installation, receiver: str, supplier: str) -> str:
    """Open Bluebell with a receiver of webhooks and a supplier of coupons; return a key."""
    (key,) = installation.ask(f"RECEIVER, SUPPLIER = {receiver!r}, {supplier!r}", BEGIN)
    return key


def kill_again_and_again(running: House, kills: int, chance: random.Random) -> None:
    """Kill a part, start it again, and let it work for a moment, so many times."""
    for _ in range(kills):
        time.sleep(chance.random())
        part = chance.choice(running.parts)
        running.kill(part)
        running.start(part)
        running.wait_until_ready()


def wait_until_settled(running: House, *, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until nothing is due, untold, undelivered or not handed over; the leases of the dead are over at once.

    Args:
        running: the service, with its web and its worker running.
        seconds: how long to wait at most.
    """
    installation = running.installation
    running.end("worker")
    installation.ask(TEN_MINUTES_PASS)
    running.start("worker")
    deadline = time.monotonic() + seconds
    while (left := installation.ask(UNDER_WAY)) != ["0"]:
        assert time.monotonic() < deadline, left
        time.sleep(0.5)


def check_log(installation: Installation, load: Load) -> None:
    """What was acknowledged is in the log once, and nothing else is."""
    assert load.refused == []
    stored = [line.split() for line in installation.ask(DECIDED)]
    assert len(stored) == len({name for name, _ in stored})
    names = {name for name, _ in stored}
    assert sorted(load.acknowledged.keys() - names) == [], "acknowledged and not stored"
    assert sorted(names - load.acknowledged.keys()) == [], "stored and not acknowledged"


def check_records(installation: Installation, got: Sequence[Got], supplier: Supplier) -> None:
    """Every promise holds, and whoever received something has each thing once under one id."""
    sound, told, handed_over = installation.ask(OUTCOME)
    assert sound == "[]"
    bodies = {each.headers["webhook-id"]: json.loads(each.body) for each in got}
    assert len(bodies) == int(told)
    approved = [body["data"]["id"] for body in bodies.values() if body["type"] == "reward.approved"]
    assert len(approved) == len(set(approved))
    assert set(supplier.deliveries.values()) == {1}
    assert len(supplier.record) == int(handed_over)
