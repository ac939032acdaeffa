"""Owns `sayso init` and `sayso workspace`: setting the database up, and creating and listing workspaces.

It must not change a workspace's content.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from sayso.cli.answers import answer, columns, json_option
from sayso.cli.connect import start_django
from sayso.cli.group import CommandGroup

if TYPE_CHECKING:
    from sayso.domains.workspaces.models import Workspace

DEFAULT, UTC_ZONE = "default", "UTC"


@click.command()
@click.option("--timezone", metavar="ZONE", help="Where the days of `default` begin; UTC unless said.")
@json_option
def init(timezone: str | None) -> None:
    """Set the database up, or bring it up to date, and create the workspace `default` unless it is there.

    Its time zone can be changed as long as nothing has happened in it.
    """
    start_django()
    from django.db import connection

    from sayso.cli.serving.prepare import one_at_a_time, prepare_tables

    with one_at_a_time(connection):
        prepare_tables()
        found, created, said = _default(timezone)
    answer(
        {"workspace": found.name, "created": created, "timezone": found.timezone},
        lambda: f"The database is ready. Workspace {found.name}: {said}, its days in {found.timezone}.",
    )


def _default(timezone: str | None) -> tuple[Workspace, bool, str]:
    """The workspace `default` with its days in this zone, whether it was created now, and what to say of it."""
    from sayso.domains.workspaces.create import change_zone, create_workspace
    from sayso.domains.workspaces.queries import all_workspaces

    found = next((each for each in all_workspaces() if each.name == DEFAULT), None)
    if found is None:
        now = datetime.now(UTC)
        return create_workspace(name=DEFAULT, timezone=timezone or UTC_ZONE, is_test=False, now=now), True, "created"
    if timezone is None or timezone == found.timezone:
        return found, False, "was there already"
    change_zone(workspace=found, timezone=timezone)
    return found, False, "was there already, without events"


@click.group(cls=CommandGroup)
def workspace() -> None:
    """Create and list workspaces."""


@workspace.command()
@click.argument("name")
@click.option("--test", is_flag=True, help="Give it a clock of its own, for trying out.")
@click.option("--timezone", default="UTC", show_default=True, metavar="ZONE", help="Where its days begin.")
@json_option
def create(name: str, test: bool, timezone: str) -> None:
    """Create the workspace NAME, one company's separate world."""
    start_django()
    from sayso.domains.workspaces.create import create_workspace

    made = create_workspace(name=name, timezone=timezone, is_test=test, now=datetime.now(UTC))
    kind = "test" if test else "live"
    answer(
        {"workspace": made.name, "kind": kind, "timezone": made.timezone},
        lambda: f"Created the {kind} workspace {made.name}, its days in {made.timezone}.",
    )


@workspace.command("list")
@json_option
def list_() -> None:
    """List all workspaces."""
    start_django()
    from sayso.domains.workspaces.queries import all_workspaces

    rows = [(each.name, "test" if each.is_test else "live", each.timezone, each.position) for each in all_workspaces()]
    head = ("workspace", "kind", "timezone", "events")
    answer({"workspaces": [dict(zip(head, row, strict=True)) for row in rows]}, lambda: columns(rows, head=head))
