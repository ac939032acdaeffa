"""What a person sees who follows a link that leads nowhere, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.company import Company
from tests.journeys.looking import axe_finds_nothing, fits_the_screen


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_link_that_leads_nowhere_says_so_in_the_companys_look(company: Company, phone: Page, scheme: str) -> None:
    phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    answer = phone.goto(company.page("/r/nobody"))
    assert answer is not None
    assert answer.status == 404
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    expect(phone.get_by_role("link", name="Bluebell Coffee").first).to_be_visible()
    fits_the_screen(phone)
    axe_finds_nothing(phone)
