"""Owns the database's URL and the options that both databases need to keep the promises.

It must not open a connection.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import dj_database_url

from sayso.config.environment import SettingNotUsable

_SQLITE, _POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"
_IN_MEMORY = ":memory:"

# A writer waits this long for another one before it fails: longer than any batch of an import takes.
_SQLITE_BUSY_SECONDS = 30
_CONNECTION_MAX_AGE_SECONDS = 60
# A process that is stopped in the middle of a batch holds the place of the workspace's one writer. The server ends its
# session after this, and what it writes when it wakes is refused; no batch of ours pauses for so long.
_IDLE_IN_TRANSACTION = "-c idle_in_transaction_session_timeout=60s"
# A server whose host vanished answers nothing, not even that it is gone: after half a minute of silence it is given up.
_POSTGRESQL_OPTIONS: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}

SQLITE_OPTIONS: dict[str, Any] = {
    # A transaction that reads first and writes later cannot be upgraded safely, so every one starts as a writer.
    "transaction_mode": "IMMEDIATE",
    "timeout": _SQLITE_BUSY_SECONDS,
    # FULL, since in WAL mode NORMAL may lose acknowledged events when the power fails.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}


def default_database_url(home: Path) -> str:
    """Return the URL of the SQLite file that an installation in `home` uses when it is told nothing else."""
    return f"sqlite:///{home / 'sayso.sqlite3'}"


def database_settings(url: str) -> dict[str, Any]:
    """Return Django's settings of the database at `url`.

    Raises:
        SettingNotUsable: `url` names no database that Sayso runs on.
        OSError: a SQLite file cannot be where it says.
    """
    found = _parsed(url)
    if found["ENGINE"] == _SQLITE:
        _check_folder(str(found["NAME"]))
        found["OPTIONS"] = {**SQLITE_OPTIONS, **found.get("OPTIONS", {})}
    else:
        found["CONN_MAX_AGE"] = _CONNECTION_MAX_AGE_SECONDS
        found["CONN_HEALTH_CHECKS"] = True
        given = found.get("OPTIONS", {})
        options = f"{_IDLE_IN_TRANSACTION} {given.get('options', '')}".strip()
        found["OPTIONS"] = {**_POSTGRESQL_OPTIONS, **given, "options": options}
    return found


def _parsed(url: str) -> dict[str, Any]:
    try:
        found = dict(dj_database_url.parse(url))
    except ValueError:
        found = {}
    if found.get("ENGINE") not in (_SQLITE, _POSTGRESQL):
        # The URL may hold a password, so it is not repeated.
        raise SettingNotUsable(
            "DATABASE_URL names no database that Sayso runs on. "
            "Write sqlite:////folder/sayso.sqlite3 or postgresql://user:password@host:5432/name."
        )
    return found


def _check_folder(name: str) -> None:
    """Look whether SQLite can write beside its file, as its journal must.

    Raises:
        OSError: the folder is not there, or may not be written in.
    """
    if name == _IN_MEMORY:
        return
    folder = Path(name).absolute().parent
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(folder))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "this user may not write in it", str(folder))
