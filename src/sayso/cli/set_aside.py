"""Owns `sayso set-aside`: the events that could not be decided, shown and decided again.

It must not change an event.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from sayso.cli.answers import Refused, answer, columns, json_option, written
from sayso.cli.connect import open_workspace, workspace_option
from sayso.cli.group import CommandGroup

if TYPE_CHECKING:
    from sayso.domains.workspaces.models import Workspace

_PAUSED = (
    "Deciding is paused: it failed on many events in a row. Remove the cause, then decide them in their order and go "
    "on with: sayso set-aside replay"
)


@click.group("set-aside", cls=CommandGroup)
def set_aside() -> None:
    """Show events that could not be decided, and decide them again once the cause is gone."""


@set_aside.command("list")
@workspace_option
@json_option
def list_(workspace: str) -> None:
    """List the events that were set aside, with the reason, and say whether deciding is paused."""
    within = open_workspace(workspace)
    from sayso.domains.decisions.set_aside import deciding_is_paused, list_set_aside

    found = list_set_aside(within)
    head = ("position", "source", "id", "type", "member", "occurred_at", "failure")
    rows = [
        (each.position, each.source, each.external_id, each.type, each.ref, written(each.occurred_at), each.failure)
        for each in found
    ]
    data = [dict(zip(head, row, strict=True)) for row in rows]
    paused = deciding_is_paused(within)
    lines = [columns(rows, head=head) if rows else "Nothing is set aside.", *([_PAUSED] if paused else [])]
    answer({"set_aside": data, "paused": paused}, lambda: "\n".join(lines))


@set_aside.command()
@click.argument("positions", type=int, nargs=-1)
@workspace_option
@json_option
def replay(positions: tuple[int, ...], workspace: str) -> None:
    """Decide again what was set aside: the events at POSITIONS, or all of them, after which deciding goes on."""
    within = open_workspace(workspace)
    from sayso.domains.decisions.set_aside import deciding_is_paused, replay_set_aside

    _check_positions(within, positions)
    answers = replay_set_aside(workspace=within, now=datetime.now(UTC), positions=positions or None)
    decided = sum(each.status == "decided" for each in answers)
    left = [{"id": each.external_id, "problem": each.problem} for each in answers if each.status != "decided"]
    lines = [f"{each['id']}: {each['problem']}" for each in left]
    paused = deciding_is_paused(within)
    said = f"{decided:,} decided, {len(left):,} set aside again."
    answer(
        {"decided": decided, "set_aside": left, "paused": paused},
        lambda: "\n".join([said, *lines, *([_PAUSED] if paused else [])]),
    )


def _check_positions(workspace: Workspace, positions: tuple[int, ...]) -> None:
    """Refuse places in the log at which nothing waits that could be decided again."""
    from sayso.core.engine.events import TIMER
    from sayso.domains.events.queries import set_aside_events

    found = {each.position: each.type for each in set_aside_events(workspace, positions=positions)} if positions else {}
    missing = ", ".join(str(each) for each in positions if each not in found)
    timers = ", ".join(str(each) for each in positions if found.get(each) == TIMER)
    if missing:
        raise Refused(f"Nothing is set aside at {missing}; nothing was decided. What is: sayso set-aside list")
    if timers:
        raise Refused(f"A timer is not decided again: {timers}; nothing was decided. Its failure says what went wrong.")
