"""Web, worker and database are killed at seeded moments under load: what was acknowledged is there, once, and what was
handed over or told was so once by the record of whoever received it.
"""

import os
import random
from collections.abc import Callable

from tests.domains.connectors.fulfilment.supplier import supplying
from tests.domains.connectors.receiver import receiving
from tests.faults.house import house
from tests.faults.killing import begin, check_log, check_records, kill_again_and_again, wait_until_settled
from tests.faults.load import Load

KILLS = 20
SEED = 20_270_110


def test_twenty_kills_under_load_lose_nothing_and_double_nothing(
    record_property: Callable[[str, object], None],
) -> None:
    postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
    with (
        receiving() as receiver,
        supplying() as supplier,
        house(postgresql=postgresql, SAYSO_ALLOWED_INTERNAL="127.0.0.0/8") as running,
    ):
        load = Load(running.port, begin(running.installation, receiver.url, supplier.url), SEED)
        for part in ("web", "worker"):
            running.start(part)
        running.wait_until_ready()
        load.start()
        kill_again_and_again(running, KILLS, random.Random(SEED))
        load.end()
        wait_until_settled(running)
        check_log(running.installation, load)
        check_records(running.installation, receiver.got, supplier)
    said = f"{KILLS} kills: {len(load.acknowledged):,} events, {len(receiver.got):,} messages, "
    record_property("printed", f"{said}{len(supplier.record):,} coupons")
