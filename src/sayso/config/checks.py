"""Owns the system checks: what must be true of a database before Sayso trusts it with the books.

They run with `python -m sayso.config check --database default`, and before every migration. They must not change
anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

_OLDEST_POSTGRESQL = 15
_SQLITE_SYNCHRONOUS_FULL = 2


@checks.register(checks.Tags.database)
def check_databases(
    app_configs: Sequence[AppConfig] | None, databases: Iterable[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """Return what is wrong with each of the databases named; nothing is asked when none is."""
    found: list[checks.CheckMessage] = []
    for alias in databases or ():
        found += check_database(connections[alias])
    return found


def check_database(connection: BaseDatabaseWrapper) -> list[checks.CheckMessage]:
    """Return what keeps this database from keeping the promises, each with what to do about it."""
    if connection.vendor == "sqlite":
        return _check_sqlite(connection)
    if connection.vendor == "postgresql":
        return _check_postgresql(connection)
    hint = "Set DATABASE_URL to sqlite:///… or postgresql://…"
    return [checks.Error(f"Sayso does not run on {connection.vendor}.", hint=hint, id="sayso.E001")]


def _check_sqlite(connection: BaseDatabaseWrapper) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        found.append(checks.Error("SQLite's transactions must start as IMMEDIATE.", id="sayso.E002"))
    # A database in memory has no log to write ahead; it is used by tests only.
    if _ask(connection, "PRAGMA journal_mode") not in ("wal", "memory"):
        found.append(checks.Error("SQLite's journal must be in WAL mode.", id="sayso.E003"))
    if _ask(connection, "PRAGMA synchronous") != _SQLITE_SYNCHRONOUS_FULL:
        found.append(checks.Error("SQLite must run with synchronous=FULL.", id="sayso.E004"))
    if not _ask(connection, "PRAGMA foreign_keys"):
        found.append(checks.Error("SQLite must check foreign keys.", id="sayso.E005"))
    return found


def _check_postgresql(connection: BaseDatabaseWrapper) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    major = int(_ask(connection, "SHOW server_version_num")) // 10_000
    if major < _OLDEST_POSTGRESQL:
        message = f"This is PostgreSQL {major}; Sayso needs {_OLDEST_POSTGRESQL} or later."
        found.append(checks.Error(message, id="sayso.E006"))
    for setting in ("fsync", "full_page_writes"):
        if _ask(connection, f"SHOW {setting}") != "on":
            message = f"PostgreSQL runs with {setting} off: a crash may lose acknowledged events."
            found.append(checks.Warning(message, hint=f"Turn {setting} on outside tests.", id="sayso.W001"))
    return found


def _ask(connection: BaseDatabaseWrapper, question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]
