"""Owns `sayso key`: creating, listing and revoking keys to the API.

It must not show a secret but once.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import click

from sayso.cli.answers import answer, columns, json_option, written
from sayso.cli.connect import open_workspace, workspace_option
from sayso.cli.group import CommandGroup

_SPANS = {"h": timedelta(hours=1), "d": timedelta(days=1)}
_MOST_DAYS = 3650


class SpanType(click.ParamType[timedelta]):
    """A stretch of time from now on, in hours or days."""

    name = "span"

    def convert(
        self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:  # fmt: skip
        """Read `90d` or `12h`."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"([1-9][0-9]{0,4})([hd])", value)
        span = int(found[1]) * _SPANS[found[2]] if found else None
        if span is None or span.days > _MOST_DAYS:
            self.fail(f"{value!r} is no stretch of time up to ten years; write 90d or 12h", param, ctx)
        return span


@click.group(cls=CommandGroup)
def key() -> None:
    """Create, list and revoke keys to the API."""


@key.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="What it may do; all unless said. Repeatable.")
@click.option("--public", is_flag=True, help="For web pages: it may identify and share, and never read or pay.")
@click.option("--expires", type=SpanType(), metavar="SPAN", help="When it ends, from now: 90d, 12h. Never unless said.")
@click.option("--source", default="api", show_default=True, help="In whose name its events are stored.")
@workspace_option
@json_option
def create(name: str, workspace: str, source: str, **chosen: object) -> None:
    """Create the key NAME and show its secret, this once."""
    within, now = open_workspace(workspace), datetime.now(UTC)
    from sayso.domains.workspaces.keys import EVERYTHING, Grant, create_key

    span, scopes = chosen["expires"], chosen["scopes"]
    assert isinstance(scopes, tuple)
    ends = now + span if isinstance(span, timedelta) else None
    grant = Grant(scopes or (EVERYTHING,), bool(chosen["public"]), source, ends)
    made, secret = create_key(workspace=within, name=name, grant=grant, now=now)
    answer(
        {"key": made.name, "secret": secret, "scopes": made.scopes.split(), "expires_at": made.expires_at},
        lambda: f"{secret}\nThis is the key {name}. It is not shown again.",
    )


@key.command("list")
@workspace_option
@json_option
def list_(workspace: str) -> None:
    """List the keys of a workspace, each with how its secret begins."""
    within, now = open_workspace(workspace), datetime.now(UTC)
    from sayso.domains.workspaces.keys import keys_in

    head = ("key", "begins", "scopes", "created", "expires", "state")
    rows = []
    for each in keys_in(within):
        ended = each.expires_at is not None and each.expires_at <= now
        state = "revoked" if each.revoked_at else "ended" if ended else "good"
        rows.append((each.name, each.hint, each.scopes, written(each.created_at), written(each.expires_at), state))
    data = [dict(zip(head, row, strict=True)) for row in rows]
    answer({"keys": data}, lambda: columns(rows, head=head) if rows else "There are no keys yet.")


@key.command()
@click.argument("name")
@workspace_option
@json_option
def revoke(name: str, workspace: str) -> None:
    """Take the key NAME back; it opens nothing any more within 5 seconds."""
    within = open_workspace(workspace)
    from sayso.domains.workspaces.keys import revoke_key

    revoke_key(workspace=within, name=name, now=datetime.now(UTC))
    answer({"key": name, "state": "revoked"}, lambda: f"The key {name} is revoked.")
