"""The databases of tests that start processes, on whichever kind this run uses: empty ones, and ones with the tables.

Owns making and dropping them, and how PostgreSQL is emptied between tests. It must not import Django while it is
loaded, and must not check anything.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

SOURCES = Path(__file__).parents[1] / "src"
# In the home of the run: the URL of the one database that was migrated.
_NOTE = "migrated"


def server() -> str:
    """Return the URL of the PostgreSQL server that this run uses; nothing where it uses SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


@contextlib.contextmanager
def own_database(place: Path, *, like: str = "") -> Iterator[str]:
    """Yield the URL of a database that nobody else uses, and drop it at the end of the block.

    Args:
        place: its file, where it is one of SQLite.
        like: the URL of a database that it is a copy of; without, it is empty and has no tables.
    """
    if server():
        url = _created(like)
        try:
            yield url
        finally:
            _drop(url)
    else:
        if like:
            _copy(like, place)
        yield f"sqlite:///{place}"


def migrated(home: Path) -> str:
    """Return the URL of a database with all tables and nothing in them, which must be copied and never written to.

    The migrations take seconds, so they run once for a run: whichever of its processes asks first makes the tables, and
    the others wait.

    Args:
        home: of the run, which all its processes share.
    """
    home.mkdir(parents=True, exist_ok=True)
    note = home / _NOTE
    with (home / f"{_NOTE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            url = _created("") if server() else f"sqlite:///{home / 'migrated.sqlite3'}"
            environment = {
                **os.environ, "DATABASE_URL": url, "SAYSO_HOME": str(home), "PYTHONPATH": str(SOURCES)
            }  # fmt: skip
            subprocess.run([sys.executable, "-m", "sayso.config", "migrate", "-v", "0"], env=environment, check=True)
            note.write_text(url)
    return note.read_text()


def drop_migrated(home: Path) -> None:
    """Drop the migrated database of a run from its server."""
    if (note := home / _NOTE).exists() and server():
        _drop(note.read_text())


def _copy(like: str, place: Path) -> None:
    import sqlite3

    old, new = sqlite3.connect(like.removeprefix("sqlite:///")), sqlite3.connect(place)
    with contextlib.closing(old), contextlib.closing(new):
        old.backup(new)


def _created(like: str) -> str:
    import psycopg

    name = f"fresh_{secrets.token_hex(6)}"
    template = f' TEMPLATE "{urlsplit(like).path[1:]}"' if like else ""
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{template}')
    return urlunsplit(urlsplit(server())._replace(path=f"/{name}"))


def _drop(url: str) -> None:
    import psycopg

    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{urlsplit(url).path[1:]}" WITH (FORCE)')


def empty_by_deleting() -> None:
    """Have Django empty the tables of PostgreSQL by deleting what is in them.

    To truncate each of them makes hundreds of files after each test, and takes ten times as long.
    """
    from django.db import connection
    from django.db.backends.postgresql.operations import DatabaseOperations

    truncate = DatabaseOperations.sql_flush

    def delete(self: Any, style: Any, tables: Sequence[str], **options: bool) -> list[str]:
        if options.get("reset_sequences"):
            return truncate(self, style, tables, **options)
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(f"(SELECT '{each}' FROM \"{each}\" LIMIT 1)" for each in tables))
            return [f'DELETE FROM "{each}"' for (each,) in cursor.fetchall()]

    DatabaseOperations.sql_flush = delete  # type: ignore[method-assign]
