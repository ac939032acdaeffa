"""`sayso set-aside` and `sayso program publish`: what is said of places and days that are not what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import BLUEBELL, run, told
from tests.cli.test_import import IN_TEST, published, purchase, written

__all__ = ["published"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_place_at_which_nothing_waits_is_told(published: Path) -> None:
    file = written(published / "events.ndjson", [{**purchase(1), "currency": "USD"}])
    assert told("import", "events", file, *IN_TEST)["set_aside"] == 1
    (waiting,) = told("set-aside", "list", *IN_TEST)["set_aside"]
    refused = run("set-aside", "replay", waiting["position"], 99, *IN_TEST)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: Nothing is set aside at 99; nothing was decided.")
    assert told("set-aside", "list", *IN_TEST)["set_aside"] == [waiting]


def test_a_program_that_holds_later_says_from_when(published: Path) -> None:
    newer = published / "newer.yaml"
    newer.write_text(BLUEBELL.replace("1 per 1 EUR", "2 per 1 EUR"))
    said = run("program", "publish", newer, "--from", "2030-01-01", *IN_TEST).stdout
    assert "version 2. It holds for what happens from 2030-01-01T00:00:00+01:00 on.\n" in said
