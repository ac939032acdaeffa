"""`sayso program check|explain|changes` on files alone: what is said, where, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import BLUEBELL as PROGRAM
from tests.cli.running import run


@pytest.fixture
def bluebell(tmp_path: Path) -> Path:
    path = tmp_path / "bluebell.yaml"
    path.write_text(PROGRAM)
    return path


def test_a_sound_program_is_told_so(bluebell: Path) -> None:
    result = run("program", "check", bluebell)
    assert result.exit_code == 0
    assert "may be published" in result.stdout


def test_every_problem_is_told_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bluebell.yaml"
    path.write_text(PROGRAM.replace("1 per 1 EUR", "1 per 1 Euro").replace("currency: EUR", "curency: EUR"))
    result = run("program", "check", path)
    assert result.exit_code == 1
    assert f"{path}:4:" in result.stderr
    assert f"{path}:8:" in result.stderr
    assert "currency" in result.stderr
    assert result.stdout == ""


def test_problems_for_machines(tmp_path: Path) -> None:
    path = tmp_path / "bluebell.yaml"
    path.write_text(PROGRAM.replace("currency: EUR", "curency: EUR"))
    result = run("program", "check", path, "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["ok"]) == (1, False)
    assert {"line", "column", "path", "message", "instead", "severity"} == set(told["problems"][0])


def test_a_program_from_standard_input(bluebell: Path) -> None:
    assert run("program", "check", "-", text=PROGRAM).exit_code == 0


def test_a_file_that_is_not_there_is_a_mistake_of_usage() -> None:
    assert run("program", "check", "nowhere.yaml").exit_code == 2


def test_a_document_of_any_size_is_refused_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)
    result = run("program", "check", path)
    assert result.exit_code == 1
    assert "larger than 1 MB" in result.stderr


@pytest.mark.parametrize("language", ["en", "es", "it", "nl"])
def test_a_program_is_explained(bluebell: Path, language: str) -> None:
    result = run("program", "explain", bluebell, "--language", language)
    assert result.exit_code == 0
    assert "Bluebell Coffee" in result.stdout
    told = json.loads(run("program", "explain", bluebell, "--language", language, "--json").stdout)
    assert told["language"] == language
    assert any(section["paragraphs"] for section in told["sections"])


def test_a_broken_program_is_not_explained(tmp_path: Path) -> None:
    path = tmp_path / "bluebell.yaml"
    path.write_text("sayso: 1\n")
    result = run("program", "explain", path)
    assert (result.exit_code, result.stdout) == (1, "")


def test_two_files_are_compared_in_words(bluebell: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.yaml"
    newer.write_text(PROGRAM.replace("1 per 1 EUR", "2 per 1 EUR"))
    result = run("program", "changes", newer, "--against", bluebell)
    assert result.exit_code == 0
    told = json.loads(run("program", "changes", newer, "--against", bluebell, "--json").stdout)
    assert [change["path"] for change in told["changes"]] == ["points.earn.shopping.give"]
    assert told["changes"][0]["sentence"] in result.stdout


def test_nothing_changes(bluebell: Path) -> None:
    assert run("program", "changes", bluebell, "--against", bluebell).stdout == "Nothing changes.\n"
