"""Owns `sayso backtest`: what a draft would have changed, before it is published.

It must not compare or add up anything.
"""

from __future__ import annotations

from pathlib import Path

import click

from sayso.cli.answers import answer, json_option
from sayso.cli.connect import open_workspace, workspace_option
from sayso.cli.program import DOCUMENT, checked_text
from sayso.cli.progress import bar


@click.command()
@click.argument("file", type=DOCUMENT)
@workspace_option
@json_option
def backtest(file: Path, workspace: str) -> None:
    """Run the program in FILE over everything that happened, and say what would have been different.

    Nothing is published and no books are touched.
    """
    text = checked_text(file)
    within = open_workspace(workspace)
    from sayso.core.engine.backtest import as_text
    from sayso.domains.decisions.backtest import backtest_draft

    with bar("Backtesting", total=within.position, unit="events") as shown:
        report = backtest_draft(workspace=within, text=text, progress=lambda place: shown.reach(place, place))
    nothing = f"Nothing has happened in {within.name} yet that the program could be run over."
    answer(report.as_dict(), lambda: as_text(report) if within.position else nothing)
