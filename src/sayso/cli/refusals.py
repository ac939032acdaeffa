"""Owns which errors are refusals, and what is said of them: the one place where errors become sentences.

A `DomainError` is a refusal and bears its sentence; of other rooms a few errors are known by their names. What is not
known here is a defect and keeps its traceback. No heavy room is imported to find out: what was never imported cannot
have raised anything.
"""

from __future__ import annotations

import sys

_SAID = {
    "builtins.FileNotFoundError": "{error.filename} is not there.",
    "builtins.PermissionError": "{error.filename} may not be opened.",
    "builtins.IsADirectoryError": "{error.filename} is a folder.",
    "builtins.FileExistsError": "{error.filename} is there already.",
    "django.core.management.base.CommandError": "{error}",
    "django.core.exceptions.ImproperlyConfigured": "{error}",
    "sayso.config.environment.SettingNotUsable": "{error}",
}
_NOT_SET_UP = ("no such table", "does not exist")
# What SQLite says of tables that an earlier version made.
_BEHIND = ("no such column", "has no column named")


def refusal_of(error: Exception) -> str | None:
    """Return what to say of an error, or None when it is a defect."""
    from sayso.core.domain_error import DomainError

    if isinstance(error, DomainError):
        return _sentence(str(error))
    for ancestor in type(error).__mro__:
        said = _SAID.get(f"{ancestor.__module__}.{ancestor.__qualname__}")
        if said is not None:
            return said.format(error=error)
    return _of_database(error)


def _sentence(text: str) -> str:
    start = text[:1].upper() + text[1:]
    return start if start.endswith((".", "!", "?")) else f"{start}."


def _of_database(error: Exception) -> str | None:
    database = sys.modules.get("django.db.utils")
    if database is None or not isinstance(error, (database.OperationalError, database.ProgrammingError)):
        return None
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if any(sign in first for sign in _BEHIND):
        return "This database is of an earlier version. Run `sayso init` to bring it up to date."
    if isinstance(error, database.OperationalError) and "no such table" not in first:
        return f"The database cannot be used: {first}"
    if any(sign in first for sign in _NOT_SET_UP):
        hint = "Run `sayso init` first, unless SAYSO_HOME or DATABASE_URL should name another one."
        return f"{_which_database()} is not set up yet. {hint}"
    return None


def _which_database() -> str:
    """Where the database is, without who opens it: a wrong SAYSO_HOME leads to one that was never meant."""
    conf = sys.modules.get("django.conf")
    if conf is None:
        return "This database"
    found = conf.settings.DATABASES["default"]
    return f"The database {found['NAME']}" + (f" at {found['HOST']}" if found.get("HOST") else "")
