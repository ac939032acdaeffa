"""`bin/demo --help` says what it does before anything is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("asked", ["--help", "-h"])
def test_the_help_needs_nothing_installed(asked: str, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "demo", tmp_path / "bin" / "demo")
    command = [str(tmp_path / "bin" / "demo"), asked]
    result = subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": "/usr/bin:/bin"})
    assert "bin/demo [--no-serve] [--port N] [--households N]" in result.stdout
    assert "#" not in result.stdout
    assert list(tmp_path.iterdir()) == [tmp_path / "bin"]
