"""Owns what a command prints: its answer on standard output, as text or JSON, and its refusal.

It must not decide what is refused.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import IO, Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

_JSON = "sayso.json"
# A cell that begins with one of these would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

# What a terminal obeys: control characters (ISO 6429), and marks that turn the direction of writing (Unicode TR 36).
_ORDERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def json_option(command: F) -> F:
    """Give a command the flag `--json`."""

    def remember(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
        ctx.meta[_JSON] = wanted

    help_text = "Answer in JSON, for machines."
    flag = click.option("--json", is_flag=True, expose_value=False, is_eager=True, callback=remember, help=help_text)
    return flag(command)


def wants_json() -> bool:
    """Say whether the command that runs was asked for JSON."""
    ctx = click.get_current_context(silent=True)
    return bool(ctx and ctx.meta.get(_JSON))


def answer(data: Mapping[str, Any], text: Callable[[], str]) -> None:
    """Print a command's answer.

    Args:
        data: the whole answer, for machines.
        text: makes the answer for people; asked only when people ask.
    """
    if wants_json():
        click.echo(as_json(data))
    else:
        click.echo(visible(text().rstrip("\n")))


def visible(text: str) -> str:
    """Return a text in which nothing gives orders to a terminal: names and reasons come from outside."""
    return _ORDERS.sub(lambda found: ascii(found[0])[1:-1], text)


def as_json(data: Any) -> str:
    """Return data as JSON; a moment becomes RFC 3339."""
    return json.dumps(data, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> str:
    return written(value) if isinstance(value, datetime) else str(value)


def written(moment: datetime | None) -> str:
    """Return a moment as RFC 3339, with no more decimals than it has; a dash where there is none."""
    return moment.isoformat().replace("+00:00", "Z") if moment else "-"


class Refused(click.ClickException):
    """The command did not do what was asked, and says why; nothing is half done.

    Args:
        message: one or more sentences.
        data: what machines get to know beside the message.
    """

    exit_code = 1

    def __init__(self, message: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self._data = {"error": message, **(data or {})}
        self._json = wants_json()

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the refusal: as JSON where JSON was asked for, else as a sentence on standard error."""
        if self._json:
            click.echo(as_json(self._data), file=file)
        else:
            click.echo(f"Error: {visible(self.format_message())}", file=file or sys.stderr)


def columns(rows: list[tuple[Any, ...]], *, head: tuple[str, ...]) -> str:
    """Return rows as aligned columns under a head; numbers stand to the right."""
    cells = [head, *(tuple(f"{cell:,}" if _is_number(cell) else str(cell) for cell in row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    right = [bool(rows) and all(_is_number(row[at]) for row in rows) for at in range(len(head))]
    laid = [(">" if end else "<") + str(width) for width, end in zip(widths, right, strict=True)]
    lines = ("  ".join(map(format, row, laid)) for row in cells)
    return visible("\n".join(line.rstrip() for line in lines))


def as_csv(rows: Sequence[tuple[Any, ...]], *, head: tuple[str, ...]) -> str:
    """Return rows as CSV under a head; a text that a spreadsheet would run as a formula is quoted."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(head)
    lines.writerows(tuple(_harmless(cell) if isinstance(cell, str) else cell for cell in row) for row in rows)
    return text.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int) and not isinstance(cell, bool)
