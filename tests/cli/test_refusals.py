"""What a command says of an error of the database."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from sayso.cli.refusals import refusal_of


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
