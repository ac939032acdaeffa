"""Owns `sayso init` and `sayso workspace`: setting the database up, and creating and listing workspaces.

It must not change a workspace's content.
"""

from __future__ import annotations

from datetime import UTC, datetime

import click

from sayso.cli.answers import answer, columns, json_option
from sayso.cli.connect import start_django
from sayso.cli.group import CommandGroup

DEFAULT = "default"


@click.command()
@click.option("--timezone", default="UTC", show_default=True, metavar="ZONE", help="Where the days of `default` begin.")
@json_option
def init(timezone: str) -> None:
    """Set the database up, or bring it up to date, and create the workspace `default` unless it is there."""
    start_django()
    from django.db import connection

    from sayso.cli.serving.prepare import one_at_a_time, prepare_tables
    from sayso.domains.workspaces.create import create_workspace
    from sayso.domains.workspaces.queries import all_workspaces

    with one_at_a_time(connection):
        prepare_tables()
        created = all(each.name != DEFAULT for each in all_workspaces())
        if created:
            create_workspace(name=DEFAULT, timezone=timezone, is_test=False, now=datetime.now(UTC))
    said = f"created, its days in {timezone}" if created else "was there already"
    answer({"workspace": DEFAULT, "created": created}, lambda: f"The database is ready. Workspace {DEFAULT}: {said}.")


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
