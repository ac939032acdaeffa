"""Owns `sayso provider` and `sayso coupons`: who hands over what, and the pools of codes.

It must not show a code or a secret twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso.cli.answers import Refused, answer, columns, json_option
from sayso.cli.connect import open_workspace, workspace_option
from sayso.cli.group import CommandGroup

if TYPE_CHECKING:
    from sayso.domains.rewards.models import Provider

# The title of the column, where a file has one.
_TITLES = ("code", "codes", "coupon", "voucher")
_LONGEST_LINE = 1000


@click.group(cls=CommandGroup)
def provider() -> None:
    """Say who hands over what the books cannot: gift cards, coupons, services."""


@provider.command("set")
@click.argument("kind")
@click.argument("way")
@click.option("--program", default="", metavar="NAME", help="Only in this program.")
@click.option("--clause", default="", metavar="CLAUSE", help="Only for this clause of it.")
@click.option("--pool", metavar="NAME", help="pool: which.")
@click.option("--prefix", metavar="TEXT", help="generated: how codes begin.")
@click.option("--url", help="webhook: where the receiver listens.")
@click.option("--check/--no-check", default=None, help="webhook: ask the receiver before a reward is issued.")
@click.option(
    "--new-secret", is_flag=True, default=None, help="webhook: make a new secret; the old one lives on for 48 h."
)
@workspace_option
@json_option
def set_(kind: str, way: str, workspace: str, **said: object) -> None:
    """Let things of KIND be handed over in WAY: pool, generated, webhook, or by_hand, which is by a person."""
    within, now = open_workspace(workspace), datetime.now(UTC)
    from sayso.domains.rewards.set_provider import Scope, set_provider

    scope = Scope(kind, str(said.pop("program")), str(said.pop("clause")).removeprefix("rewards."))
    settings = {name: value for name, value in said.items() if value is not None}
    done = set_provider(workspace=within, scope=scope, way=way, now=now, settings=settings)
    lines = [f"{kind} is handed over {_WAYS.get(way, way)}."]
    if done.once:
        lines.append(f"The receiver's secret, which is not shown again: {done.once['secret']}")
    if done.ordered:
        lines.append(f"{_count(done.ordered, 'thing')} that waited {'is' if done.ordered == 1 else 'are'} ordered now.")
    answer({"kind": kind, "way": way, "ordered": done.ordered, **done.once}, lambda: "\n".join(lines))


_WAYS = {
    "pool": "from a pool",
    "generated": "by a code that is made up",
    "webhook": "by a receiver",
    "by_hand": "by a person",
}


@provider.command("list")
@workspace_option
@json_option
def list_(workspace: str) -> None:
    """List who hands over what; what is not listed is handed over by a person."""
    within = open_workspace(workspace)
    from sayso.domains.rewards.fulfilment.queries import providers

    head = ("kind", "program", "clause", "way", "with")
    rows = [(each.kind, each.program or "*", each.clause or "*", each.way, _with(each)) for each in providers(within)]
    data = [dict(zip(head, row, strict=True)) for row in rows]
    answer({"providers": data}, lambda: columns(rows, head=head) if rows else "Everything is handed over by people.")


def _with(each: Provider) -> str:
    settings = each.settings
    said = str(settings.get("pool") or settings.get("prefix") or settings.get("url") or "-")
    return f"{said}, asked first" if settings.get("check") else said


@click.group(cls=CommandGroup)
def coupons() -> None:
    """Load codes into pools, and see how many are left."""


@coupons.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pool", required=True, metavar="NAME", help="Which pool; it is made when it is not there.")
@click.option("--low", type=click.IntRange(0), metavar="COUNT", help="With fewer left than these it is shown as low.")
@workspace_option
@json_option
def load(file: Path, pool: str, low: int | None, workspace: str) -> None:
    """Load the codes of FILE, one a line; a file may be loaded again, and goes on where it was."""
    within, now = open_workspace(workspace), datetime.now(UTC)
    from sayso.domains.rewards.load_codes import load_codes

    loaded = load_codes(workspace=within, pool=pool, lines=_lines(file), now=now, low=low)
    told = [f"{file.name}:{number}: {what}." for number, what in loaded.told]
    if loaded.wrong > len(told):
        told.append(f"{file.name}: {loaded.wrong - len(told):,} more lines hold no code.")
    summary = (
        f"{file.name}: {_count(loaded.new, 'code')} loaded, {loaded.known:,} there already, {loaded.wrong:,} wrong."
    )
    data = {"pool": pool, "loaded": loaded.new, "known": loaded.known, "wrong": loaded.wrong}
    if loaded.wrong:
        raise Refused("\n".join([*told, summary]), data)
    answer(data, lambda: summary)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the first cell of each line with its number; a title is passed over, and so are quotes."""
    with file.open(encoding="utf-8-sig", errors="replace", newline=None) as stream:
        number = 0
        while line := stream.readline(_LONGEST_LINE):
            number += 1
            cell = line.rstrip("\n").partition(",")[0].strip().strip('"')
            if number > 1 or cell.casefold() not in _TITLES:
                yield number, cell


@coupons.command()
@workspace_option
@json_option
def show(workspace: str) -> None:
    """Show each pool: how many codes it held, how many are left, and how many orders wait for one."""
    within = open_workspace(workspace)
    from sayso.domains.rewards.fulfilment.queries import stocks

    head = ("pool", "loaded", "given", "left", "waiting", "")
    rows = [
        (each.pool, each.loaded, each.given, each.left, each.waiting, "low" if each.low else "")
        for each in stocks(within)
    ]
    data = [{**dict(zip(head[:5], row[:5], strict=True)), "low": bool(row[5])} for row in rows]
    answer({"pools": data}, lambda: columns(rows, head=head) if rows else "There is no pool yet.")


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
