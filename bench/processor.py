"""Processor time that programs took: on a machine with other work it says more than a clock does."""

import os
import resource
from pathlib import Path

import psycopg


def processor_seconds(process: int) -> float:
    """Processor time of a process, its children, and those of them that ended, so far."""
    total, tick = 0.0, os.sysconf("SC_CLK_TCK")
    for each in Path("/proc").glob("[0-9]*"):
        try:
            fields = (each / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(each.name) == process or int(fields[1]) == process:
            ended = int(fields[13]) + int(fields[14]) if int(each.name) == process else 0
            total += (int(fields[11]) + int(fields[12]) + ended) / tick
    return total


def postmaster(url: str) -> int:
    """The process that all of the database's processes are children of."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        return int(Path(f"/proc/{row[0]}/stat").read_text().rpartition(")")[2].split()[1])


def client_seconds() -> float:
    """Processor time of the programs that this process ran to their end."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
