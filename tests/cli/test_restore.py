"""Restoring into what is there: an unused installation makes room, a used one is refused, lost keys are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import run, told

database = pytest.mark.django_db(transaction=True)


def emptied() -> None:
    """Empty the database of the tests."""
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def backed_up(tmp_path: Path) -> Path:
    """A backup of the workspace bluebell, whose webhook has a secret; the database is empty again."""
    file = tmp_path / "bluebell.zip"
    assert run("workspace", "create", "bluebell").exit_code == 0
    assert run("webhook", "create", "https://hooks.example/sayso", "--workspace", "bluebell").exit_code == 0
    assert run("backup", file).exit_code == 0
    emptied()
    return file


@database
def test_an_installation_that_was_only_served_makes_room(backed_up: Path) -> None:
    from datetime import UTC, datetime

    from sayso.cli.serving.prepare import prepare_database
    from sayso.domains.jobs.heartbeats import note_done

    assert prepare_database() is not None
    note_done("timers", datetime.now(UTC))
    result = run("restore", backed_up)
    assert (result.exit_code, "first API key that was made here opens nothing" in result.stdout) == (0, True)
    assert [each["workspace"] for each in told("workspace", "list")["workspaces"]] == ["bluebell"]
    assert told("key", "list", "--workspace", "bluebell")["keys"] == []


@database
def test_what_holds_anything_is_not_emptied_and_says_what_it_holds(backed_up: Path) -> None:
    assert run("init").exit_code == 0
    assert run("key", "create", "till").exit_code == 0
    refused = run("restore", backed_up)
    assert refused.exit_code == 1
    assert "Error: The database is not empty: it holds 1 API key. Nothing was changed. Restore into" in refused.stderr
    assert [each["key"] for each in told("key", "list")["keys"]] == ["till"]


@database
def test_secrets_that_another_key_sealed_are_told_with_the_remedy(backed_up: Path) -> None:
    from django.test import override_settings

    with override_settings(SECRET_KEY="of another installation", SECRET_KEY_FILE=Path("/srv/sayso/secret_key")):
        result = run("restore", backed_up)
    assert result.exit_code == 0
    assert "1 secret is sealed under another secret key than the one here (webhooks)" in result.stdout
    assert "the file secret_key of the installation that was backed up at /srv/sayso/secret_key." in result.stdout
    emptied()
    with override_settings(SECRET_KEY="of another installation", SECRET_KEY_FILE=None):
        assert "set SAYSO_SECRET_KEY to the one" in run("restore", backed_up).stdout
    emptied()
    assert told("restore", backed_up)["sealed_elsewhere"] == {}
