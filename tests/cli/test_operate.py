"""Everything an operator does: workspaces and clocks, books and their proof, what was set aside, backups."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.cli.running import BLUEBELL, FRIENDS, SOURCES, all_done, done, process, run, told
from tests.cli.test_import import IN_TEST, published, purchase, written

__all__ = ["published"]

database = pytest.mark.django_db(transaction=True)


@database
def test_init_may_be_repeated() -> None:
    assert told("init")["created"] is True
    assert told("init")["created"] is False


@database
def test_workspaces_are_created_once_and_listed() -> None:
    assert told("workspace", "create", "shop", "--timezone", "Europe/Rome")["kind"] == "live"
    assert told("workspace", "create", "trial", "--test")["kind"] == "test"
    refused = run("workspace", "create", "shop")
    assert (refused.exit_code, refused.stderr) == (1, "Error: There is a workspace 'shop' already.\n")
    assert run("workspace", "create", "Shop!").exit_code == 1
    assert run("workspace", "create", "other", "--timezone", "Europe/Rom").exit_code == 1
    listed = told("workspace", "list")["workspaces"]
    assert [(each["workspace"], each["kind"], each["timezone"]) for each in listed] == [
        ("shop", "live", "Europe/Rome"),
        ("trial", "test", "UTC"),
    ]


@database
@pytest.mark.parametrize("command", ["balances", "verify", "clock", "sweep", "set-aside list", "statement ada"])
def test_an_unknown_workspace_is_refused_everywhere(command: str) -> None:
    refused = run(*command.split(), "--workspace", "nowhere", "--json")
    assert refused.exit_code == 1
    told = json.loads(refused.stdout)["error"]
    assert told == "There is no workspace 'nowhere'; there are none yet, and `sayso init` makes the first."


def test_a_database_that_was_not_set_up(tmp_path: Path, fresh_database_url: str) -> None:
    running = process(fresh_database_url, tmp_path / "home", "verify")
    output, errors = running.communicate(timeout=60)
    assert (running.returncode, output) == (1, "")
    parts = urlsplit(fresh_database_url)
    assert errors.startswith("Error: The database ")
    assert " is not set up yet. Run `sayso init` first" in errors
    assert Path(parts.path).name in errors
    assert parts.password is None or f":{parts.password}" not in errors


def test_the_help_comes_without_django(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom sayso.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "assert not {'django', 'pydantic', 'rich', 'ruamel'} & sys.modules.keys(), sorted(sys.modules)\n"
    )
    import subprocess
    import sys

    result = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(SOURCES)}, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "backtest" in result.stdout


@database
def test_books_are_listed_told_and_proven(published: Path) -> None:
    file = written(published / "events.ndjson", [purchase(1), purchase(2, "=1+1"), purchase(3, "ben", 0)])
    assert run("import", "events", file, *IN_TEST).exit_code == 0
    assert run("balances", "--format", "csv", *IN_TEST).stdout.splitlines() == [
        "member,unit,available,held",
        "'=1+1,beans,12,0",
        "ada,beans,12,0",
        "ben,beans,0,0",
    ]
    assert "12" in run("balances", "--unit", "beans", *IN_TEST).stdout
    told_of_ada = told("statement", "ada", *IN_TEST)
    assert [(line["reason"], line["amount"], line["balance"]) for line in told_of_ada["lines"]] == [("earn", 12, 12)]
    assert "Nothing was ever booked" in run("statement", "ben", *IN_TEST).stdout
    assert run("statement", "eva", *IN_TEST).exit_code == 1
    proven = told("verify", *IN_TEST)
    assert (proven["broken"], len(proven["head"])) == ([], 64)
    assert run("verify", "--head", proven["head"], *IN_TEST).exit_code == 0
    assert "which was kept" in run("verify", "--head", "0" * 63 + "1", *IN_TEST).stderr
    assert "'xyz' is no head" in run("verify", "--head", "xyz", *IN_TEST).stderr


@database
def test_a_unit_that_nobody_knows_is_refused(published: Path) -> None:
    assert run("import", "members", written(published / "list.ndjson", [{"member": "ada"}]), *IN_TEST).exit_code == 0
    assert "ada,beans,0,0" in run("balances", "--unit", "beans", "--format", "csv", *IN_TEST).stdout
    assert (
        run("balances", "--unit", "bean", *IN_TEST).stderr == "Error: There is no unit 'bean'; there are EUR, beans.\n"
    )
    assert run("balances", *IN_TEST).exit_code == 1


@database
def test_a_changed_row_is_named(published: Path) -> None:
    from django.db import connection

    file = written(published / "events.ndjson", [purchase(number) for number in range(3)])
    assert run("import", "events", file, *IN_TEST).exit_code == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT MIN(id) FROM ledger_transfer")
        (number,) = cursor.fetchone()
        cursor.execute("UPDATE ledger_transfer SET amount = amount + 1 WHERE id = %s", [number])
    refused = run("verify", *IN_TEST)
    assert refused.exit_code == 1
    assert f"transfer {number}" in refused.stderr
    named = json.loads(run("verify", "--json", *IN_TEST).stdout)["broken"]
    assert ("transfer", str(number)) in [(each["table"], each["row"]) for each in named]


@database
def test_the_clock_of_a_test_workspace_moves_forward_only(published: Path) -> None:
    assert told("clock", *IN_TEST)["clock"] == "2027-01-01T00:00:00+01:00"
    assert told("clock", "2027-03-01", *IN_TEST)["clock"] == "2027-03-01T00:00:00+01:00"
    assert run("clock", "2027-02-01", *IN_TEST).exit_code == 1
    assert run("clock", "soon", *IN_TEST).exit_code == 2
    assert run("workspace", "create", "default").exit_code == 0
    assert run("clock").exit_code == 0
    assert run("clock", "2999-01-01").exit_code == 1
    assert told("sweep")["fired"] == 0


@database
def test_what_falls_due_happens_when_the_clock_passes(published: Path) -> None:
    row = {"member": "ada", "unit": "beans", "amount": 5, "expires_at": "2027-01-31"}
    assert run("import", "balances", written(published / "list.ndjson", [row]), *IN_TEST).exit_code == 0
    assert told("clock", "2027-01-31T23:59:59", *IN_TEST)["fired"] == 0
    assert told("clock", "2027-02-01", *IN_TEST)["fired"] == 1
    assert json.loads(run("balances", "--format", "json", *IN_TEST).stdout)[0]["available"] == 0


@database
def test_events_that_cannot_be_decided_wait_for_their_cause(published: Path) -> None:
    file = written(published / "events.ndjson", [{**purchase(1), "currency": "USD"}])
    taken = told("import", "events", file, *IN_TEST)
    assert (taken["new"], taken["set_aside"], taken["refused"]) == (1, 1, 0)
    (waiting,) = told("set-aside", "list", *IN_TEST)["set_aside"]
    assert waiting["id"] == "b-1"
    assert told("set-aside", "replay", *IN_TEST)["decided"] == 0
    props = {"from": "USD", "to": "EUR", "rate": "0.5"}
    rate = {"id": "r-1", "type": "rate_set", "occurred_at": purchase(1)["occurred_at"], "props": props}
    assert run("import", "events", written(file, [rate]), *IN_TEST).exit_code == 0
    (waiting,) = told("set-aside", "list", *IN_TEST)["set_aside"]  # at a new place, since it was tried again
    assert told("set-aside", "replay", waiting["position"], *IN_TEST)["decided"] == 1
    assert run("set-aside", "list", *IN_TEST).stdout == "Nothing is set aside.\n"


@database
def test_a_program_is_published_version_by_version(published: Path) -> None:
    newer = published / "newer.yaml"
    newer.write_text(BLUEBELL.replace("1 per 1 EUR", "2 per 1 EUR"))
    changes = told("program", "changes", newer, *IN_TEST)["changes"]
    assert [each["path"] for each in changes] == ["points.earn.shopping.give"]
    made = told("program", "publish", newer, "--from", "2027-02-05", "--approved-by", "Eva", *IN_TEST)
    assert (made["program"], made["version"], changes[0]["sentence"] in made["summary"]) == ("bluebell", 2, True)
    file = written(published / "events.ndjson", [purchase(1), purchase(20)])
    assert run("import", "events", file, *IN_TEST).exit_code == 0
    assert json.loads(run("balances", "--format", "json", *IN_TEST).stdout)[0]["available"] == 12 + 24


@database
def test_contradictions_between_programs_are_refused(published: Path) -> None:
    other = published / "other.yaml"
    other.write_text(BLUEBELL.replace("program: bluebell", "program: other") + "  expire: {after: 12 months}\n")
    refused = run("program", "publish", other, *IN_TEST)
    assert refused.exit_code == 1
    assert "bluebell" in refused.stderr
    assert told("program", "changes", other, *IN_TEST)["first"] is True  # nothing of it was published


@database
def test_programs_that_share_points_are_published_in_one_act(published: Path) -> None:
    files = [published / "bluebell.yaml", published / "other.yaml"]
    for file, name in zip(files, ("bluebell", "other"), strict=True):
        file.write_text(BLUEBELL.replace("program: bluebell", f"program: {name}") + "  expire: {after: 12 months}\n")
    made = told("program", "publish", *files, *IN_TEST)["published"]
    assert [(each["program"], each["version"]) for each in made] == [("bluebell", 2), ("other", 1)]
    files[1].write_text(files[1].read_text().replace("12 months", "6 months"))
    refused = run("program", "publish", *files, *IN_TEST)
    assert (refused.exit_code, "other.yaml: error: points.expire" in refused.stderr) == (1, True)


@database
def test_a_draft_is_run_over_the_history(published: Path) -> None:
    file = written(published / "events.ndjson", [purchase(number, f"m-{number % 3}") for number in range(9)])
    assert run("import", "events", file, *IN_TEST).exit_code == 0
    same = told("backtest", published / "bluebell.yaml", *IN_TEST)
    assert (same["unchanged"], same["compared"]["events"] >= 9) == (True, True)
    newer = published / "newer.yaml"
    newer.write_text(BLUEBELL.replace("1 per 1 EUR", "2 per 1 EUR"))
    report = told("backtest", newer, *IN_TEST)
    assert [(line["received"], line["gained"], line["lost"]) for line in report["points"]] == [([108, 216], 108, 0)]
    assert "108" in run("backtest", newer, *IN_TEST).stdout
    newer.write_text("sayso: 1\n")
    assert run("backtest", newer, *IN_TEST).exit_code == 1


@database
def test_one_reward_that_was_tampered_with_is_reported(published: Path) -> None:
    from django.db import connection

    signup = {"id": "s-1", "type": "signup", "member": "ben", "occurred_at": "2027-01-20T10:00:00Z"}
    rows = [{**signup, "referral_code": "ADA"}, purchase(1, "ben", 30), purchase(2, "ben", 30)]
    members = written(published / "members.ndjson", [{"member": "ada", "code": "ADA"}])
    assert run("import", "members", members, *IN_TEST).exit_code == 0
    assert run("import", "events", written(published / "events.ndjson", rows), *IN_TEST).exit_code == 0
    same = told("backtest", published / "friends.yaml", *IN_TEST)
    assert (same["unchanged"], same["compared"]["rewards"]) == (True, 1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rewards_reward SET cost_minor = cost_minor + 1")
    report = told("backtest", published / "friends.yaml", *IN_TEST)
    assert (report["unchanged"], report["counts"]) == (False, {"gained": 0, "lost": 0, "changed": 1})
    (line,) = report["changed"]
    assert (line["member"], line["clause"], line["terms"]) == ("ada", "thanks", {"cost_minor": [1001, 1000]})


# --- backups --------------------------------------------------------------------------------------------------------


@pytest.fixture
def company(tmp_path: Path, migrated_database_url: str) -> str:
    """A database in which two programs run and some things happened; its URL."""
    home = tmp_path / "home"
    for name, text in (("bluebell", BLUEBELL), ("friends", FRIENDS)):
        (tmp_path / f"{name}.yaml").write_text(text)
    written(tmp_path / "members.ndjson", [{"member": "ada", "code": "ADA", "name": 'Ada\u2028\t\\ "x"', "tags": ["a"]}])
    signup = {**purchase(1, "ben"), "id": "s-1", "type": "signup", "referral_code": "ada"}
    signup = {name: value for name, value in signup.items() if name not in ("amount_minor", "currency")}
    rows = [signup, *(purchase(number, "ben", 30) for number in range(2, 12))]
    written(tmp_path / "events.ndjson", rows)
    all_done(
        migrated_database_url,
        home,
        ("workspace", "create", "test", "--test", "--timezone", "Europe/Madrid"),
        ("program", "publish", tmp_path / "bluebell.yaml", "--from", "2027-01-01", *IN_TEST),
        ("program", "publish", tmp_path / "friends.yaml", "--from", "2027-01-01", *IN_TEST),
        ("import", "members", tmp_path / "members.ndjson", *IN_TEST),
        ("import", "events", tmp_path / "events.ndjson", *IN_TEST),
    )
    return migrated_database_url


def test_a_backup_goes_from_either_database_to_sqlite(tmp_path: Path, company: str) -> None:
    home, first = tmp_path / "home", tmp_path / "first.zip"
    elsewhere = f"sqlite:///{tmp_path}/elsewhere.sqlite3"
    done(company, home, "backup", first)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert process(company, home, "backup", first).wait(60) == 1
    assert process(company, home, "restore", first).wait(60) == 1
    questions = (("verify", *IN_TEST), ("statement", "ada", *IN_TEST))
    before = all_done(company, home, *questions)
    all_done(elsewhere, home, ("init",), ("restore", first))
    assert before == all_done(elsewhere, home, *questions)
    written(tmp_path / "more.ndjson", [purchase(20, "ben", 30), purchase(3, "ben", 30)])
    more = json.loads(done(elsewhere, home, "import", "events", tmp_path / "more.ndjson", "--json", *IN_TEST))
    assert (more["new"], more["repeated"]) == (1, 1)
    done(elsewhere, home, "verify", *IN_TEST)


def test_a_sqlite_backup_goes_to_either_database(tmp_path: Path, fresh_database_url: str) -> None:
    home, file = tmp_path / "home", tmp_path / "first.zip"
    source = f"sqlite:///{tmp_path}/source.sqlite3"
    program = tmp_path / "bluebell.yaml"
    program.write_text(BLUEBELL)
    events = written(tmp_path / "events.ndjson", [{**purchase(n), "props": {"note": "Chloé\t\\N"}} for n in range(5)])
    all_done(
        source,
        home,
        ("init",),
        ("workspace", "create", "test", "--test"),
        ("program", "publish", program, "--from", "2027-01-01", *IN_TEST),
        ("import", "events", events, *IN_TEST),
        ("backup", file),
    )
    done(fresh_database_url, home, "restore", file)
    assert done(fresh_database_url, home, "verify", *IN_TEST) == done(source, home, "verify", *IN_TEST)
    again = json.loads(done(fresh_database_url, home, "import", "events", events, "--json", *IN_TEST))
    assert again["repeated"] == 5
    done(fresh_database_url, home, "workspace", "create", "another")


def damaged(source: Path, target: Path, change: dict[str, bytes]) -> Path:
    """A copy of a backup in which some of its files hold something else."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [*old.namelist(), *(name for name in change if name not in old.namelist())]:
            new.writestr(name, change.get(name, b"") if name in change else old.read(name))
    return target


@database
def test_a_damaged_backup_leaves_nothing_behind(tmp_path: Path) -> None:
    good = tmp_path / "good.zip"
    assert run("init").exit_code == 0
    assert run("backup", good).exit_code == 0
    with zipfile.ZipFile(good) as archive:
        manifest, rows = archive.read("manifest.json"), archive.read("workspaces_workspace.ndjson")
    broken = {
        "was changed after": {"workspaces_workspace.ndjson": rows.replace(b"default", b"defaulu")},
        "does not hold what its manifest says": {"workspaces_workspace.ndjson": rows + rows},
        "manifest was changed": {"manifest.json": manifest.replace(b'"rows": 1', b'"rows": 2')},
        "is no backup": {"manifest.json": b"{}"},
    }
    for number, (said, change) in enumerate(broken.items()):
        refused = run("restore", damaged(good, tmp_path / f"{number}.zip", change))
        assert (refused.exit_code, said in refused.stderr) == (1, True), refused.output
    for number, change in enumerate(({"../evil": b"x"}, {"events_event.ndjson": bytes(50_000_000)})):
        assert run("restore", damaged(good, tmp_path / f"more-{number}.zip", change)).exit_code == 1
    assert run("restore", written(tmp_path / "none.zip", [{}])).exit_code == 1
    assert [each["workspace"] for each in told("workspace", "list")["workspaces"]] == ["default"]
    assert told("restore", good)["rows"] == 1


@database
def test_a_backup_that_would_fill_the_disk_is_measured_first(tmp_path: Path) -> None:
    from sayso.domains.archive.form import BackupNotUsable, Contents, Manifest, read_manifest

    line = b"[" + b"1," * 500_000 + b"1]\n"
    bomb, contents = tmp_path / "bomb.zip", Contents("events_event", (), 60, 60 * len(line), "")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("events_event.ndjson", line * 60)
        archive.writestr("manifest.json", Manifest("", (), "", (contents,)).to_json())
    with zipfile.ZipFile(bomb) as archive, pytest.raises(BackupNotUsable, match="would unpack to"):
        read_manifest(archive, packed_bytes=bomb.stat().st_size)


@database
def test_a_backup_whose_books_do_not_hold_is_not_kept(published: Path) -> None:
    from django.core.management import call_command
    from django.db import connection

    assert run("import", "events", written(published / "events.ndjson", [purchase(1)]), *IN_TEST).exit_code == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_balance SET balance = balance + 1 WHERE kind = 2")
    assert run("backup", published / "backup.zip").exit_code == 0
    call_command("flush", interactive=False, verbosity=0)
    refused = run("restore", published / "backup.zip")
    assert (refused.exit_code, "Promise 2" in refused.stderr) == (1, True)
    assert told("workspace", "list")["workspaces"] == []


@database
def test_a_database_that_cannot_keep_the_promises_takes_nothing_back(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sayso.cli.answers import Refused
    from sayso.cli.serving import prepare

    def refuse() -> None:
        raise Refused("This database keeps nothing.")

    assert run("backup", published / "backup.zip").exit_code == 0
    monkeypatch.setattr(prepare, "_check_database", refuse)
    refused = run("restore", published / "backup.zip")
    assert (refused.exit_code, "keeps nothing" in refused.stderr) == (1, True)
