"""Owns `sayso members`: who they are, who is in a group of a program, and who at a level.

It must not decide who is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from sayso.cli.answers import Refused, as_csv, as_json, columns, json_option, wants_json
from sayso.cli.connect import open_workspace, workspace_option

if TYPE_CHECKING:
    from sayso.domains.workspaces.models import Workspace

_PAGE = 1000


@click.command()
@click.option("--program", metavar="NAME", help="Whose tiers and groups; needed for --group.")
@click.option("--group", metavar="GROUP", help="Only those who are in this group of the program now.")
@click.option("--tier", metavar="LEVEL", help="Only those whom the program shows at this level.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True, help="How."
)
@workspace_option
@json_option
def members(program: str | None, group: str | None, tier: str | None, form: str, workspace: str) -> None:
    """List the members, with their tier where a program has some; who is banned, merged or erased is left out."""
    if group and not program:
        raise click.UsageError("--group needs --program NAME, whose group it is")
    within = open_workspace(workspace)
    from sayso.core.program.filters import NotOfPeople

    tiers = _tiers(within, program, tier)
    try:
        found = list(_in_group(within, program, group) if program and group else _everybody(within))
    except NotOfPeople as error:
        raise Refused(str(error)) from error
    head = ("member", "country", "language", *(("tier",) if tiers else ()))
    rows = [(*each, *((tiers[each[0]],) if tiers else ())) for each in found if tier in (None, tiers.get(each[0]))]
    if wants_json() or form == "json":
        click.echo(as_json([dict(zip(head, row, strict=True)) for row in rows]))
    elif form == "csv":
        click.echo(as_csv(rows, head=head), nl=False)
    else:
        click.echo(columns(rows, head=head) if rows else "There are none.")


def _tiers(workspace: Workspace, program: str | None, tier: str | None) -> Mapping[str, str]:
    """Every member's tier in the program, or in the only one that has tiers; nothing where there is none."""
    from sayso.domains.referrals.queries import levels_of, tiers_shown

    known = levels_of(workspace)
    chosen = program or (next(iter(known)) if len(known) == 1 else None)
    if tier and tier not in known.get(chosen or "", ()):
        raise Refused(_no_such_tier(tier, known, chosen))
    return tiers_shown(workspace, chosen) if chosen in known else {}


def _no_such_tier(tier: str, known: Mapping[str, Sequence[str]], program: str | None) -> str:
    if program is not None and program in known:
        return f"{program} has no tier {tier!r}; it has {', '.join(known[program])}."
    if program is None and known:
        return f"Say whose tiers with --program; there are those of {', '.join(known)}."
    return f"{program or 'No program that runs here'} has {'no' if program else 'any'} tiers."


def _everybody(workspace: Workspace) -> Iterator[tuple[str, str, str]]:
    from sayso.domains.people.queries import list_members
    from sayso.domains.workspaces.page import Page

    page = Page(_PAGE)
    while found := list_members(workspace, page, status="active"):
        yield from ((each.ref, each.country, each.language) for each in found)
        page = Page(_PAGE, found[-1].id)


def _in_group(workspace: Workspace, program: str, group: str) -> Iterator[tuple[str, str, str]]:
    from sayso.domains.referrals.groups import members_in_group, running_version
    from sayso.domains.workspaces.clock import now_in
    from sayso.domains.workspaces.page import Page

    now, page = now_in(workspace, datetime.now(UTC)), Page(_PAGE)
    version = running_version(workspace, program, now)
    while found := members_in_group(workspace=workspace, program=version, group=group, now=now, page=page):
        yield from ((each.ref, each.country, each.language) for each in found)
        page = Page(_PAGE, found[-1].number)
