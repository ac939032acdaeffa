"""Owns `sayso balances`, `budgets`, `statement` and `verify`: what there is, how it came about, and the proof of both.

It must not add anything up: the books do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.answers import Refused, answer, as_csv, as_json, columns, json_option, wants_json, written
from sayso.cli.connect import open_workspace, workspace_option
from sayso.cli.moments import local
from sayso.core.ledger.transfers import GENESIS

if TYPE_CHECKING:
    from sayso.domains.ledger.models import Lot
    from sayso.domains.ledger.queries import Line, MemberBalance
    from sayso.domains.rewards.budgets import BudgetNow
    from sayso.domains.workspaces.models import Workspace

_HEAD = ("member", "unit", "available", "held")


@click.command()
@click.option("--unit", metavar="UNIT", help="Points by their name, or a currency; may be left out where there is one.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True, help="How."
)
@workspace_option
@json_option
def balances(unit: str | None, form: str, workspace: str) -> None:
    """List what every member has: points, or a currency in its minor unit."""
    within = open_workspace(workspace)
    from sayso.domains.ledger.queries import balances as of_all

    chosen = _unit(within, unit)
    rows = [_row(each, chosen) for each in of_all(within, chosen)]
    if wants_json() or form == "json":
        click.echo(as_json([dict(zip(_HEAD, row, strict=True)) for row in rows]))
    elif form == "csv":
        click.echo(as_csv(rows, head=_HEAD), nl=False)
    else:
        click.echo(columns(rows, head=_HEAD))


def _unit(workspace: Workspace, wanted: str | None) -> str:
    """The unit that was asked for, or the only one; a name that nobody knows would only give zeros."""
    from sayso.domains.ledger.queries import units

    booked = units(workspace)
    if wanted in booked or (wanted is None and len(booked) == 1):
        return wanted or booked[0]
    known = sorted({*booked, *_units_of_programs(workspace)})
    if wanted in known or (wanted is None and len(known) == 1):
        return wanted or known[0]
    named = f"there are {', '.join(known)}" if known else "there are none before a program is published"
    raise Refused(f"There is no unit {wanted!r}; {named}." if wanted else f"Say which unit with --unit; {named}.")


def _units_of_programs(workspace: Workspace) -> Iterator[str]:
    from sayso.core.program.review import read_published
    from sayso.domains.programs.queries import running_texts

    for text in running_texts(workspace):
        document = read_published(text).document
        if document:
            yield document.currency
            yield from (document.points.unit,) if document.points else ()


def _row(balance: MemberBalance, unit: str) -> tuple[str, str, int, int]:
    return balance.ref, unit, balance.available, balance.held


@click.command()
@workspace_option
@json_option
def budgets(workspace: str) -> None:
    """Show what rewards may still cost: what each budget holds, what is on its way to members, and what waits."""
    within = open_workspace(workspace)
    from sayso.domains.rewards.budgets import budgets_of
    from sayso.domains.workspaces.clock import now_in

    found = budgets_of(within, now_in(within, datetime.now(UTC)))
    none = f"No program that runs in {within.name} has a budget."
    answer({"budgets": [asdict(each) for each in found]}, lambda: _budgets(found) if found else none)


def _budgets(found: Sequence[BudgetNow]) -> str:
    from sayso.core.program.explain.voice import voice_of

    rows = []
    for each in found:
        parts = (each.amount_minor, each.period_minor, each.left_minor, each.committed_minor, each.waiting_minor)
        amount, period, left, committed, waiting = (voice_of("en").minor(part, each.currency) for part in parts)
        waited = f"{waiting} for {each.waiting:,}" if each.waiting else "-"
        per, period = (f" per {each.per}", period) if each.per else ("", "-")
        rows.append((each.program, f"{amount}{per}", period, left, committed, waited))
    return columns(rows, head=("program", "budget", "this period", "left", "committed", "waiting"))


@click.command()
@click.argument("member")
@workspace_option
@json_option
def statement(member: str, workspace: str) -> None:
    """Print the account of MEMBER: every movement, what stood there afterwards, and what expires when."""
    within = open_workspace(workspace)
    from sayso.domains.ledger.queries import lots_of, statement_of
    from sayso.domains.people.queries import member_named, merged_numbers

    numbers = merged_numbers(within, member_named(within, member).id)
    lines, lots = statement_of(within, numbers), lots_of(within, numbers)
    data = {
        "member": member,
        "lines": [_line(each) for each in lines],
        "lots": [{"unit": each.unit, "remaining": each.remaining, "expires_at": each.expires_at} for each in lots],
    }
    answer(data, lambda: _statement(member, lines, lots, within))


def _line(line: Line) -> dict[str, Any]:
    names = ("at", "account", "unit", "amount", "balance", "reason", "cause", "about")
    return {name: getattr(line, name) for name in names}


def _statement(member: str, lines: Sequence[Line], lots: Sequence[Lot], workspace: Workspace) -> str:
    if not lines:
        return f"Nothing was ever booked for {member}."
    rows = [
        (_local(each.at, workspace), each.account, each.unit, each.reason, each.amount, each.balance, f"#{each.cause}")
        for each in lines
    ]
    told = columns(rows, head=("when", "account", "unit", "reason", "amount", "balance", "event"))
    if not lots:
        return told
    expiring = [(_local(each.expires_at, workspace), each.unit, each.remaining) for each in lots]
    return f"{told}\n\n{columns(expiring, head=('expires', 'unit', 'left'))}"


def _local(moment: datetime | None, workspace: Workspace) -> str:
    return written(local(moment, workspace.zone)) if moment else "never"


def _head(written_down: str) -> bytes:
    try:
        head = bytes.fromhex(written_down)
    except ValueError:
        head = b"?"
    if written_down and len(head) != len(GENESIS):
        raise Refused(f"{written_down!r} is no head, which has {2 * len(GENESIS)} digits and letters from a to f.")
    return head


@click.command()
@click.option(
    "--head", "kept", metavar="HEAD", default="", help="A head that was printed before: the chain must go on from it."
)
@workspace_option
@json_option
def verify(kept: str, workspace: str) -> None:
    """Prove the books: check every promise, and name each row that breaks one."""
    within = open_workspace(workspace)
    from sayso.domains.decisions.verify import verify as broken_in

    broken = broken_in(within, kept_head=_head(kept))
    rows = [asdict(each) for each in broken]
    if broken:
        rest = "1 row breaks a promise." if len(broken) == 1 else f"{len(broken):,} rows break a promise."
        raise Refused("\n".join([rest, *map(str, broken)]), {"workspace": within.name, "broken": rows})
    answer(
        {"workspace": within.name, "events": within.position, "head": bytes(within.head).hex(), "broken": rows},
        lambda: f"Every promise holds, over {within.position:,} events. Head of the chain: {bytes(within.head).hex()}",
    )
