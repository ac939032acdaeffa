"""Owns what must be so before a service starts: tables as this version has them, a workspace, a first key.

However many hosts start together, one of them does it while the others wait. It must not start a process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sayso.cli.answers import Refused
from sayso.domains.workspaces.locked_file import locked_file

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

DEFAULT = "default"
# Any number will do that nothing else locks in the same database: the letters of "sayso" and a 1.
_ADVISORY_LOCK = 0x736179736F01


@dataclass(frozen=True, slots=True)
class FirstKey:
    """A key that was made because there was none; nobody can show it again.

    Attributes:
        zone: the time zone of its workspace where that was made now too; empty where it was there.
    """

    workspace: str
    secret: str
    zone: str = ""


def prepare_database() -> FirstKey | None:
    """Bring the database up to date and make the first key, unless there is one.

    Django must have been started. No connection is open afterwards, so that the process may fork.

    Raises:
        Refused: the database cannot keep the promises.
    """
    from django.db import connection, connections

    try:
        with one_at_a_time(connection):
            prepare_tables()
            return _first_key(datetime.now(UTC))
    finally:
        connections.close_all()


@contextmanager
def one_at_a_time(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Wait until nobody else prepares the same database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])
        return
    with locked_file(f"{connection.settings_dict['NAME']}.preparing"):
        yield


def prepare_tables() -> None:
    """Check the database and apply the migrations that are missing; looking whether any is takes a moment only.

    Raises:
        Refused: the database cannot keep the promises.
    """
    _check_database()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def _check_database() -> None:
    from django.core import checks

    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    wrong = [f"{each.msg} {each.hint or ''}".strip() for each in found if each.level >= checks.ERROR]
    if wrong:
        raise Refused("\n".join(wrong))


def _first_key(now: datetime) -> FirstKey | None:
    from sayso.domains.workspaces.create import create_workspace
    from sayso.domains.workspaces.keys import FIRST_KEY, Grant, create_key, keys_in
    from sayso.domains.workspaces.queries import all_workspaces

    found = all_workspaces()
    if any(keys_in(each) for each in found):
        return None
    fresh = not found
    if fresh:
        found = [create_workspace(name=DEFAULT, timezone="UTC", is_test=False, now=now)]
    workspace = next((each for each in found if each.name == DEFAULT), found[0])
    _, secret = create_key(workspace=workspace, name=FIRST_KEY, grant=Grant(), now=now)
    return FirstKey(workspace.name, secret, workspace.timezone if fresh else "")
