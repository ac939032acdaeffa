"""The run of the year: the same commands that a company would give, one after the other, on a database of its own.

Owns the order of the commands, and the note of a run that came to its end, by which a repeated run is told. It must
not decide or read anything by itself: every step is a command of `sayso`.
"""

import hashlib
import json
import os
import shlex
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console

from demo.prepare import Year
from sayso.cli.main import main

ROOT = Path(__file__).resolve().parent.parent
WORKSPACE = "grocer"
ZONE = "America/New_York"
LOYALTY, REFERRAL = Path("examples/grocer.yaml"), Path("examples/grocer-referral.yaml")
BEGINS, ENDS = "2017-01-01", "2018-01-01"
# Large enough that a household's year is read seldom, small enough that the bar moves.
BATCH = 5000
NOTE, DATABASE = "played.json", "sayso.sqlite3"


@dataclass(frozen=True)
class Played:
    """How long the year took.

    Attributes:
        seconds: for the import and for what fell due afterwards, by the clock on the wall.
        cpu_seconds: the same, of this process on a processor.
        again: nothing was done now, since an earlier run had come to its end.
    """

    seconds: float
    cpu_seconds: float
    again: bool = False


def play(year: Year, home: Path, console: Console) -> Played:
    """Run the year, or find it run before; a run that was broken off, or of other programs or code, begins anew.

    Args:
        year: its files.
        home: SAYSO_HOME, already in the environment; holds nothing but the demonstration's.
    """
    made_from = _made_from(year)
    found = _played_before(home, made_from)
    if found:
        return found
    for old in [home / NOTE, *home.glob(f"{DATABASE}*")]:
        old.unlink(missing_ok=True)
    for command in _preparing():
        say(console, *command)
    began, cpu_began = time.perf_counter(), time.process_time()
    for command in _living(year):
        say(console, *command)
    played = Played(time.perf_counter() - began, time.process_time() - cpu_began)
    (home / NOTE).write_text(json.dumps({"made_from": made_from, "played": asdict(played)}, indent=2) + "\n")
    return played


def say(console: Console, *arguments: str) -> None:
    """Give one command to `sayso`, showing it as it would be written in a shell."""
    console.print(f"\n[bold]$ sayso {shlex.join(arguments)}[/bold]", highlight=False, soft_wrap=True)
    main(list(arguments), standalone_mode=False)


def _preparing() -> Iterator[list[str]]:
    yield ["init", "--timezone", ZONE]
    yield ["workspace", "create", WORKSPACE, "--test", "--timezone", ZONE]
    for program in (LOYALTY, REFERRAL):
        yield ["program", "publish", str(program), "--from", BEGINS, "--workspace", WORKSPACE]


def _living(year: Year) -> Iterator[list[str]]:
    yield ["import", "events", os.path.relpath(year.events), "--batch", str(BATCH), "--workspace", WORKSPACE]
    yield ["clock", ENDS, "--workspace", WORKSPACE]


def _made_from(year: Year) -> str:
    """What the result depends on: the events, the two programs, and the code that runs them."""
    digest = hashlib.sha256()
    code = sorted((ROOT / "src" / "sayso").rglob("*.py"))
    for file in [year.folder / "figures.json", ROOT / LOYALTY, ROOT / REFERRAL, *code]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _played_before(home: Path, made_from: str) -> Played | None:
    try:
        note = json.loads((home / NOTE).read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    if note["made_from"] != made_from or not (home / DATABASE).exists():
        return None
    return Played(**{**note["played"], "again": True})
