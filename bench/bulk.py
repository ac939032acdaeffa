"""`bulk`: a file of events through the whole path, against COPY of every row that it wrote into the same tables.

Both sides of a pair run one after the other on fresh databases. The reference copies finished rows and decides nothing,
with the same keys, indexes and constraints.
"""

import argparse
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

from bench.databases import fresh_database, sayso, set_up, tables_of, take, write_events
from bench.mix import events
from bench.report import Bar, report

MUST = 0.30


def copied_out(url: str, folder: Path) -> dict[str, Path]:
    """Write every table's rows to files, as COPY does."""
    files = {}
    with psycopg.connect(url) as connection:
        for table in tables_of(connection):
            files[table] = folder / table
            command = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
            with connection.cursor().copy(command) as copy, files[table].open("wb") as out:
                for block in copy:
                    out.write(block)
    return files


def copy_in(url: str, files: dict[str, Path]) -> float:
    """Copy the files into empty tables in one transaction; how many seconds it took."""
    began = time.perf_counter()
    with psycopg.connect(url) as connection:
        for table, file in files.items():
            command = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
            with connection.cursor().copy(command) as copy, file.open("rb") as rows:
                while block := rows.read(1 << 20):
                    copy.write(block)
    return time.perf_counter() - began


def pair(file: Path, folder: Path, batch: int) -> tuple[float, float, int]:
    """Seconds of the import, seconds of the copy, and how many rows there are."""
    with fresh_database("bench_ours") as ours:
        set_up(ours)
        imported = take(ours, file, "--batch", str(batch))
        files = copied_out(ours, folder)
    with fresh_database("bench_reference") as reference:
        sayso(reference, "init")
        with psycopg.connect(reference) as connection:
            connection.execute("TRUNCATE workspaces_workspace CASCADE")
        copied = copy_in(reference, files)
    rows = sum(content.read_bytes().count(b"\n") for content in files.values())
    return imported, copied, rows


def main() -> None:
    """Run the pairs and print events per second of both sides."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=200_000)
    options.add_argument("--batch", type=int, default=5_000)
    options.add_argument("--pairs", type=int, default=5)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    ours, reference = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = write_events(folder / "mix.ndjson", events(chosen.events))
        for _ in range(chosen.pairs):
            imported, copied, rows = pair(folder / "mix.ndjson", folder, chosen.batch)
            ours.append(lines / imported)
            reference.append(lines / copied)
    print(f"{rows:,} rows, {rows / lines:.1f} for each event")
    report("bulk", ours=ours, reference=reference, bar=Bar("events per second", MUST))


if __name__ == "__main__":
    main()
