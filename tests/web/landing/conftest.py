"""Owns what every test of these pages stands on: nobody came yet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nobody_came_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Count forms and views from nothing."""
    from sayso.domains.pages.counting import page_counts
    from sayso.web.landing import form_page
    from sayso.web.landing.gate import Gatekeeper

    monkeypatch.setattr(form_page, "gatekeeper", Gatekeeper())
    page_counts.forget()
    yield
    page_counts.forget()
