"""A long mixed load while web, worker and database are killed again and again; every promise is verified at the end.

It has no reference: nothing may be lost or doubled. 32 clients send the mix of a busy year (people bring friends, buy,
send something back, answer a survey), one event per request, and log each acknowledgement; a supplier hands over
coupons and a receiver is told, and both keep their own record. With DATABASE_URL naming PostgreSQL, the service gets a
server of its own, which is killed too; else a SQLite file.
"""

import argparse
import json
import os
import random
import time
from typing import Any

from tests.domains.connectors.fulfilment.supplier import supplying
from tests.domains.connectors.receiver import receiving
from tests.faults.house import House, house
from tests.faults.killing import begin, check_log, check_records, kill_again_and_again, wait_until_settled
from tests.faults.load import Load, bringing_friends
from tests.installation import Installation

KILLS, AT_ONCE = 1000, 20
SEED = 20_270_110
SETTLE_SECONDS = 1800.0
# What is sent back was bought so long ago that it was acknowledged, unless its sender was unlucky.
_LONG_AGO = 500

SET_ASIDE = """
from datetime import UTC, datetime
from sayso.domains.decisions.set_aside import list_set_aside, replay_set_aside
bluebell = workspace_named("bluebell")
replay_set_aside(workspace=bluebell, now=datetime.now(UTC))
for each in list_set_aside(bluebell):
    print(each.external_id, each.failure)
"""


def a_year(number: int, chance: random.Random) -> dict[str, Any]:
    """The next event: one in ten is something that comes back, one in ten the answer to a survey."""
    event = bringing_friends(number, chance)
    if number % 10 == 3:
        return {**event, "member": buyer(number)}
    if number % 5:
        return event
    bare = {"id": event["id"], "occurred_at": event["occurred_at"]}
    if number % 10 == 0 and number > _LONG_AGO:
        bought = number - _LONG_AGO + 3
        return {**bare, "type": "refund", "member": buyer(bought), "refers_to": f"e-{bought}"}
    return {**bare, "type": "survey_answered", "member": event["member"], "props": {"score": chance.randrange(11)}}


def buyer(number: int) -> str:
    """Who buys by the event of this number."""
    return f"m-{number * 7919 % (1 + number // 5) + 1}"


def kill(running: House, kills: int) -> None:
    """Kill so many times, and tell how far it is."""
    chance, left = random.Random(SEED), kills  # noqa: S311
    while left:
        kill_again_and_again(running, min(left, AT_ONCE), chance)
        left -= min(left, AT_ONCE)
        print(f"{kills - left:,} of {kills:,} kills", flush=True)


def check_set_aside(installation: Installation) -> None:
    """What came back before its purchase was there can be decided now."""
    left = installation.ask(SET_ASIDE)
    assert left == [], left[:10]


def main() -> None:
    """Kill, settle, verify, and tell what was carried through."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=KILLS)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    began = time.monotonic()
    postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
    with (
        receiving() as receiver,
        supplying() as supplier,
        house(postgresql=postgresql, SAYSO_ALLOWED_INTERNAL="127.0.0.0/8") as running,
    ):
        load = Load(running.port, begin(running.installation, receiver.url, supplier.url), SEED, a_year)
        for part in ("web", "worker"):
            running.start(part)
        running.wait_until_ready()
        load.start()
        try:
            kill(running, chosen.kills)
        finally:
            load.end()
        check_log(running.installation, load)
        check_set_aside(running.installation)
        wait_until_settled(running, seconds=SETTLE_SECONDS)
        check_records(running.installation, receiver.got, supplier)
    told = {
        "kills": chosen.kills,
        "events": len(load.acknowledged),
        "deliveries": len(receiver.got),
        "coupons": len(supplier.record),
        "seconds": round(time.monotonic() - began),
    }
    print("every promise holds:", ", ".join(f"{count:,} {name}" for name, count in told.items()))
    if chosen.json:
        print(json.dumps(told))


if __name__ == "__main__":
    main()
