"""Owns `sayso clock` and `sayso sweep`: what time it is in a workspace, and letting happen what fell due.

It must not decide what falls due.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.answers import answer, json_option, written
from sayso.cli.connect import open_workspace, workspace_option
from sayso.cli.moments import MOMENT, WrittenMoment

if TYPE_CHECKING:
    from sayso.domains.decisions.sweep import Swept


@click.command()
@click.argument("move_to", type=MOMENT, required=False)
@click.option("--confirm", is_flag=True, help="More than five years at once are meant.")
@workspace_option
@json_option
def clock(move_to: WrittenMoment | None, workspace: str, confirm: bool) -> None:
    """Show the clock of a workspace, or move the one of a test workspace forward to MOVE_TO.

    Everything that falls due until then happens, each thing at its own time.
    """
    within, now = open_workspace(workspace), datetime.now(UTC)
    from sayso.domains.decisions.clock import move_clock
    from sayso.domains.workspaces.clock import now_in

    to = move_to.within(within.zone) if move_to else None
    swept = move_clock(workspace=within, to=to, now=now, confirmed=confirm) if to else None
    within.refresh_from_db()
    shown = now_in(within, now).astimezone(within.zone)
    kind = "test" if within.is_test else "live"
    data = {"workspace": within.name, "kind": kind, "clock": shown, **(_counted(swept) if swept else {})}
    answer(
        data, lambda: f"{written(shown.replace(microsecond=0))} in the {kind} workspace {within.name}.{_told(swept)}"
    )


@click.command()
@workspace_option
@json_option
def sweep(workspace: str) -> None:
    """Let everything happen that fell due for members who have no event of their own; run it every minute."""
    within = open_workspace(workspace)
    from sayso.domains.decisions.sweep import sweep as fire

    swept = fire(within.pk, now=datetime.now(UTC))
    answer(_counted(swept), lambda: _told(swept).strip())


def _counted(swept: Swept) -> dict[str, Any]:
    return {"fired": swept.fired, "set_aside": swept.failed}


def _told(swept: Swept | None) -> str:
    if swept is None:
        return ""
    aside = f", {swept.failed:,} set aside (sayso set-aside list)" if swept.failed else ""
    return f" {swept.fired:,} {'thing' if swept.fired == 1 else 'things'} fell due{aside}."
