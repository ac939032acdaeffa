"""Owns `sayso members`: who is in a group of a program.

It must not decide who is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from sayso.cli.answers import Refused, as_csv, as_json, columns, json_option, wants_json
from sayso.cli.connect import open_workspace, workspace_option

if TYPE_CHECKING:
    from sayso.domains.referrals.groups import GroupMember
    from sayso.domains.workspaces.models import Workspace

_HEAD = ("member", "country", "language")
_PAGE = 1000


@click.command()
@click.option("--program", required=True, metavar="NAME", help="A program that runs in the workspace.")
@click.option("--group", required=True, metavar="GROUP", help="One of its groups.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True, help="How."
)
@workspace_option
@json_option
def members(program: str, group: str, form: str, workspace: str) -> None:
    """List who is in a group of a program now, those who are banned left out."""
    within = open_workspace(workspace)
    from sayso.core.program.filters import NotOfPeople

    try:
        rows = [(each.ref, each.country, each.language) for each in _in_group(within, program, group)]
    except NotOfPeople as error:
        raise Refused(str(error)) from error
    if wants_json() or form == "json":
        click.echo(as_json([dict(zip(_HEAD, row, strict=True)) for row in rows]))
    elif form == "csv":
        click.echo(as_csv(rows, head=_HEAD), nl=False)
    else:
        click.echo(columns(rows, head=_HEAD))


def _in_group(workspace: Workspace, program: str, group: str) -> Iterator[GroupMember]:
    from sayso.domains.referrals.groups import members_in_group, running_version
    from sayso.domains.workspaces.clock import now_in
    from sayso.domains.workspaces.page import Page

    now, page = now_in(workspace, datetime.now(UTC)), Page(_PAGE)
    version = running_version(workspace, program, now)
    while found := members_in_group(workspace=workspace, program=version, group=group, now=now, page=page):
        yield from found
        page = Page(_PAGE, found[-1].number)
