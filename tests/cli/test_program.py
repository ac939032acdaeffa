"""`sayso program check|explain|changes` on files alone: what is said, where, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import BLUEBELL as PROGRAM
from tests.cli.running import run, told

IN_TEST = ("--workspace", "test")


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


@pytest.mark.django_db(transaction=True)
def test_of_a_program_that_is_not_published_yet_everything_is_new(bluebell: Path) -> None:
    assert run("workspace", "create", "test", "--test").exit_code == 0
    first = run("program", "changes", bluebell, *IN_TEST)
    said = "It would be the first version of bluebell in test: everything in it is new.\n"
    assert (first.exit_code, first.stdout) == (0, said)
    assert told("program", "changes", bluebell, *IN_TEST) == {"program": "bluebell", "changes": [], "first": True}
    made = run("program", "publish", bluebell, *IN_TEST)
    assert made.stdout == "Published bluebell, version 1.\n"
    assert told("program", "changes", bluebell, *IN_TEST)["first"] is False


@pytest.mark.django_db(transaction=True)
def test_publishing_says_what_another_budget_does_now_and_from_when_a_period_brings_it(tmp_path: Path) -> None:
    assert run("workspace", "create", "test", "--test").exit_code == 0
    files = [tmp_path / f"{amount}.yaml" for amount in (1500, 50)]
    for file, since in zip(files, ("2027-01-01", "2027-04-02"), strict=True):
        file.write_text(f"{PROGRAM}budget: {{amount: {file.stem} EUR, per: quarter}}\n")
        made = run("program", "publish", file, "--from", since, "--approved-by", "Eva", *IN_TEST)
        assert made.exit_code == 0
    assert made.stdout.splitlines()[-1] == (
        "What is left of the budget fell at once by €1,450, at most to nothing. "
        "The period of 2027-07-01 is the first that brings €50."
    )


@pytest.mark.django_db(transaction=True)
def test_versions_are_listed_with_what_they_changed(bluebell: Path, tmp_path: Path) -> None:
    assert run("workspace", "create", "test", "--test", "--timezone", "Europe/Madrid").exit_code == 0
    newer = tmp_path / "newer.yaml"
    newer.write_text(PROGRAM.replace("1 per 1 EUR", "2 per 1 EUR"))
    assert run("program", "versions", *IN_TEST).stdout == "Nothing is published in test yet.\n"
    for file, since in ((bluebell, "2027-01-01"), (newer, "2027-03-01")):
        assert run("program", "publish", file, "--from", since, "--approved-by", "Eva", *IN_TEST).exit_code == 0
    again = run("program", "publish", newer, "--from", "2027-04-01", *IN_TEST)
    assert (again.exit_code, again.stdout) == (0, "bluebell is published already as version 2; nothing changed.\n")
    listed = run("program", "versions", "bluebell", *IN_TEST).stdout.splitlines()
    assert listed[0].startswith("bluebell, version 1: holds from 2027-01-01T00:00:00+01:00; published ")
    assert listed[1] == "  The first version."
    assert listed[2].endswith(", approved by Eva")
    assert "to 2 beans for every €1" in listed[3]
    rows = told("program", "versions", *IN_TEST)["versions"]
    assert [(row["version"], row["holds_from"][:10]) for row in rows] == [(1, "2027-01-01"), (2, "2027-03-01")]
    refused = run("program", "versions", "bluebel", *IN_TEST)
    assert refused.stderr == "Error: There is no program 'bluebel' in test; there are bluebell.\n"
