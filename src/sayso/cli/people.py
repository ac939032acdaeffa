"""Owns `sayso members`: who they are, who is in a group of a program, and who at a level.

It must not decide who is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import click

from sayso.cli.answers import Refused, as_csv, as_json, columns, json_option, wants_json
from sayso.cli.connect import open_workspace, workspace_option

if TYPE_CHECKING:
    from sayso.domains.workspaces.models import Workspace

_PAGE = 1000
_REACHED = ("name", "email", "phone")


@click.command()
@click.option("--program", metavar="NAME", help="Whose tiers and groups; needed for --group.")
@click.option("--group", metavar="GROUP", help="Only those who are in this group of the program now.")
@click.option("--tier", metavar="LEVEL", help="Only those whom the program shows at this level.")
@click.option("--contact", is_flag=True, help="Also their name, address and number, where they are known.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True, help="How."
)
@workspace_option
@json_option
def members(*, form: str, workspace: str, contact: bool, **wanted: str | None) -> None:
    """List the members, with their tier where a program has some; who is banned, merged or erased is left out."""
    program, group, tier = (wanted[name] for name in ("program", "group", "tier"))
    if group and not program:
        raise click.UsageError("--group needs --program NAME, whose group it is")
    within = open_workspace(workspace)
    tiers = _tiers(within, program, tier)
    found = [each for each in _found(within, program, group) if tier in (None, tiers.get(each.ref))]
    reached = _reached(within, found) if contact else {}
    head = ("member", "country", "language", *(("tier",) if tiers else ()), *(_REACHED if contact else ()))
    rows = [
        (each.ref, each.country, each.language, *((tiers[each.ref],) if tiers else ()), *reached.get(each.number, ()))
        for each in found
    ]
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


class _Found(NamedTuple):
    number: int
    ref: str
    country: str
    language: str


def _found(workspace: Workspace, program: str | None, group: str | None) -> list[_Found]:
    from sayso.core.program.filters import NotOfPeople

    try:
        return list(_in_group(workspace, program, group) if program and group else _everybody(workspace))
    except NotOfPeople as error:
        raise Refused(str(error)) from error


def _reached(workspace: Workspace, found: Sequence[_Found]) -> dict[int, tuple[str, ...]]:
    """By what each member is reached, in the order of the columns."""
    from sayso.domains.people.contact import contacts_of

    pages = (found[first : first + _PAGE] for first in range(0, len(found), _PAGE))
    contacts = {number: each for page in pages for number, each in contacts_of(workspace, _numbers(page)).items()}
    # Whoever typed them may have broken lines, which would look like other members.
    return {
        number: tuple(" ".join(getattr(each, name).split()) for name in _REACHED) for number, each in contacts.items()
    }


def _numbers(found: Sequence[_Found]) -> list[int]:
    return [each.number for each in found]


def _everybody(workspace: Workspace) -> Iterator[_Found]:
    from sayso.domains.people.queries import list_members
    from sayso.domains.workspaces.page import Page

    page = Page(_PAGE)
    while found := list_members(workspace, page, status="active"):
        yield from (_Found(each.id, each.ref, each.country, each.language) for each in found)
        page = Page(_PAGE, found[-1].id)


def _in_group(workspace: Workspace, program: str, group: str) -> Iterator[_Found]:
    from sayso.domains.referrals.groups import members_in_group, running_version
    from sayso.domains.workspaces.clock import now_in
    from sayso.domains.workspaces.page import Page

    now, page = now_in(workspace, datetime.now(UTC)), Page(_PAGE)
    version = running_version(workspace, program, now)
    while found := members_in_group(workspace=workspace, program=version, group=group, now=now, page=page):
        yield from (_Found(each.number, each.ref, each.country, each.language) for each in found)
        page = Page(_PAGE, found[-1].number)
