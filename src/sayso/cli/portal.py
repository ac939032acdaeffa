"""Owns `sayso portal`: the secret by which the company's own systems sign members in to their page, and signing out.

It must not show a secret but once.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TextIO

import click

from sayso.cli.answers import answer, columns, json_option, written
from sayso.cli.connect import open_workspace, workspace_option
from sayso.cli.group import CommandGroup


@click.group(cls=CommandGroup)
def portal() -> None:
    """Let the company's own systems sign members in to their page; sign members out."""


@portal.command()
@click.option(
    "--keep-hours", type=int, default=48, show_default=True,
    help="How long the present secret still holds beside the new one; 0 for one that leaked.",
)  # fmt: skip
@workspace_option
@json_option
def secret(workspace: str, keep_hours: int) -> None:
    """Make a secret that signs tokens for members (JWT, HS256), and show it, this once."""
    within = open_workspace(workspace)
    from sayso.domains.workspaces.portal_secret import make_portal_secret

    made = make_portal_secret(workspace=within, now=datetime.now(UTC), keep_hours=keep_hours)
    answer(
        {"secret": made, "algorithm": "HS256", "audience": within.name},
        lambda: f"{made}\nSign tokens with it: HS256, aud {within.name}. It is not shown again.",
    )


@portal.command("list")
@workspace_option
@json_option
def list_(workspace: str) -> None:
    """List when the secrets that hold were made, and when they end."""
    within, now = open_workspace(workspace), datetime.now(UTC)
    from sayso.domains.workspaces.portal_secret import portal_secrets_known

    known = portal_secrets_known(within)
    rows = [(written(row.made_at), written(row.ends_at)) for row in known if row.ends_at is None or row.ends_at > now]
    head = ("made", "ends")
    data = [dict(zip(head, row, strict=True)) for row in rows]
    answer({"secrets": data}, lambda: columns(rows, head=head) if rows else "There is no portal secret yet.")


@portal.command()
@click.argument("token", type=click.File())
@workspace_option
@json_option
def check(token: TextIO, workspace: str) -> None:
    """Say whom the token in the file TOKEN (- for standard input) would sign in now, or why it is refused."""
    within = open_workspace(workspace)
    from sayso.domains.people.host_token import LONGEST, name_in

    # One character more than is read of a token, and the end of the line.
    text = token.read(LONGEST + 2).strip()
    member = name_in(workspace=within, token=text, now=datetime.now(UTC))
    answer({"member": member}, lambda: f"It signs {member} in.")


@portal.command()
@click.argument("member", required=False)
@click.option("--everybody", is_flag=True, help="All members of the workspace.")
@workspace_option
@json_option
def sign_out(workspace: str, member: str | None, everybody: bool) -> None:
    """Sign MEMBER out of their page, wherever they are signed in."""
    if everybody == (member is not None):
        raise click.UsageError("Name a member, or say --everybody.")
    within = open_workspace(workspace)
    from sayso.domains.people.queries import member_called
    from sayso.domains.people.sessions import end_sessions

    found = member_called(within, member) if member else None
    ended = end_sessions(workspace=within, member=found, now=datetime.now(UTC))
    answer({"ended": ended}, lambda: f"Sessions ended: {ended}.")
