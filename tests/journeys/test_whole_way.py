"""The whole way, three times: on a phone, in Spanish without script, inside a page of the company's without cookies.

An advocate shares; the friend opens the link in a private window, reads, signs up and buys; after the hold the advocate
is told and chooses a donation; and the books agree.
"""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Locator, Page, expect

from tests.journeys.company import NAME, Company
from tests.journeys.looking import axe_finds_nothing, fits_the_screen

HOLD = timedelta(days=15)
# A form without script is taken after this time: nobody fills it in faster.
A_PERSON_TYPES_MS = 3_500
ACCOUNT = """<!doctype html><html lang="en"><title>Bluebell Coffee</title><script src="{script}"></script>
<main><h1>Your account</h1><sayso-portal token-url="/sayso-token"></sayso-portal></main></html>"""


def signs_in(page: Page, company: Company, address: str) -> None:
    """Sign in with a code that comes by mail."""
    page.goto(company.page("/portal/"))
    axe_finds_nothing(page)
    page.locator("input[name=email]").fill(address)
    page.locator("form button.primary").click()
    page.locator("input[name=code]").fill(company.mailbox.code_for(address))
    axe_finds_nothing(page)
    page.locator("form button.primary").click()
    expect(page.locator("main h1")).to_be_visible()


def shared_link(where: Locator) -> str:
    """The link in what WhatsApp would send."""
    address = where.locator("a[href^='https://wa.me/']").first.get_attribute("href")
    found = re.search(rf"(/w/{NAME}/r/\w+)", (address or "").replace("%2F", "/"))
    assert found
    return found[1]


def signs_up(page: Page, company: Company, link: str, name: str, button: str) -> None:
    """Follow a link, read, and fill in the form."""
    page.goto(f"{company.origin}{link}")
    expect(page.locator("main h1")).to_be_visible()
    fits_the_screen(page)
    axe_finds_nothing(page)
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=email]").fill(f"{name.lower()}@friends.example")
    page.wait_for_timeout(A_PERSON_TYPES_MS)
    page.get_by_role("button", name=button).click()
    expect(page.locator("main h1")).to_contain_text(name)
    expect(page.locator("main")).to_contain_text("10")
    # The page looks again by itself until the code is there.
    expect(page.locator("[data-coming]")).to_have_count(0, timeout=20_000)
    fits_the_screen(page)
    axe_finds_nothing(page)


def buys_and_time_passes(company: Company, advocate: str) -> None:
    """The friend buys, as the till tells it, and the hold ends."""
    company.buys(company.friend_of(advocate), f"first-of-{advocate}")
    company.move_clock(HOLD)


def test_on_a_phone(company: Company, phone: Page, private_window: Page) -> None:
    company.knows("ada-by-phone", email="ada@phone.example")
    company.buys("ada-by-phone", "ada-1")
    signs_in(phone, company, "ada@phone.example")
    fits_the_screen(phone)
    axe_finds_nothing(phone)
    expect(phone.locator("main")).to_contain_text("If you join, I get a reward too.")
    signs_up(private_window, company, shared_link(phone.locator("main")), "Ben", "Take the €10")
    company.mailbox.letter_to("ben@friends.example", "10")
    company.mailbox.letter_to("ada@phone.example", "through you")
    buys_and_time_passes(company, "ada-by-phone")
    company.mailbox.letter_to("ada@phone.example", "choose")
    phone.goto(company.page("/portal/rewards"))
    axe_finds_nothing(phone)
    phone.get_by_role("button", name=re.compile("onation")).click()
    expect(phone.get_by_role("status").first).to_contain_text("onation")
    fits_the_screen(phone)
    axe_finds_nothing(phone)
    assert company.books_agree()


def test_in_spanish_without_script(company: Company, spanish_phone_without_script: Page, spanish_friend: Page) -> None:
    page = spanish_phone_without_script
    company.knows("chloe-in-spanish", email="chloe@phone.example", language="es")
    company.buys("chloe-in-spanish", "chloe-1")
    page.goto(company.page("/portal/"))
    page.locator("input[name=email]").fill("chloe@phone.example")
    page.locator("form button.primary").click()
    page.locator("input[name=code]").fill(company.mailbox.code_for("chloe@phone.example"))
    page.locator("form button.primary").click()
    expect(page.locator("main")).to_contain_text("Si te apuntas, yo también recibo algo.")
    friend = spanish_friend
    friend.goto(f"{company.origin}{shared_link(page.locator('main'))}")
    expect(friend.get_by_role("heading", level=1)).to_be_visible()
    friend.locator("input[name=name]").fill("Dario")
    friend.locator("input[name=email]").fill("dario@amigos.example")
    friend.wait_for_timeout(A_PERSON_TYPES_MS)
    friend.get_by_role("button", name="Quiero los 10 €").click()
    expect(friend.locator("main h1")).to_contain_text("Dario")
    fits_the_screen(friend)
    company.mailbox.letter_to("chloe@phone.example", "gracias a ti")
    buys_and_time_passes(company, "chloe-in-spanish")
    page.goto(company.page("/portal/rewards"))
    page.get_by_role("button", name=re.compile("onación")).click()
    expect(page.get_by_role("status").first).to_contain_text("onación")
    fits_the_screen(page)
    assert company.books_agree()


def test_inside_a_page_of_the_companys(company: Company, phone_without_cookies: Page, private_window: Page) -> None:
    page = phone_without_cookies
    company.buys("eva-in-the-shop", "eva-1")
    company.own.tokens["/sayso-token"] = lambda: company.token("eva-in-the-shop", email="eva@phone.example")
    company.own.pages["/account.html"] = ACCOUNT.format(script=company.page("/widget/sayso.js"))
    page.goto(f"{company.own.origin}/account.html")
    inside = page.frame_locator("sayso-portal iframe")
    expect(inside.locator("main h1")).to_contain_text("Your friend gets")
    axe_finds_nothing(page)
    signs_up(private_window, company, shared_link(inside.locator("main")), "Dario", "Take the €10")
    buys_and_time_passes(company, "eva-in-the-shop")
    inside.get_by_role("link", name="Rewards", exact=True).click()
    inside.get_by_role("button", name=re.compile("onation")).click()
    expect(inside.get_by_role("status").first).to_contain_text("onation")
    assert page.context.cookies() == []
    assert company.books_agree()
