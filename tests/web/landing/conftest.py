"""Owns what every test of these pages stands on: nobody came yet."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def nobody_came_yet(monkeypatch: pytest.MonkeyPatch, nobody_looked_yet: None) -> None:
    """Count forms and views from nothing."""
    from sayso.web.landing import form_page
    from sayso.web.landing.gate import Gatekeeper

    monkeypatch.setattr(form_page, "gatekeeper", Gatekeeper())
