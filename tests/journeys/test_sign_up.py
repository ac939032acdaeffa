"""A friend signs up on the landing page: with script and without, by keyboard alone, on every screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.journeys.company import Company
from tests.journeys.conftest import PHONE
from tests.journeys.looking import Weighed, axe_finds_nothing, fits_the_screen

SCREENS: list[ViewportSize] = [PHONE, {"width": 820, "height": 1180}, {"width": 1440, "height": 900}]
# SPEED, `page`: what the aim is; the bar is twice the bytes, and six requests.
MOST_BYTES, MOST_REQUESTS = 30_000, 4


@pytest.fixture(scope="module")
def link(company: Company) -> str:
    """Ada's share link."""
    company.api("PUT", "/members/ada", {"attributes": {"first_name": "Ada"}})
    company.buys("ada", "sign-up-1")
    company.api("PUT", "/providers/coupon", {"way": "generated", "prefix": "BLUEBELL"})
    return company.share_link("ada", "whatsapp")


def test_a_friend_signs_up_and_sees_the_code(private_window: Page, link: str) -> None:
    page = private_window
    page.goto(link)
    expect(page.get_by_text("Ada thinks you would like this")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Ben Ostrom")
    page.get_by_label("E-mail address").fill("ben@example.com")
    page.get_by_role("button", name="Take the €10").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Ben!")
    expect(page.get_by_text("BLUEBELL-")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name="Copy the code")).to_be_visible()
    axe_finds_nothing(page)
    fits_the_screen(page)


def test_a_friend_without_script_signs_up_in_spanish(spanish_phone_without_script: Page, link: str) -> None:
    page = spanish_phone_without_script
    page.goto(link)
    page.get_by_label("Nombre", exact=True).fill("Chloé")
    page.get_by_label("Correo electrónico", exact=True).fill("chloe")
    page.get_by_role("button", name="Quiero los 10 €").click()
    expect(page.get_by_text("Escribe un correo electrónico como ada@example.com").first).to_be_visible()
    page.get_by_label("Correo electrónico", exact=True).fill("chloe@example.com")
    # Without script a form that comes at once is asked to come again.
    page.wait_for_timeout(3200)
    page.get_by_role("button", name="Quiero los 10 €").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("¡Hola, Chloé!")


def test_the_form_is_filled_in_by_keyboard_alone(private_window: Page, link: str) -> None:
    page = private_window
    page.goto(link)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Dario")
    page.keyboard.press("Tab")
    page.keyboard.type("dario@example.com")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Dario!")


def test_what_is_missing_is_said_and_led_to(private_window: Page, link: str) -> None:
    page = private_window
    page.goto(link)
    page.get_by_role("button", name="Take the €10").click()
    expect(page.get_by_role("alert")).to_contain_text("Please check these 2 things")
    expect(page.get_by_role("link", name="Write your name")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    axe_finds_nothing(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda each: str(each["width"]))
def test_every_page_can_be_read_by_everybody(
    browser: Browser, company: Company, link: str, screen: ViewportSize, scheme: str
) -> None:
    context = browser.new_context(viewport=screen, color_scheme=scheme, locale="nl-NL")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(link)
    expect(page.get_by_role("button", name="Ik wil de € 10")).to_be_in_viewport()
    for path in ("", "/terms/bring-a-friend", "/nothing"):
        if path:
            page.goto(company.page(path))
        axe_finds_nothing(page)
        fits_the_screen(page)
    context.close()


def test_the_page_is_light(private_window: Page, link: str) -> None:
    weighed = Weighed(private_window)
    private_window.goto(link, wait_until="networkidle")
    # The link itself is a redirect, which asks for nothing more.
    assert weighed.requests - 1 <= MOST_REQUESTS
    assert weighed.style_and_script_bytes <= MOST_BYTES
