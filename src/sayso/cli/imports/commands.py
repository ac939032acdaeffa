"""Owns `sayso import`: its commands, their options, and what is said when a file is taken.

It must not read lines or submit events itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from sayso.cli.answers import Refused, answer, json_option, wants_json
from sayso.cli.connect import open_workspace, workspace_option
from sayso.cli.group import CommandGroup

if TYPE_CHECKING:
    from sayso.cli.imports.files import Form
    from sayso.cli.imports.lists import Surroundings
    from sayso.cli.imports.take import ImportOutcome, Problem, Reading, Taking
    from sayso.cli.progress import Bar
    from sayso.domains.workspaces.models import Workspace

F = TypeVar("F", bound=Callable[..., Any])

STDIN = "-"
_DRY_RUN = (
    "Check every line, also against what is there already, and take nothing. What deciding would say of it (a rate or "
    "a purchase that is missing, an address that two lines give) shows when it is taken."
)
MOST_AT_ONCE = 10_000


@click.group("import", cls=CommandGroup)
def import_() -> None:
    """Take in events, members, balances and referrals from CSV and NDJSON files.

    Every line becomes an event and goes the same way as any other. An event is stored once, so a file may be taken
    again: after a kill it goes on where it was.
    """


@dataclass(frozen=True)
class Order:
    """What was asked for on the command line."""

    kind: str
    file: Path
    workspace: str
    form: str | None
    source: str
    batch: int
    dry_run: bool
    strict: bool
    as_: str

    @property
    def counts_only(self) -> bool:
        """Whether the events are history; what is taken over from another system is booked all the same."""
        return self.as_ == "history" and self.kind in ("events", "members")


def _options(command: F) -> F:
    options = [
        click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)),
        click.option("--format", "form", type=click.Choice(["csv", "ndjson"]), help="Unless the extension says it."),
        click.option("--source", default="import", show_default=True, help="In whose name; ids are unique within it."),
        click.option(
            "--batch", type=click.IntRange(1, MOST_AT_ONCE), default=5000, show_default=True, help="Events at once."
        ),
        click.option(
            "--as",
            "as_",
            type=click.Choice(["live", "history"]),
            default="live",
            show_default=True,
            help="History counts for later decisions, and nothing is granted for it.",
        ),
        click.option("--dry-run", is_flag=True, help=_DRY_RUN),
        click.option("--strict", is_flag=True, help="Take nothing unless every line is good."),
        workspace_option,
        json_option,
    ]
    for option in reversed(options):
        command = option(command)
    return command


@import_.command()
@_options
def events(**asked: Any) -> None:
    """Take in events of every type from FILE (- for standard input)."""
    _import(Order(kind="events", **asked))


@import_.command()
@_options
def members(**asked: Any) -> None:
    """Take in members: who they are, their attributes, tags, groups, account and code."""
    _import(Order(kind="members", **asked))


@import_.command()
@_options
def balances(**asked: Any) -> None:
    """Take over what members had in another system: points with their expiry, and credit."""
    _import(Order(kind="balances", **asked))


@import_.command()
@_options
def referrals(**asked: Any) -> None:
    """Take over open referrals and the codes that members recommend with."""
    _import(Order(kind="referrals", **asked))


def _import(order: Order) -> None:
    from sayso.cli.imports.files import form_of

    _refuse_our_own(order.source)
    form = form_of(order.file.suffix, order.form)
    if order.strict and str(order.file) == STDIN:
        raise click.UsageError("--strict reads the file twice, so it cannot be standard input")
    workspace = open_workspace(order.workspace)
    if order.strict and not order.dry_run:
        checked = _run(order, form, workspace, submits=False)
        if checked.outcome.refused:
            raise _refused(order, checked, "Nothing was taken.")
    taken = _run(order, form, workspace, submits=not order.dry_run)
    if taken.outcome.refused:
        raise _refused(order, taken, _told(order, taken))
    answer(_data(order, taken), lambda: _told(order, taken))


def _refuse_our_own(source: str) -> None:
    """Nobody else speaks in Sayso's name: what it says itself stands in the log under that source."""
    from sayso.core.engine.events import NOT_FOR_OTHERS

    if source in NOT_FOR_OTHERS:
        raise click.UsageError(f"--source {source} is Sayso's own; name the system that the file comes from")


def _run(order: Order, form: Form, workspace: Workspace, *, submits: bool) -> Taking:
    """Go through the file once."""
    from sayso.cli.imports.files import read_lines
    from sayso.cli.imports.lists import header_for
    from sayso.cli.imports.take import Taking
    from sayso.cli.imports.unheeded import Unheeded
    from sayso.cli.progress import bar

    now = datetime.now(UTC)
    reading = _reading(order, workspace, now)
    header = header_for(reading.kind)
    with _opened(order.file) as (stream, size), bar(_title(order, submits), total=size, unit="lines") as shown:
        report = partial(_tell, order, shown)
        taking = Taking(
            workspace=workspace,
            reading=reading,
            now=now,
            submits=submits,
            report=report,
            unheeded=Unheeded(reading.around.events, reading.around.holds_from),
        )
        for lines in taking.take(read_lines(stream, form, header), batch=order.batch):
            shown.reach(stream.tell() if size else 0, lines)
    return taking


def _reading(order: Order, workspace: Workspace, now: datetime) -> Reading:
    from sayso.cli.imports.lists import KINDS
    from sayso.cli.imports.take import Reading
    from sayso.core.program.calendar import moment_of

    return Reading(
        kind=KINDS[order.kind],
        around=_surroundings(workspace),
        source=order.source,
        latest=None if workspace.is_test else moment_of(now),
        counts_only=order.counts_only,
    )


def _surroundings(workspace: Workspace) -> Surroundings:
    from sayso.cli.imports.lists import Surroundings
    from sayso.core.program.review import read_published
    from sayso.core.program.review_names import events_of
    from sayso.domains.programs.queries import held_from, running_texts

    programs = [read_published(text) for text in running_texts(workspace)]
    documents = [each.document for each in programs if each.document]
    steps = {each.program: frozenset(each.referral.steps) for each in documents if each.referral}
    units = {each.points.unit for each in documents if each.points} | {each.currency for each in documents}
    speak_of = frozenset().union(*map(events_of, programs))
    return Surroundings(workspace.zone, steps, frozenset(units), speak_of, held_from(workspace))


@contextmanager
def _opened(file: Path) -> Iterator[tuple[BinaryIO, int | None]]:
    """Open a file, with its size where it has one."""
    if str(file) == STDIN:
        yield sys.stdin.buffer, None
        return
    with file.open("rb") as stream:
        size = file.stat().st_size
        yield stream, size if stream.seekable() else None


def _title(order: Order, submits: bool) -> str:
    return f"{'Importing' if submits else 'Checking'} {order.file.name}"


def _tell(order: Order, shown: Bar, problem: Problem) -> None:
    if not wants_json():
        shown.say(f"{order.file}:{problem.line}: {problem.problem}")


def _data(order: Order, taken: Taking) -> dict[str, Any]:
    file = {"file": str(order.file), "kind": order.kind, "dry_run": order.dry_run}
    outcome = asdict(taken.outcome)
    outcome["problems"].sort(key=lambda each: each["line"])
    return {**file, **outcome, **taken.unheeded.data()}


def _refused(order: Order, taken: Taking, message: str) -> Refused:
    refused = taken.outcome.refused
    lines = "1 line was" if refused == 1 else f"{refused:,} lines were"
    return Refused(f"{lines} refused. {message}", _data(order, taken))


def _told(order: Order, taken: Taking) -> str:
    return "\n".join((_summary(order, taken.outcome), *taken.unheeded.sentences(taken.workspace.zone)))


def _summary(order: Order, outcome: ImportOutcome) -> str:
    lines = f"{order.file}: {outcome.lines:,} {'line' if outcome.lines == 1 else 'lines'}"
    if order.dry_run:
        there = f", {outcome.repeated:,} there already" if outcome.repeated else ""
        events = "event" if outcome.new == 1 else "events"
        return f"{lines}, {outcome.new:,} {events} could be taken{there}. Nothing was."
    aside = f", {outcome.set_aside:,} set aside (sayso set-aside list)" if outcome.set_aside else ""
    return f"{lines}, {outcome.new:,} new, {outcome.repeated:,} there already{aside}."
