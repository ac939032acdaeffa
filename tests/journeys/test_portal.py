"""A member's own pages on a phone: what they weigh, that everybody can read them in every language, and that a keyboard
suffices for everything that can be done there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.company import Company
from tests.journeys.full_member import ADDRESS, come_in, make_full
from tests.journeys.looking import Weighed, axe_finds_nothing, fits_the_screen

# SPEED, `page`: what the aim is; the bar is twice the bytes, and six requests.
MOST_BYTES, MOST_REQUESTS = 30_000, 4
PAGES = ("", "friends", "rewards", "rewards/why", "points", "me", "me/erasure", "card/bring-a-friend")
DOORS = ("sign-in", "sign-in?again=1", "enter")
LANGUAGES = ("en", "es", "it", "nl")
MOST_TABS = 60
PORTAL_INSIDE = """<!doctype html><html lang="en"><title>Bluebell Coffee</title><script src="{script}"></script>
<main><h1>Your account</h1><sayso-portal token-url="/full-token"></sayso-portal></main></html>"""


@pytest.fixture(scope="module")
def ada(company: Company) -> str:
    return make_full(company)


def look_at(page: Page, address: str, language: str) -> None:
    """Look at a page in both of its schemes, which its stylesheet has side by side."""
    page.goto(f"{address}{'&' if '?' in address else '?'}language={language}")
    assert page.locator("html").get_attribute("lang") == language
    fits_the_screen(page)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    axe_finds_nothing(page)
    # What else there is to find does not depend on the scheme.
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    axe_finds_nothing(page, only="color-contrast")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_can_be_read_by_everybody(company: Company, ada: str, phone: Page, language: str) -> None:
    come_in(phone, company, ada)
    phone.goto(company.page("/portal/friends"))
    reminder = phone.get_by_role("link", name="Remind Eva").get_attribute("href")
    for name in (*PAGES, *DOORS):
        look_at(phone, company.page(f"/portal/{name}"), language)
    look_at(phone, f"{company.origin}{reminder}", language)


def test_who_is_new_can_read_every_page_too(company: Company, phone: Page) -> None:
    come_in(phone, company, "somebody-new")
    for name in ("", "friends", "rewards", "rewards/why", "points", "me"):
        look_at(phone, company.page(f"/portal/{name}"), "nl")


def test_the_first_page_is_light(company: Company, ada: str, phone: Page) -> None:
    come_in(phone, company, ada)
    page = phone.context.browser.new_page() if phone.context.browser else phone
    page.context.add_cookies(phone.context.cookies())  # type: ignore[arg-type]
    weighed = Weighed(page)
    page.goto(company.page("/portal/"), wait_until="networkidle")
    assert weighed.style_and_script_bytes <= MOST_BYTES
    assert weighed.requests <= MOST_REQUESTS
    page.close()


def test_somebody_elses_token_is_noticed_and_can_be_declined(company: Company, ada: str, phone: Page) -> None:
    phone.goto(company.page(f"/portal/enter#token={company.token(ada)}"))
    expect(phone.locator("main")).to_contain_text("Ada, a…@portal.example")
    axe_finds_nothing(phone)
    phone.get_by_role("link", name="No, sign in another way").click()
    expect(phone.locator("#email")).to_be_visible()
    assert not [each for each in phone.context.cookies() if "member" in str(each.get("name"))]


def test_after_a_token_that_is_refused_one_signs_in_with_a_code(company: Company, ada: str, phone: Page) -> None:
    phone.goto(company.page("/portal/enter#token=a.b.c"))
    expect(phone.get_by_role("alert")).to_contain_text("This way in has ended.")
    axe_finds_nothing(phone)
    phone.locator("#email").fill(ADDRESS)
    phone.locator("#email").press("Enter")
    phone.locator("#code").fill(company.mailbox.code_for(ADDRESS))
    phone.locator("#code").press("Enter")
    expect(phone.locator("nav.places")).to_be_visible()


def test_inside_a_page_of_the_companys_a_share_is_counted_too(
    company: Company, ada: str, phone_without_cookies: Page
) -> None:
    page = phone_without_cookies
    company.own.tokens["/full-token"] = lambda: company.token(ada)
    company.own.pages["/full.html"] = PORTAL_INSIDE.format(script=company.page("/widget/sayso.js"))
    page.goto(f"{company.own.origin}/full.html")
    with page.expect_response(lambda answer: "/portal/shares/" in answer.url) as told:
        page.frame_locator("sayso-portal iframe").get_by_role("link", name="QR code").click()
    assert told.value.status == 204
    links = company.api("GET", f"/members/{ada}/links")["items"]
    assert [each["shares"] > 0 for each in links if each["channel"] == "qr"] == [True]
    assert page.context.cookies() == []


# --- a keyboard alone -------------------------------------------------------------------------------------------------


def tab_to(page: Page, what: str) -> None:
    """Go on from where the focus is until it is on what reads so, as people without a mouse do."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        reads = page.evaluate(
            "(e => e.ariaLabel || e.labels?.[0]?.textContent || e.textContent)(document.activeElement)"
        )
        if re.search(what, str(reads)):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    raise AssertionError(f"no key leads to {what}")


def changes_the_words(page: Page) -> None:
    tab_to(page, "Change the words")
    page.keyboard.press("Enter")
    tab_to(page, "Your message")
    page.keyboard.press("Control+a")
    page.keyboard.type("Taste this")
    expect(page.locator("[data-said]")).to_have_text(re.compile(r"^Taste this http"))
    assert "Taste%20this" in str(page.locator("a[href^='https://wa.me']").first.get_attribute("href"))


def shows_the_code(page: Page) -> None:
    tab_to(page, "QR code")
    with page.expect_response(lambda answer: "/portal/shares/" in answer.url) as told:
        page.keyboard.press("Enter")
    expect(page.locator("#qr")).to_be_visible()
    assert told.value.status == 204


def reminds_a_friend(page: Page) -> None:
    tab_to(page, "Remind Eva")
    page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_have_text("Remind Eva")
    tab_to(page, "Remind Eva")
    page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_have_text("Now send it to Eva")
    tab_to(page, "WhatsApp")


def chooses_a_reward(page: Page) -> None:
    tab_to(page, "Donation")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("You chose a donation")


def changes_the_language(page: Page) -> None:
    tab_to(page, "Language")
    page.keyboard.type("Ned")
    tab_to(page, "Use this language")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    tab_to(page, "Taal")
    page.keyboard.type("Eng")
    tab_to(page, "Gebruik")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def gives_a_consent(page: Page) -> None:
    tab_to(page, "news and offers")
    page.keyboard.press("Space")
    tab_to(page, "Save what I allow")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(page.get_by_label("news and offers")).to_be_checked()


def joins_the_list(page: Page) -> None:
    tab_to(page, "Put me on the list")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Take me off the list")).to_be_visible()


def signs_out(page: Page) -> None:
    tab_to(page, "^Sign out$")
    page.keyboard.press("Enter")
    expect(page.locator("#email")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("", changes_the_words),
        ("", shows_the_code),
        ("friends", reminds_a_friend),
        ("friends", joins_the_list),
        ("rewards", chooses_a_reward),
        ("me", gives_a_consent),
        ("me", changes_the_language),
        ("me", signs_out),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_keyboard_alone_suffices(
    company: Company, ada: str, phone: Page, name: str, task: Callable[[Page], None]
) -> None:
    come_in(phone, company, ada)
    phone.goto(company.page(f"/portal/{name}"))
    task(phone)


def test_a_keyboard_alone_signs_in_and_walks(company: Company, ada: str, phone: Page) -> None:
    phone.goto(company.page("/portal/"))
    tab_to(phone, "E-mail address")
    phone.keyboard.type(ADDRESS)
    phone.keyboard.press("Enter")
    expect(phone.locator("#code")).to_be_visible()
    tab_to(phone, "Code")
    phone.keyboard.type(company.mailbox.code_for(ADDRESS))
    phone.keyboard.press("Enter")
    expect(phone.locator("nav.places")).to_be_visible()
    for place, title in (("Friends", "Your friends"), ("Rewards", "Your rewards"), ("Stars", "stars"), ("You", "You")):
        tab_to(phone, f"^\\s*{place}\\s*$")
        phone.keyboard.press("Enter")
        expect(phone.locator("main h1")).to_contain_text(title)
