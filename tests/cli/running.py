"""How the tests run the command: in this process, or in one of its own with a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from sayso.cli.main import main

SOURCES = Path(__file__).parents[2] / "src"
SEVERAL = """\
import json, sys
from sayso.cli.main import main
for arguments in json.load(sys.stdin):
    if main(arguments, standalone_mode=False):
        sys.exit(f"{arguments} failed")
"""

BLUEBELL = """\
sayso: 1
program: bluebell
title: {en: Bluebell Coffee, es: Bluebell Coffee, it: Bluebell Coffee, nl: Bluebell Coffee}
currency: EUR
points:
  unit: beans
  earn:
    shopping: {on: purchase, give: 1 per 1 EUR}
"""

FRIENDS = """\
sayso: 1
program: friends
title: {en: Bring a friend, es: Trae a un amigo, it: Porta un amico, nl: Breng een vriend mee}
currency: EUR
referral:
  window: 60d
  steps:
    signed_up: {on: signup}
    purchased: {on: purchase, when: event.amount >= 20, within: 60d}
  success: purchased
rewards:
  thanks: {to: advocate, at: purchased, give: {credit: 10 EUR}}
"""


def run(*arguments: object, text: str | None = None) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(each) for each in arguments], input=text)


def told(*arguments: object) -> Any:
    """Run the command in this process, which must succeed, and return its JSON."""
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def process(url: str, home: Path, *arguments: object) -> subprocess.Popen[str]:
    """Start the command in a process of its own, on the database at `url`."""
    return _started(url, home, "-m", "sayso.cli", *(str(each) for each in arguments))


def _started(url: str, home: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "DATABASE_URL": url, "SAYSO_HOME": str(home), "PYTHONPATH": str(SOURCES)}
    command, pipe = [sys.executable, *arguments], subprocess.PIPE
    return subprocess.Popen(command, env=environment, text=True, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8")


def done(url: str, home: Path, *arguments: object) -> str:
    """Run the command in a process of its own, which must succeed, and return what it printed."""
    return _output(process(url, home, *arguments))


def all_done(url: str, home: Path, *commands: tuple[object, ...]) -> str:
    """Run commands one after the other in one process, most of whose time goes to its start; they must succeed."""
    running = _started(url, home, "-c", SEVERAL)
    return _output(running, json.dumps([[str(each) for each in command] for command in commands]))


def _output(running: subprocess.Popen[str], text: str = "") -> str:
    output, errors = running.communicate(text, timeout=120)
    assert running.returncode == 0, output + errors
    return output
