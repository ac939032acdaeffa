"""`repeat`: the same file once more, against its first time."""

import argparse
import tempfile
from pathlib import Path

from bench.databases import fresh_database, set_up, take, write_events
from bench.mix import events
from bench.report import Bar, report

MUST = 3


def main() -> None:
    """Import the mix twice into each of several fresh databases."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=200_000)
    options.add_argument("--batch", type=int, default=5_000)
    options.add_argument("--pairs", type=int, default=5)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    first, again = [], []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mix.ndjson"
        lines = write_events(file, events(chosen.events))
        for _ in range(chosen.pairs):
            with fresh_database("bench_repeat") as url:
                set_up(url)
                first.append(lines / take(url, file, "--batch", str(chosen.batch)))
                again.append(lines / take(url, file, "--batch", str(chosen.batch)))
    report("repeat", ours=again, reference=first, bar=Bar("events per second", MUST))


if __name__ == "__main__":
    main()
