"""Owns progress bars: how much is done, how fast, how long it still takes; on standard error, where somebody looks.

It must not print anything to standard output.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from sayso.cli.answers import visible

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@dataclass
class Bar:
    """One bar.

    Attributes:
        count: how many things are done, where that is not what the length is measured in.
    """

    progress: Progress
    task: TaskID
    count: int = 0

    def start(self, total: int) -> None:
        """Set the length, once it is known."""
        self.progress.update(self.task, total=total)

    def advance(self, by: int) -> None:
        """Say that so much more of the length is done."""
        self.count += by
        self.progress.update(self.task, advance=by, count=self.count)

    def reach(self, place: int, count: int) -> None:
        """Say how much of the length is done, and how many things that are."""
        self.count = count
        self.progress.update(self.task, completed=place, count=count)

    def say(self, text: str) -> None:
        """Print a line on standard error, above the bar."""
        text = visible(text)
        if self.progress.disable:
            click.echo(text, err=True)
        else:
            self.progress.console.print(text, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def bar(title: str, *, total: int | None, unit: str) -> Iterator[Bar]:
    """Show a bar while something long goes on; where nobody looks, nothing is shown.

    Args:
        title: what goes on.
        total: the length, None while it is not known.
        unit: what is counted.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    shown = sys.stderr.isatty()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn(f"{{task.fields[count]:,}} {unit}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not shown, refresh_per_second=4) as progress:
        yield Bar(progress, progress.add_task(title, total=total, count=0))
