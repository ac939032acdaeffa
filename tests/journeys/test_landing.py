"""A friend follows a share link on a phone: the page opens, says what it is about, and can be read by everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.company import Company
from tests.journeys.looking import axe_finds_nothing, fits_the_screen


@pytest.fixture(scope="module")
def link(company: Company) -> str:
    """Ada's share link."""
    company.buys("ada", "landing-1")
    return company.share_link("ada")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_share_link_opens_the_landing_page(private_window: Page, link: str, scheme: str) -> None:
    private_window.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    private_window.goto(link)
    expect(private_window.get_by_role("heading", level=1)).to_be_visible()
    expect(private_window.get_by_role("button", name="Take the €10")).to_be_in_viewport()
    fits_the_screen(private_window)
    axe_finds_nothing(private_window)
