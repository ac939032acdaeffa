"""Fresh databases for measurements, and the command line run against them.

PostgreSQL's server is the one of `DATABASE_URL`; `bin/bench` starts it, durable as in production.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from bench.mix import PROGRAM, ZONE, Fields

WORKSPACE = "bench"


@contextmanager
def fresh_database(name: str) -> Iterator[str]:
    """Make an empty database on the server, give its URL, and drop it afterwards."""
    server = os.environ["DATABASE_URL"]
    identifier = sql.Identifier(name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))


def sayso(url: str, *arguments: str) -> float:
    """Run the command line against a database; how many seconds it took.

    Raises:
        subprocess.CalledProcessError: it refused; what it said is shown.
    """
    environment = {**os.environ, "DATABASE_URL": url}
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "sayso.cli", *arguments], env=environment, check=True, stdout=sys.stderr)
    return time.perf_counter() - began


def set_up(url: str) -> None:
    """Make the tables, a test workspace, and publish the program that every measurement uses."""
    sayso(url, "init")
    sayso(url, "workspace", "create", WORKSPACE, "--test", "--timezone", ZONE)
    sayso(url, "program", "publish", str(PROGRAM), "--workspace", WORKSPACE)


def take(url: str, file: Path, *options: str) -> float:
    """Import a file of events; how many seconds it took."""
    return sayso(url, "import", "events", str(file), "--workspace", WORKSPACE, *options)


def write_events(file: Path, content: Iterable[Fields]) -> int:
    """Write events as the import reads them; how many lines."""
    lines = 0
    with file.open("w", encoding="utf-8") as out:
        for event in content:
            out.write(json.dumps(event) + "\n")
            lines += 1
    return lines


def tables_of(connection: psycopg.Connection) -> Sequence[str]:
    """Every table that belongs to a workspace, in an order in which foreign keys can be filled."""
    rows = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT LIKE 'django%'"
        " ORDER BY c.relname <> 'workspaces_workspace', c.relname"
    )
    return [name for (name,) in rows]
