"""`sayso members`: who is in a group, as a table, for a spreadsheet and for machines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import BLUEBELL, run
from tests.cli.test_import import IN_TEST, purchase, written

pytestmark = pytest.mark.django_db(transaction=True)

GROUPS = BLUEBELL + (
    "facts: {orders: {count: purchase}}\n"
    "people: {groups: {regulars: member.orders >= 2, rich: member.points >= 100, inner: {by_hand: true}}}\n"
)
ASKED = ("members", "--program", "bluebell", *IN_TEST)


@pytest.fixture
def shopped(tmp_path: Path) -> None:
    """Ada bought twice, Ben once and much, and `=dario` twice."""
    assert run("workspace", "create", "test", "--test", "--timezone", "Europe/Madrid").exit_code == 0
    program = tmp_path / "bluebell.yaml"
    program.write_text(GROUPS)
    assert run("program", "publish", program, "--from", "2027-01-01", *IN_TEST).exit_code == 0
    bought = [purchase(1), purchase(2), purchase(3, "ben", 120), purchase(4, "=dario"), purchase(5, "=dario")]
    assert run("import", "events", written(tmp_path / "events.ndjson", bought), *IN_TEST).exit_code == 0


def test_who_is_in_a_group(shopped: None) -> None:
    assert run(*ASKED, "--group", "regulars").stdout.split() == ["member", "country", "language", "ada", "=dario"]
    assert json.loads(run(*ASKED, "--group", "rich", "--format", "json").stdout) == [
        {"member": "ben", "country": "", "language": ""}
    ]
    assert run(*ASKED, "--group", "inner", "--format", "csv").stdout == "member,country,language\n"


def test_no_cell_is_a_formula(shopped: None) -> None:
    listed = run(*ASKED, "--group", "regulars", "--format", "csv").stdout
    assert listed == "member,country,language\nada,,\n'=dario,,\n"


TIERS = "tiers: {by: points_earned within 12 months, levels: {bronze: 0, silver: 100}}\n"


def test_everybody_with_their_tier(shopped: None, tmp_path: Path) -> None:
    assert run("members", *IN_TEST, "--format", "csv").stdout.splitlines()[0] == "member,country,language"
    tiered = tmp_path / "tiered.yaml"
    tiered.write_text(GROUPS + TIERS)
    assert run("program", "publish", tiered, "--from", "2027-01-01", *IN_TEST).exit_code == 0
    more = written(tmp_path / "more.ndjson", [purchase(6, "ben", 120)])
    assert run("import", "events", more, *IN_TEST).exit_code == 0
    everybody = run("members", *IN_TEST, "--format", "csv").stdout
    assert everybody == "member,country,language,tier\nada,,,bronze\nben,,,silver\n'=dario,,,bronze\n"
    assert run("members", "--tier", "silver", *IN_TEST).stdout.split()[4:] == ["ben", "silver"]
    assert run(*ASKED, "--group", "regulars", "--tier", "silver", "--format", "csv").stdout.count("\n") == 2
    assert "has no tier 'gold'; it has bronze, silver" in run("members", "--tier", "gold", *IN_TEST).stderr


def test_a_group_is_some_program_s(shopped: None) -> None:
    assert run("members", "--group", "regulars", *IN_TEST).exit_code == 2
    assert run("members", "--tier", "gold", *IN_TEST).stderr == "Error: No program that runs here has any tiers.\n"


def test_what_is_not_there_is_refused(shopped: None) -> None:
    refused = run(*ASKED, "--group", "regular")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "has no group 'regular'; it has regulars, rich, inner" in refused.stderr
    refused = run("members", "--program", "friends", "--group", "regulars", *IN_TEST)
    assert (refused.exit_code, refused.stderr) == (1, "Error: No version of friends is in force in test.\n")


def test_how_they_are_reached(shopped: None, tmp_path: Path) -> None:
    known = tmp_path / "members.csv"
    known.write_text("member,email,phone,name\nada,ada@example.com,+34 600 000 000,Ada Lovell\n")
    assert run("import", "members", known, *IN_TEST).exit_code == 0
    listed = run("members", "--contact", *IN_TEST, "--format", "csv").stdout.splitlines()
    assert listed[0] == "member,country,language,name,email,phone"
    assert listed[1].startswith("ada,,,Ada Lovell,ada@example.com,")
    assert listed[2] == "ben,,,,,"
