"""`sayso import`: every line is taken once or refused at its number, whatever the file looks like."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sayso.domains.events.submit import submit
from tests.cli.running import BLUEBELL, FRIENDS, all_done, done, process, run, told

pytestmark = pytest.mark.django_db(transaction=True)

IN_TEST = ("--workspace", "test")
BEN = {"advocate": "ada", "friend": "ben", "program": "friends"}
MOVED_IN = {
    "id": "m-1", "type": "points_moved_in", "member": "ada", "occurred_at": "2027-02-01T10:00:00Z",
    "props": {"unit": "bean", "amount": 5},
}  # fmt: skip


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A test workspace in which Bluebell's two programs run from 2027 on; with a folder for files."""
    assert run("workspace", "create", "test", "--test", "--timezone", "Europe/Madrid").exit_code == 0
    for name, text in (("bluebell", BLUEBELL), ("friends", FRIENDS)):
        path = tmp_path / f"{name}.yaml"
        path.write_text(text)
        result = run("program", "publish", path, "--from", "2027-01-01", "--approved-by", "Eva", *IN_TEST)
        assert result.exit_code == 0, result.output
    return tmp_path


def purchase(number: int, member: str = "ada", euros: int = 12) -> dict[str, Any]:
    """A purchase of so many euros."""
    return {
        "id": f"b-{number}",
        "type": "purchase",
        "member": member,
        "occurred_at": f"2027-02-{1 + number % 28:02}T10:00:00Z",
        "amount_minor": euros * 100,
        "currency": "EUR",
    }


def written(path: Path, rows: Sequence[dict[str, Any] | str]) -> Path:
    """Write rows as NDJSON."""
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows))
    return path


def beans() -> dict[str, int]:
    """What everybody has."""
    rows = json.loads(run("balances", "--unit", "beans", "--format", "json", *IN_TEST).stdout)
    return {row["member"]: row["available"] for row in rows}


def test_events_are_taken_once(published: Path) -> None:
    file = written(published / "events.ndjson", [purchase(number) for number in range(30)])
    assert told("import", "events", file, "--batch", 7, *IN_TEST)["new"] == 30
    again = told("import", "events", file, *IN_TEST)
    assert (again["new"], again["repeated"], again["refused"]) == (0, 30, 0)
    assert beans() == {"ada": 360}


def test_a_csv_file_is_the_same_file(published: Path) -> None:
    file = written(published / "events.ndjson", [{**purchase(1), "props": {"store": "330"}}])
    as_csv = published / "events.csv"
    as_csv.write_text(
        "id,type,member,occurred_at,amount_minor,currency,props.store\n"
        "b-1,purchase,ada,2027-02-02T10:00:00Z,1200,EUR,330\n"
    )
    assert told("import", "events", as_csv, *IN_TEST)["new"] == 1
    assert told("import", "events", file, *IN_TEST)["repeated"] == 1


def test_bad_lines_are_told_and_good_ones_taken(published: Path) -> None:
    bad = {**purchase(2), "amount_minor": -5}
    file = written(published / "events.ndjson", [purchase(1), bad, "nonsense", {**purchase(3), "curency": "EUR"}])
    result = run("import", "events", file, *IN_TEST)
    assert result.exit_code == 1
    assert [f"{file}:{line}: " in result.stderr for line in (1, 2, 3, 4)] == [False, True, True, True]
    assert "3 lines were refused" in result.stderr
    assert "currency" in result.stderr
    assert beans() == {"ada": 12}


def test_strict_takes_all_or_nothing(published: Path) -> None:
    file = written(published / "events.ndjson", [purchase(1), "nonsense"])
    result = run("import", "events", file, "--strict", *IN_TEST, "--json")
    assert result.exit_code == 1
    assert [problem["line"] for problem in json.loads(result.stdout)["problems"]] == [2]
    assert beans() == {}
    written(file, [purchase(1), purchase(2)])
    assert told("import", "events", file, "--strict", *IN_TEST)["new"] == 2


def test_a_dry_run_takes_nothing(published: Path) -> None:
    file = written(published / "events.ndjson", [purchase(1)])
    assert told("import", "events", file, "--dry-run", *IN_TEST)["new"] == 1
    assert beans() == {}


def test_a_dry_run_knows_what_is_there_already(published: Path) -> None:
    file = written(published / "events.ndjson", [purchase(1)])
    assert told("import", "events", file, *IN_TEST)["new"] == 1
    written(file, [purchase(1), purchase(2)])
    said = run("import", "events", file, "--dry-run", *IN_TEST).stdout
    assert said == f"{file}: 2 lines, 1 event could be taken, 1 there already. Nothing was.\n"
    refused = run("import", "events", written(file, [purchase(1, euros=13)]), "--dry-run", *IN_TEST)
    assert (refused.exit_code, f"{file}:1: an event with this id is stored already" in refused.stderr) == (1, True)


@pytest.mark.parametrize("flags", [(), ("--dry-run",)])
def test_what_moves_nothing_is_told_with_its_count(published: Path, flags: tuple[str, ...]) -> None:
    typos = [{**purchase(number), "type": "purchse"} for number in range(3)]
    signups = [
        {
            "id": f"s-{code}",
            "type": "signup",
            "member": code,
            "occurred_at": "2027-02-10T10:00:00Z",
            "referral_code": code,
        }
        for code in ("ADA", "NOPE", "LATE")
    ]
    code = {"id": "c-1", "type": "member_updated", "member": "ada", "occurred_at": "2027-02-01T10:00:00Z"}
    codes = [{**code, "props": {"code": "ada"}}, {**code, "id": "c-2", "props": {"codes": ["late"]}}]
    file = written(published / "events.ndjson", [codes[0], *typos, purchase(9), *signups, codes[1]])
    text = run("import", "events", file, *flags, *IN_TEST).stdout
    assert "3 events of type purchse: no program listens to it; nearest purchase." in text
    assert "2 events with a code that is nobody's, so no referral opened: NOPE (1), LATE (1)." in text
    again = told("import", "events", file, *flags, *IN_TEST)
    assert again["unheeded_types"] == [{"type": "purchse", "count": 3, "nearest": "purchase"}]
    assert again["unknown_codes"] == ({"NOPE": 1, "LATE": 1} if flags else {"NOPE": 1})


def test_what_happened_before_any_program_held_is_counted_and_told(published: Path) -> None:
    early = {**purchase(1), "occurred_at": "2026-12-31T22:59:59Z"}
    file = written(published / "events.ndjson", [early, purchase(2)])
    said = "1 event from before any program held (2027-01-01T00:00:00+01:00): counted, and nothing is given for it."
    assert said in run("import", "events", file, "--dry-run", *IN_TEST).stdout
    assert told("import", "events", file, *IN_TEST)["before_any_version"] == 1
    assert beans() == {"ada": 12}


def test_without_a_program_everything_is_only_counted(tmp_path: Path) -> None:
    assert run("workspace", "create", "test", "--test").exit_code == 0
    file = written(tmp_path / "events.ndjson", [purchase(1), purchase(2)])
    assert "2 events only counted: no program is published here" in run("import", "events", file, *IN_TEST).stdout


def test_the_same_id_with_another_body_is_refused(published: Path) -> None:
    file = written(published / "events.ndjson", [purchase(1), purchase(1, euros=13)])
    result = run("import", "events", file, *IN_TEST)
    assert result.exit_code == 1
    assert f"{file}:2: an event with this id is stored already and differs in amount_minor" in result.stderr
    assert told("import", "events", file, "--source", "till", "--batch", 1, "--dry-run", *IN_TEST)["new"] == 2


def test_nobody_sends_in_the_name_of_sayso(published: Path) -> None:
    file = written(published / "events.ndjson", [purchase(1)])
    refused = run("import", "events", file, "--source", "sayso", *IN_TEST)
    assert refused.exit_code == 2
    assert "--source sayso is Sayso's own" in refused.stderr


def test_history_counts_and_rewards_nothing(published: Path) -> None:
    file = written(published / "events.ndjson", [purchase(1)])
    assert told("import", "events", file, "--as", "history", *IN_TEST)["new"] == 1
    assert beans() == {"ada": 0}


def test_what_is_taken_over_is_booked_as_history_too(published: Path) -> None:
    file = written(published / "list.ndjson", [{"member": "ada", "unit": "beans", "amount": 5}])
    assert told("import", "balances", file, "--as", "history", *IN_TEST)["new"] == 1
    assert beans() == {"ada": 5}


def test_the_future_is_refused_in_a_live_workspace(published: Path) -> None:
    assert run("workspace", "create", "live").exit_code == 0
    file = written(published / "events.ndjson", [{**purchase(1), "occurred_at": "2999-01-01T00:00:00Z"}])
    result = run("import", "events", file, "--workspace", "live")
    assert result.exit_code == 1
    assert "5 minutes ahead" in result.stderr


def test_a_company_moves_in(published: Path) -> None:
    members, balances, referrals = (published / f"{name}.csv" for name in ("members", "balances", "referrals"))
    members.write_text(
        "member,email,name,tags,account,joined_at,attributes.size:json\n"
        "ada,ada@example.com,Ada,regular;early,,2025-03-01,3\n"
        "ben,ben@example.com,Ben,,,,\n"
    )
    balances.write_text("member,unit,amount,expires_at\nada,beans,120,2027-06-30\nben,beans,0,\nada,EUR,250,\n")
    referrals.write_text(
        "advocate,friend,program,code,opened_at,steps\n"
        "ada,ben,friends,ADA-OLD,2027-01-10,signed_up=2027-01-10T09:00:00Z\n"
        "chloé,,,CHLOE1,,\n"
    )
    for kind, file, new in (("members", members, 2), ("balances", balances, 3), ("referrals", referrals, 3)):
        assert told("import", kind, file, *IN_TEST)["new"] == new
        again = told("import", kind, file, *IN_TEST)
        assert (again["new"], again["repeated"]) == (0, new)
    assert beans() == {"ada": 120, "ben": 0, "chloé": 0}
    assert "2027-07-01T00:00:00+02:00" in run("statement", "ada", *IN_TEST).stdout
    signup = {"id": "s-1", "type": "signup", "member": "dario", "occurred_at": "2027-01-20T10:00:00Z"}
    signup["referral_code"] = "ada-old"
    file = written(published / "events.ndjson", [purchase(1, "ben", 30), signup, purchase(25, "dario", 30)])
    assert told("import", "events", file, *IN_TEST)["new"] == 3
    credit = json.loads(run("balances", "--unit", "EUR", "--format", "json", *IN_TEST).stdout)
    assert {row["member"]: row["available"] for row in credit}["ada"] == 250 + 2 * 1000
    assert run("verify", *IN_TEST).exit_code == 0


@pytest.mark.parametrize(
    ("kind", "line", "problem"),
    [
        ("balances", {"member": "ada", "unit": "beans", "amount": -1}, "whole number between"),
        ("balances", {"member": "ada", "unit": "beans", "amount": 1, "expires_at": "June"}, "is no moment"),
        ("balances", {"member": "a", "unit": "beans", "amount": 1, "expires_at": "9999-12-31"}, "beyond the calendar"),
        ("balances", {"member": "ada", "unit": "beans"}, "amount is missing"),
        ("balances", {"member": "ada", "unit": "beans", "amount": 1, "expires": "2027-06-30"}, "no field 'expires'"),
        ("balances", {"member": "ada", "unit": "bean", "amount": 1}, "no published program has 'bean'; write beans"),
        ("balances", {"member": "ada", "unit": "eur", "amount": 0}, "no published program has 'eur'; write EUR"),
        ("balances", {"member": "ada", "unit": "miles", "amount": 1}, "has 'miles'; there are EUR, beans"),
        ("events", MOVED_IN, "no published program has 'bean'; write beans"),
        ("members", {"member": "ada", "email": "nonsense"}, "no e-mail address"),
        ("members", {"member": "ada", "tags": "regular"}, "a list of texts"),
        ("referrals", {"advocate": "ada"}, "a friend is missing"),
        ("referrals", {**BEN, "program": "fiends"}, "'fiends' is not published"),
        ("referrals", {**BEN, "steps": {"x": "2027-01-01"}}, "no step"),
        ("referrals", {**BEN, "friend": "ada"}, "was not moved in: self referral"),
    ],
)
def test_bad_lines_of_lists(published: Path, kind: str, line: dict[str, Any], problem: str) -> None:
    file = written(published / "list.ndjson", [line])
    result = run("import", kind, file, *IN_TEST)
    assert result.exit_code == 1
    assert f"{file}:1: " in result.stderr
    assert problem in result.stderr


@pytest.mark.parametrize("kind", ["members", "events", "referrals"])
def test_a_code_that_somebody_else_has_is_told_by_line(published: Path, kind: str) -> None:
    ada = {"member": "ada", "code": "ADA-1"}
    assert told("import", "members", written(published / "ada.ndjson", [ada]), *IN_TEST)["new"] == 1
    event = {"id": "u-1", "type": "member_updated", "member": "ben", "occurred_at": "2027-02-01T10:00:00Z"}
    lines: dict[str, list[dict[str, Any]]] = {
        "members": [ada, {"member": "ben", "code": "ada-1"}],
        "events": [{**event, "id": "u-0"}, {**event, "props": {"codes": ["BEN-1", "ada-1"]}}],
        "referrals": [{"advocate": "ada", "code": "ADA-1"}, {"advocate": "ben", "code": "ada-1"}],
    }
    file = written(published / "list.ndjson", lines[kind])
    for _ in range(2):
        result = run("import", kind, file, *IN_TEST)
        assert result.exit_code == 0
        assert f"{file}:2: somebody else recommends with the code 'ada-1', and it stays theirs\n" in result.stderr
        assert result.stderr.count("recommends with") == 1
    assert "stays with ada, who recommends with it already" in run("why", "ben", *IN_TEST).stdout


def test_an_address_that_somebody_else_has_is_told_by_line(published: Path) -> None:
    ada = {"member": "ada", "email": "Ada@example.com", "phone": "+34600000001"}
    lines = [ada, {"member": "ben", "email": "ada@example.com", "phone": "+34 600 000 001"}, {**ada, "member": "eva"}]
    file = written(published / "list.ndjson", lines[:2])
    for _ in range(2):
        result = run("import", "members", file, *IN_TEST)
        assert result.exit_code == 0
        assert f"{file}:2: ada has the e-mail address ada@example.com already, and it stays theirs\n" in result.stderr
        assert f"{file}:2: ada has the phone number +34600000001 already, and it stays theirs\n" in result.stderr
        assert f"{file}:1: " not in result.stderr
    told_of_eva = told("import", "members", written(file, lines), "--batch", 1, *IN_TEST)["problems"]
    assert [each["line"] for each in told_of_eva] == [2, 2, 3, 3]


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("members", {"member": "ada", "code": "ADA"}),
        ("balances", {"member": "ada", "unit": "beans", "amount": 5}),
        ("referrals", BEN),
    ],
)
def test_the_same_list_taken_twice_at_once_is_taken_once(
    published: Path, monkeypatch: pytest.MonkeyPatch, kind: str, line: dict[str, Any]
) -> None:
    file = written(published / "list.ndjson", [line])

    def only_after_the_other(*args: Any, **named: Any) -> Any:
        monkeypatch.setattr("sayso.cli.imports.take.submit", submit)
        first = told("import", kind, file, *IN_TEST)
        assert (first["repeated"], first["refused"]) == (0, 0)
        return submit(*args, **named)

    monkeypatch.setattr("sayso.cli.imports.take.submit", only_after_the_other)
    second = told("import", kind, file, *IN_TEST)
    assert (second["new"], second["refused"]) == (0, 0)
    assert second["repeated"] == told("import", kind, file, *IN_TEST)["repeated"] > 0


MEMBERS = "member,email,name,tags,attributes.size:json\nada,ada@example.com,Ada,early,3\n"


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("events", "members.csv", MEMBERS),
        ("events", "members.ndjson", '{"member": "ada", "email": "ada@example.com"}\n{"member": "ben"}\n'),
        ("members", "events.csv", "id,type,member,occurred_at,props.x\n1,purchase,ada,2027-01-01T00:00:00Z,\n"),
        ("members", "balances.csv", "member,unit,amount\nada,beans,3\n"),
    ],
)
def test_a_file_of_another_kind_is_told_in_one_sentence(published: Path, kind: str, name: str, text: str) -> None:
    (published / name).write_text(text)
    refused = run("import", kind, published / name, *IN_TEST)
    other = name.partition(".")[0]
    assert refused.exit_code == 1
    assert refused.stderr == f"Error: This looks like a file of {other}; use sayso import {other}.\n"


def test_columns_of_other_systems_are_told_what_they_are_called_here(published: Path) -> None:
    file = published / "till.csv"
    file.write_text("order_id,event,customer,date,amount,colour\n")
    told_so = run("import", "events", file, *IN_TEST).stderr
    for said in (
        "'amount'; write amount_minor, in minor units of the currency: 1240 for 12.40.",
        "'customer'; write member.", "'date'; write occurred_at.", "'event'; write type.", "'order_id'; write id.",
        "There is no column 'colour'.\n",
    ):  # fmt: skip
        assert said in told_so
    assert told_so.count("Known are ") == 1


def test_an_amount_is_told_to_be_in_minor_units(published: Path) -> None:
    row = {name: value for name, value in purchase(1).items() if name != "amount_minor"}
    file = written(published / "events.ndjson", [{**row, "amount": 12.40}])
    assert "1240 for 12.40. Write amount_minor." in run("import", "events", file, *IN_TEST).stderr


def test_another_amount_for_the_same_balance_is_refused(published: Path) -> None:
    file = written(published / "list.ndjson", [{"member": "ada", "unit": "beans", "amount": 5}])
    assert told("import", "balances", file, *IN_TEST)["new"] == 1
    written(file, [{"member": "ada", "unit": "beans", "amount": 6}])
    for flags in ((), ("--dry-run",)):
        refused = run("import", "balances", file, *flags, *IN_TEST)
        assert f"{file}:1: beans of ada was taken over as 5 already, and stays so" in refused.stderr
    assert beans() == {"ada": 5}
    written(file, [{"member": "ada", "unit": "beans", "amount": 0}])
    assert "beans of ada was taken over as 5 already" in run("import", "balances", file, *IN_TEST).stderr
    row = {"member": "ben", "unit": "beans", "expires_at": "2027-06-30"}
    assert told("import", "balances", written(file, [{**row, "amount": 0}]), *IN_TEST)["new"] == 1
    other = run("import", "balances", written(file, [{**row, "amount": 7}]), *IN_TEST)
    assert "beans of ben until 2027-07-01T00:00:00+02:00 was taken over as 0 already" in other.stderr


def test_standard_input() -> None:
    text = "id,type,member,occurred_at\n1,visited,ada,2024-02-01T10:00:00Z\n"
    assert run("workspace", "create", "default").exit_code == 0
    assert run("import", "events", "-", "--format", "csv", text=text).exit_code == 0
    assert run("import", "events", "-", text=text).exit_code == 1
    assert run("import", "events", "-", "--format", "csv", "--strict", text=text).exit_code == 2


def count_events(url: str) -> int:
    """How long the logs are, asked as quickly as can be."""
    question = "SELECT COUNT(*) FROM events_event"
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return int(connection.execute(question).fetchone()[0])
    import psycopg

    with psycopg.connect(url) as connected:
        row = connected.execute(question).fetchone()
        return int(row[0]) if row else 0


def test_a_killed_import_goes_on_where_it_was(tmp_path: Path, migrated_database_url: str) -> None:
    url, home = migrated_database_url, tmp_path / "home"
    file = written(tmp_path / "events.ndjson", [purchase(number, f"m-{number % 50}") for number in range(900)])
    program = tmp_path / "bluebell.yaml"
    program.write_text(BLUEBELL)
    all_done(
        url,
        home,
        ("workspace", "create", "test", "--test"),
        ("program", "publish", program, "--from", "2027-01-01", *IN_TEST),
    )
    running = process(url, home, "import", "events", file, "--batch", 5, *IN_TEST)
    while (taken := count_events(url)) < 100:
        assert running.poll() is None
        time.sleep(0.01)
    running.kill()
    running.communicate()
    assert 100 <= taken <= count_events(url) < 900
    again = json.loads(done(url, home, "import", "events", file, "--json", *IN_TEST))
    assert again["new"] + again["repeated"] == 900
    assert again["repeated"] >= 99  # the publication is an event too
    rows = json.loads(done(url, home, "balances", "--format", "json", *IN_TEST))
    assert sum(row["available"] for row in rows) == 900 * 12
    done(url, home, "verify", *IN_TEST)
