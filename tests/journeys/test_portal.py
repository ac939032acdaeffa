"""A member's own pages on a phone: what they weigh, that everybody can read them, and that a keyboard suffices."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.company import Company
from tests.journeys.looking import Weighed, axe_finds_nothing, fits_the_screen

# SPEED, `page`: what the aim is; the bar is twice the bytes, and six requests.
MOST_BYTES, MOST_REQUESTS = 30_000, 4
PAGES = ["", "friends", "rewards", "rewards/why", "points", "me", "card/bring-a-friend"]


def enter(page: Page, company: Company) -> None:
    """Come in by an address that an app makes, as the guide writes it."""
    company.buys("ada", "portal-1")
    page.goto(company.page(f"/portal/enter#token={company.token('ada', email='ada@example.com')}"))
    expect(page.locator("main h1")).to_contain_text("Your friend gets")
    assert "token" not in page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_by_everybody(company: Company, phone: Page, scheme: str) -> None:
    enter(phone, company)
    phone.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    for name in PAGES:
        phone.goto(company.page(f"/portal/{name}"))
        fits_the_screen(phone)
        axe_finds_nothing(phone)


def test_the_first_page_is_light(company: Company, phone: Page) -> None:
    enter(phone, company)
    page = phone.context.browser.new_page() if phone.context.browser else phone
    page.context.add_cookies(phone.context.cookies())  # type: ignore[arg-type]
    weighed = Weighed(page)
    page.goto(company.page("/portal/"), wait_until="networkidle")
    assert weighed.style_and_script_bytes <= MOST_BYTES
    assert weighed.requests <= MOST_REQUESTS
    page.close()


def test_a_keyboard_alone_shares_and_walks(company: Company, phone: Page) -> None:
    enter(phone, company)
    reached = []
    for _ in range(30):
        phone.keyboard.press("Tab")
        reached.append(phone.evaluate("document.activeElement.textContent.trim()"))
    assert any("WhatsApp" in text for text in reached)
    friends = phone.get_by_role("link", name="Friends", exact=True)
    friends.focus()
    phone.keyboard.press("Enter")
    expect(phone.locator("main h1")).to_have_text("Your friends")
