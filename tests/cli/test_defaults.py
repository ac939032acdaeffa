"""What a command takes for granted: the workspace of the environment, and the time zone of the workspace."""

from __future__ import annotations

import pytest

from sayso.cli.answers import columns, visible
from tests.cli.running import run, told

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_environment_names_the_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("trial", "other"):
        assert run("workspace", "create", name, "--test", "--timezone", "Europe/Madrid").exit_code == 0
    monkeypatch.setenv("SAYSO_WORKSPACE", "trial")
    assert told("clock")["workspace"] == "trial"
    assert told("clock", "--workspace", "other")["workspace"] == "other"
    assert "SAYSO_WORKSPACE" in run("clock", "--help").stdout


def test_a_clock_is_told_in_the_workspace_s_own_zone() -> None:
    assert run("workspace", "create", "trial", "--test", "--timezone", "Europe/Madrid").exit_code == 0
    assert run("clock", "2027-06-01", "--workspace", "trial").exit_code == 0
    refused = run("clock", "2027-05-01", "--workspace", "trial")
    assert refused.stderr == "Error: The clock of trial stands at 2027-06-01T00:00:00+02:00 already.\n"


def test_a_clock_that_goes_far_names_the_day_of_the_workspace_and_the_flag() -> None:
    assert run("workspace", "create", "trial", "--test", "--timezone", "Europe/Madrid").exit_code == 0
    refused = run("clock", "2099-01-01", "--workspace", "trial")
    assert refused.stderr.startswith("Error: 2099-01-01 is more than 5 years ahead")
    assert "(--confirm, or confirm: true)" in refused.stderr
    assert run("clock", "2099-01-01", "--confirm", "--workspace", "trial").exit_code == 0


def test_nothing_that_came_in_gives_orders_to_a_terminal() -> None:
    sent = "Ada\x1b[31m\x9b2J\x07\x7f\u202eeva"
    seen = "Ada\\x1b[31m\\x9b2J\\x07\\x7f\\u202eeva"
    assert visible(sent) == seen
    assert visible("Chlo\u00e9\t\U0001f469\u200d\U0001f33e\n\u05d0") == "Chlo\u00e9\t\U0001f469\u200d\U0001f33e\n\u05d0"
    assert columns([(sent,)], head=("member",)).splitlines()[1] == seen


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-14:00", "9999-12-31", "0001-01-01T00:00:00+14:00"])
def test_a_moment_at_the_edge_of_the_calendar_is_none(moment: str) -> None:
    assert run("workspace", "create", "trial", "--test", "--timezone", "Europe/Madrid").exit_code == 0
    refused = run("clock", moment, "--workspace", "trial")
    assert refused.exit_code == 2
    assert "is no moment" in refused.stderr


def test_the_days_of_a_new_workspace_can_still_be_moved() -> None:
    assert told("init") == {"workspace": "default", "created": True, "timezone": "UTC"}
    moved = run("init", "--timezone", "Europe/Madrid")
    expected = "Workspace default: was there already, without events, its days in Europe/Madrid.\n"
    assert (moved.exit_code, moved.stdout) == (0, f"The database is ready. {expected}")
    assert told("workspace", "list")["workspaces"][0]["timezone"] == "Europe/Madrid"
    assert told("init")["timezone"] == "Europe/Madrid"
    assert run("init", "--timezone", "Europe/Madrit").exit_code == 1


def test_the_days_on_which_something_happened_stay() -> None:
    assert run("init").exit_code == 0
    event = '{"id": "s-1", "type": "signup", "member": "ada", "occurred_at": "2026-01-10T10:00:00Z"}\n'
    assert run("import", "events", "-", "--format", "ndjson", text=event).exit_code == 0
    refused = run("init", "--timezone", "Europe/Madrid")
    assert refused.exit_code == 1
    assert "Error: The days of the workspace default are in UTC and stay so" in refused.stderr
    assert "sayso workspace create NAME --timezone Europe/Madrid" in refused.stderr
    assert run("init", "--timezone", "UTC").exit_code == 0
