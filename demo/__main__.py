"""`python -m demo`: a year of a real grocer's customers, run through two written programs, proven, explained, served.

Owns the command line and the folder of the demonstration. It must not run or print anything of the year itself.
"""

import argparse
import os
import shlex
import sys
from pathlib import Path

import click
from rich.console import Console

from demo.play import LOYALTY, ROOT, WORKSPACE, play
from demo.prepare import ALWAYS_IN, prepare_year
from demo.serve import serve
from sayso.cli.connect import start_django


def main() -> int:
    """Run the demonstration; a refusal of a command is told in its own words."""
    try:
        _demonstrate(_arguments())
    except click.ClickException as refused:
        refused.show()
        return refused.exit_code
    return 0


def _demonstrate(chosen: argparse.Namespace) -> None:
    """Make the files, run the year, tell what happened."""
    home = _home(chosen.households)
    home.mkdir(parents=True, exist_ok=True)
    _settle_in(home)
    console = Console(highlight=False)
    console.print(f"A year of a grocer's customers, kept in {_short(home)}.", soft_wrap=True)
    year = prepare_year(home / "files", households=chosen.households)
    start_django()
    from demo.tell import prove, tell  # noqa: PLC0415 - its tables exist once Django is set up

    played = play(year, home, console)
    if played.again:
        console.print("\nThe year was run already, so nothing had to be done again. To run it anew, remove the folder.")
    tell(year.figures, played, console)
    prove(console)
    if not chosen.no_serve:
        _tell_how_to_go_on(home, console)
        serve(home, console, port=chosen.port)


def _arguments() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="bin/demo", description="A year of a real grocer's customers.")
    options.add_argument("--no-serve", action="store_true", help="end after the report, without serving")
    options.add_argument("--port", type=int, default=8000, help="where to serve on this machine (8000)")
    options.add_argument("--households", type=_several, metavar="N", help="take N households instead of all 2,469")
    return options.parse_args()


def _several(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError(text)
    return count


def _home(households: int | None) -> Path:
    """The folder of the demonstration: within SAYSO_HOME where that is set, else within the sources, not in git."""
    within = os.environ.get("SAYSO_HOME")
    base = Path(within).expanduser().resolve() if within else ROOT / ".work"
    return base / ("demo" if households is None else f"demo-{households}")


def _settle_in(home: Path) -> None:
    """Use a database of this folder, whatever the environment names: the demonstration must not touch another."""
    os.environ["SAYSO_HOME"] = str(home)
    for name in ("DATABASE_URL", "DATABASE_URL_FILE"):
        os.environ.pop(name, None)
    os.chdir(ROOT)


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _tell_how_to_go_on(home: Path, console: Console) -> None:
    commands = (
        f"statement {ALWAYS_IN} --workspace {WORKSPACE}",
        f"why {ALWAYS_IN} --clause shopping --audience member --language es --workspace {WORKSPACE}",
        f"balances --unit points --format csv --workspace {WORKSPACE}",
        f"program explain {LOYALTY} --language nl",
        f"backtest {LOYALTY} --workspace {WORKSPACE}",
    )
    console.print("\nTo go on in another shell, in this folder:\n")
    console.print(f"  export SAYSO_HOME={shlex.quote(_short(home))}", soft_wrap=True)
    for command in commands:
        console.print(f"  .venv/bin/sayso {command}", soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
