"""The year taken in by real processes of `sayso`, some of them killed, on a database of its own.

Owns the processes and what they leave behind. It must not calculate what should have come out.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

ROOT = Path(__file__).parents[2]
ZONE = "America/New_York"
# Several commands, one after the other, without starting Python for each.
_COMMANDS = """
import json, sys
from sayso.cli.main import main
for command in json.load(sys.stdin):
    main(command, standalone_mode=False)
"""
_POLL_SECONDS = 0.004
_LONGEST_PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Left:
    """What a run left behind.

    Attributes:
        households: `earned`, `base` (before tiers), `spent`, `expired`, `available`, `tier` and `credit` by household.
        broken: promises that do not hold, row by row.
        set_aside: events that could not be decided.
    """

    households: dict[str, dict[str, Any]]
    broken: list[str]
    set_aside: int


class Grocer:
    """The grocer's workspace on an empty database, with both programs published."""

    def __init__(self, url: str, home: Path) -> None:
        self.url = url
        places = {"DATABASE_URL": url, "SAYSO_HOME": str(home), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        self.environment = {**os.environ, **places}
        self._run(
            ["init"],
            ["workspace", "create", "grocer", "--test", "--timezone", ZONE],
            ["program", "publish", "examples/grocer.yaml", "--from", "2017-01-01", "--workspace", "grocer"],
            ["program", "publish", "examples/grocer-referral.yaml", "--from", "2017-01-01", "--workspace", "grocer"],
        )

    def take(self, file: Path, *, batch: int) -> dict[str, Any]:
        """Import a file to its end, and return what the command answers."""
        with self._importing(file, batch) as process:
            answer, errors = process.communicate()
        assert process.returncode == 0, errors
        found: dict[str, Any] = json.loads(answer)
        return found

    def take_and_kill(self, file: Path, *, batch: int, marks: Sequence[int], chance: random.Random) -> int:
        """Start the import of a file again and again, and kill it each time; return how many processes died of it.

        Args:
            file: the events.
            batch: how many are decided at once.
            marks: places in the log, rising: a process is killed a moment after it has written the next one.
            chance: of how long that moment is.
        """
        kills = 0
        with self._reader() as reader:
            for mark in marks:
                with self._importing(file, batch) as process:
                    while process.poll() is None and self._position(reader) < mark:
                        time.sleep(_POLL_SECONDS)
                    time.sleep(chance.uniform(0, _LONGEST_PAUSE_SECONDS))
                    process.kill()
                    process.communicate()
                kills += process.returncode == -signal.SIGKILL
        return kills

    def end_year(self) -> Left:
        """Move the clock to the end of the year, and read what is there."""
        self._run(["clock", "2018-01-01", "--workspace", "grocer"])
        return Left(**json.loads(self._python("-m", "tests.demo.books")))

    def _run(self, *commands: list[str]) -> None:
        self._python("-c", _COMMANDS, told=json.dumps(commands))

    def _python(self, *arguments: str, told: str = "") -> str:
        """Run Python to its end, and return what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            input=told, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _importing(self, file: Path, batch: int) -> subprocess.Popen[str]:
        command = ["import", "events", str(file), "--batch", str(batch), "--workspace", "grocer", "--json"]
        return subprocess.Popen(
            [sys.executable, "-m", "sayso.cli", *command],
            env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def _reader(self) -> Any:
        if self.url.startswith("sqlite:///"):
            return sqlite3.connect(self.url.removeprefix("sqlite:///"))
        return psycopg.connect(self.url, autocommit=True)

    @staticmethod
    def _position(reader: Any) -> int:
        found: tuple[int] = reader.execute("SELECT position FROM workspaces_workspace WHERE name = 'grocer'").fetchone()
        return found[0]


def shuffled_within_days(file: Path, to: Path, chance: random.Random) -> Path:
    """Write a file's events again, those of each local day in another order."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    with to.open("w", encoding="utf-8") as out:
        for _, day in groupby(lines, key=_local_day):
            of_day = list(day)
            chance.shuffle(of_day)
            out.writelines(of_day)
    return to


def _local_day(line: str) -> date:
    return datetime.fromisoformat(json.loads(line)["occurred_at"]).astimezone(ZoneInfo(ZONE)).date()
