"""Web, worker and database are killed at seeded moments under load: what was acknowledged is there, once."""

import os
import random
import time
from collections.abc import Callable

from tests.faults.house import House, house
from tests.faults.load import Load
from tests.installation import Installation

KILLS = 20
SEED = 20_270_110

BEGIN = """
from tests.domains.cast import FRIENDS, START, open_bluebell
from sayso.domains.workspaces.keys import Grant, create_key
call_command("migrate", verbosity=0)
bluebell = open_bluebell(FRIENDS.replace("14d", "1d"))
print(create_key(workspace=bluebell, name="load", grant=Grant(), now=START)[1])
"""
DECIDED = """
from sayso.domains.events.models import Event
for name, state in Event.objects.filter(workspace=1, source="api").values_list("external_id", "state"):
    print(name, state)
"""
REST = """
from sayso.domains.decisions.models import Timer
from sayso.domains.decisions.verify import verify
from sayso.domains.jobs.models import Notice
from sayso.domains.workspaces.models import Workspace
bluebell = workspace_named("bluebell")
print(verify(bluebell))
print(Timer.objects.filter(workspace=1, due_at__lte=bluebell.clock).count())
print(Notice.objects.count())
"""


def kill_again_and_again(running: House, kills: int, chance: random.Random) -> None:
    """Kill a part, start it again, and let it work for a moment, so many times."""
    for _ in range(kills):
        time.sleep(chance.random())
        part = chance.choice(running.parts)
        running.kill(part)
        running.start(part)
        running.wait_until_ready()


def test_twenty_kills_under_load_lose_nothing_and_double_nothing(
    record_property: Callable[[str, object], None],
) -> None:
    postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
    with house(postgresql=postgresql, SAYSO_ALLOWED_INTERNAL="127.0.0.0/8") as running:
        (key,) = running.installation.ask(BEGIN)
        for part in ("web", "worker"):
            running.start(part)
        running.wait_until_ready()
        load = Load(running.port, key, SEED)
        load.start()
        kill_again_and_again(running, KILLS, random.Random(SEED))
        load.end()
        check(running.installation, load)
    record_property("printed", f"{KILLS} kills, {len(load.acknowledged):,} acknowledged events")


def check(installation: Installation, load: Load) -> None:
    """What was acknowledged is in the log once, nothing else is, and every promise holds."""
    assert load.refused == []
    stored = [line.split() for line in installation.ask(DECIDED)]
    assert len(stored) == len({name for name, _ in stored})
    assert {name for name, _ in stored} == set(load.acknowledged)
    assert installation.ask(REST) == ["[]", "0", "0"]
