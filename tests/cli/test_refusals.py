"""What a command says of an error of the database."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from sayso.cli.refusals import refusal_of
from sayso.domains.decisions.ahead import Overtaken
from sayso.domains.people.queries import NoSuchMember
from sayso.domains.programs.rulebook import BrokenVersion


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("no such table: workspaces_workspace", "not set up yet. Run `sayso init`"),
        ("no such column: workspaces_workspace.failing", "earlier version. Run `sayso init`"),
        ("table workspaces_workspace has no column named failing", "earlier version. Run `sayso init`"),
        ("disk I/O error", "cannot be used: disk I/O error"),
    ],
)
def test_a_database_that_only_waits_for_init_is_told_so(said: str, told: str) -> None:
    assert told in (refusal_of(OperationalError(said)) or "")


def test_what_is_broken_keeps_its_traceback_and_what_is_refused_is_told() -> None:
    assert refusal_of(NoSuchMember("nobody is called Eva")) == "Nobody is called Eva."
    assert refusal_of(BrokenVersion("version 1 of program 2")) is None
    assert refusal_of(Overtaken()) is None


def test_a_defect_of_a_domain_keeps_its_traceback() -> None:
    broken = type("Broken", (ValueError,), {"__module__": "sayso.domains.rewards.choose"})
    assert refusal_of(broken("two rows where one should be")) is None
