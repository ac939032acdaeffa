"""What a command takes for granted: the workspace of the environment, and the time zone of the workspace."""

from __future__ import annotations

import pytest

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
