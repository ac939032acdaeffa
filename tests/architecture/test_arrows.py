"""The import contracts of pyproject.toml hold, and each of them fails when its arrow is broken."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Beside the interpreter, wherever the environment is; `python -m` does not run import-linter's command.
LINTER = Path(sys.executable).with_name("lint-imports")

# Where the forbidden line goes, the line, and the contract that must refuse it.
BROKEN_ARROWS = [
    ("core/ledger/units.py", "import sayso.domains", "rings"),
    ("core/ledger/units.py", "import sayso.core.engine", "core-rooms"),
    ("core/ledger/units.py", "import sayso.core.program", "core-rooms"),
    ("core/program/__init__.py", "import sayso.core.ledger", "core-rooms"),
    ("core/program/__init__.py", "import sayso.core.engine", "core-rooms"),
    ("core/engine/__init__.py", "import django", "pure-core"),
    ("core/program/__init__.py", "import msgspec", "pure-core"),
    ("core/ledger/units.py", "import psycopg", "pure-core"),
    ("core/engine/__init__.py", "import pydantic", "standard-library-core"),
    ("domains/workspaces/__init__.py", "import sayso.domains.events", "domain-order"),
    ("domains/events/__init__.py", "import sayso.domains.decisions", "domain-order"),
    ("domains/workspaces/__init__.py", "import sayso.cli", "rings"),
    ("cli/__init__.py", "import sayso.config", "rings"),
    ("cli/__init__.py", "import sayso.web", "rings"),
    ("web/console/home.py", "import sayso.web.api", "web-apps"),
]


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the import contracts over the package in `folder`/src."""
    command = [str(LINTER), "--config", str(folder / "pyproject.toml"), "--no-cache", *arguments]
    environment = {"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the sources and their contracts, to be broken."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("place", "line", "contract"), BROKEN_ARROWS)
def test_a_broken_arrow_is_refused(copy: Path, place: str, line: str, contract: str) -> None:
    module = copy / "src" / "sayso" / place
    module.write_text(f"{module.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    result = lint(copy, "--contract", contract)
    assert result.returncode == 1
    assert "BROKEN" in result.stdout, result.stdout + result.stderr


def test_a_room_without_a_place_is_refused(copy: Path) -> None:
    (copy / "src" / "sayso" / "domains" / "misc").mkdir()
    (copy / "src" / "sayso" / "domains" / "misc" / "__init__.py").write_text("")
    assert lint(copy, "--contract", "domain-order").returncode == 1
