"""`backtest`: how many events a processor second replays in memory, against 25,000.

The log is made first, by deciding the mix in memory; only its replay is measured.
"""

import argparse
import time
from datetime import datetime

from bench.mix import PROGRAM, ZONE, events
from bench.report import Bar, report
from sayso.core.engine.compile import compile_program
from sayso.core.engine.events import PROGRAM_PUBLISHED, Arrival, Event
from sayso.core.engine.memory import MemoryStore
from sayso.core.engine.rulebook import Edition, Rulebook
from sayso.core.program.calendar import Calendar, moment_of
from sayso.core.program.parse import parse_program

BAR = 25_000


def rulebook() -> Rulebook:
    """The example program, compiled."""
    parsed, calendar = parse_program(PROGRAM.read_text(encoding="utf-8")), Calendar(ZONE)
    assert parsed.document is not None
    return Rulebook([compile_program(parsed.document, parsed.conditions, calendar, Edition())], calendar)


def arrivals(count: int) -> list[Arrival]:
    """The publication and the mix, as they come in."""
    found = []
    for raw in events(count):
        when = moment_of(datetime.fromisoformat(raw["occurred_at"]))
        found.append(
            Arrival(
                "bench", raw["id"], raw["type"], raw["member"], when, raw.get("amount_minor"), raw.get("currency", ""),
                raw.get("referral_code", ""), raw.get("refers_to", ""), raw.get("props", {}),
            )
        )  # fmt: skip
    published = {"program": "bring-a-friend", "version": 1}
    return [Arrival("sayso", "published", PROGRAM_PUBLISHED, "", found[0].occurred_at, props=published), *found]


def log_of(count: int) -> list[tuple[str, Event]]:
    """The log that deciding the mix leaves behind."""
    store = MemoryStore(rulebook())
    store.receive(arrivals(count))
    return [(each.arrival.source if each.arrival else "sayso", each.event) for each in store.decided]


def main() -> None:
    """Replay the log several times and print events per processor second."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=200_000)
    options.add_argument("--pairs", type=int, default=5)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    log, rates = log_of(chosen.events), []
    for _ in range(chosen.pairs):
        store = MemoryStore(rulebook(), keeps=False)
        began = time.process_time()
        store.replay(log)
        rates.append(len(log) / (time.process_time() - began))
    report("backtest", ours=rates, reference=[BAR] * len(rates), bar=Bar("events per processor second", 1))


if __name__ == "__main__":
    main()
