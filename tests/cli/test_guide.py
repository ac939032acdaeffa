"""The guide is true: every command that it shows is run, in an empty database, and prints what stands there."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.guide import GUIDE, Command, File, read_page, write_output
from tests.cli.running import SOURCES, run

PAGES = [
    page.name for page in sorted(GUIDE.glob("*.md")) if any(isinstance(each, Command) for each in read_page(page.name))
]


def printed(command: Command, home: Path) -> str:
    """Run a command as it stands; one with settings before it gets a process of its own."""
    words = shlex.split(command.line)
    settings = [word for word in words if "=" in word and words.index(word) < words.index("sayso")]
    arguments = words[len(settings) + 1 :]
    if not settings:
        return run(*arguments).output
    environment = {**os.environ, "PYTHONPATH": str(SOURCES), "SAYSO_HOME": str(home)}
    environment.update({name: value for name, _, value in (setting.partition("=") for setting in settings)})
    result = subprocess.run(
        [sys.executable, "-m", "sayso.cli", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    return result.stdout + result.stderr


def test_the_guide_shows_commands() -> None:
    assert {"import.md", "operate.md", "write-a-program.md"} <= set(PAGES)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_true(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With SAYSO_WRITE_GUIDE set, what is printed now is written into the page, to be read before it is kept."""
    monkeypatch.chdir(tmp_path)
    writes = "SAYSO_WRITE_GUIDE" in os.environ
    for shown in read_page(page):
        if isinstance(shown, File):
            (tmp_path / shown.name).write_text(shown.text, encoding="utf-8")
            continue
        output = printed(shown, tmp_path / "home")
        if writes and not shown.prints(output):
            write_output(page, shown, output)
        assert writes or shown.prints(output), f"$ {shown.line}\n{output}"
