"""The guide "Inside your own pages" is true: its pages are opened from another origin, in a browser without cookies."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.installation import ROOT
from tests.journeys.company import Company
from tests.journeys.looking import axe_finds_nothing, fits_the_screen

GUIDE = (ROOT / "docs/guide/embed.md").read_text(encoding="utf-8")
SITE = "https://friends.bluebell.example"
REACT = Path("/usr/share/nodejs")
# What a bundler would do: these names are React, as Debian has it.
IMPORTS = """<script src="/react.js"></script><script src="/react-dom.js"></script><script type="importmap">
{"imports": {"react": "/react-named.js", "react-dom/client": "/react-dom-named.js"}}</script>"""


def block(name: str) -> str:
    """A file that the guide shows."""
    found = re.search(rf"^```\w+ {re.escape(name)}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    assert found, name
    return found[1]


@pytest.fixture
def shop(company: Company) -> Iterator[Company]:
    """The company's pages as the guide writes them, under the policy that it names; Ada is signed in there."""

    def here(text: str) -> str:
        return text.replace(SITE, company.page("")).replace("pk_live_…", company.public_key)

    names = ("page.html", "react.html", "app.js", "app-view.html", "public.html")
    company.own.pages = {f"/{name}": here(block(name)) for name in names}
    company.own.pages["/react.html"] = company.own.pages["/react.html"].replace("</title>", f"</title>{IMPORTS}")
    company.own.pages |= {
        "/react.js": (REACT / "react/umd/react.production.min.js").read_text(),
        "/react-dom.js": (REACT / "react-dom/umd/react-dom.production.min.js").read_text(),
        "/react-named.js": "export const { createElement, useEffect, useRef } = React;",
        "/react-dom-named.js": "export const { createRoot } = ReactDOM;",
    }
    # The examples have their scripts in the page, for which a policy has its own word.
    policy = block("policy").replace(SITE, company.origin).replace("script-src", "script-src 'unsafe-inline'")
    company.own.policy = policy.strip()
    said: dict[str, Any] = {}
    exec(block("sayso_token.py"), said)
    company.own.tokens["/sayso-token"] = lambda: str(said["token_for"]("ada", company.portal_secret))
    company.buys("ada", "embedding-1")
    yield company
    company.own.pages.clear()
    company.own.policy = ""


def portal_in(page: Page) -> FrameLocator:
    """The member's page inside a page of the company's."""
    return page.frame_locator("sayso-portal iframe")


def nothing_is_kept(page: Page) -> None:
    """Fail where a cookie was set, by whomever."""
    assert page.context.cookies() == []


@pytest.mark.parametrize("name", ["page.html", "react.html"])
def test_a_page_of_the_companys_shows_the_members_page_and_the_share_button(
    shop: Company, phone_without_cookies: Page, name: str
) -> None:
    page = phone_without_cookies
    page.goto(f"{shop.own.origin}/{name}")
    expect(page.get_by_role("button", name="Share with a friend")).to_be_visible()
    expect(page.get_by_text("If you join, I get a reward too.").first).to_be_visible()
    expect(portal_in(page).get_by_role("heading", level=1)).to_contain_text("Your friend gets")
    fits_the_screen(page)
    axe_finds_nothing(page)
    nothing_is_kept(page)


def test_a_web_view_shows_the_members_page_on_the_word_of_the_app(shop: Company, phone_without_cookies: Page) -> None:
    page = phone_without_cookies
    page.add_init_script(f"window.android = {{ token: () => {shop.own.tokens['/sayso-token']()!r} }}")
    page.goto(f"{shop.own.origin}/app-view.html")
    expect(portal_in(page).get_by_role("heading", level=1)).to_contain_text("Your friend gets")
    nothing_is_kept(page)


def test_a_page_without_a_server_identifies_gets_a_code_and_tracks(shop: Company, phone_without_cookies: Page) -> None:
    page = phone_without_cookies
    page.goto(f"{shop.own.origin}/public.html")
    expect(page.locator("#code")).to_have_text(re.compile(r"\w{6,}"))
    assert shop.api("GET", "/codes?member=eva")["items"][0]["code"] == page.locator("#code").inner_text()
    nothing_is_kept(page)


def test_who_chooses_a_channel_shares_their_own_link(shop: Company, phone: Page) -> None:
    phone.goto(f"{shop.own.origin}/page.html")
    whatsapp = phone.get_by_role("link", name="WhatsApp").first
    expect(whatsapp).to_have_attribute("href", re.compile(r"^https://wa\.me/\?text=.*%2Fr%2F"))
    phone.evaluate(
        "document.querySelector('sayso-share').addEventListener('sayso-shared', (e) => (window.way = e.detail))"
    )
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.get_by_role("button", name="Copy link").first.click()
    expect(phone.get_by_role("status").first).to_have_text("Copied")
    assert phone.evaluate("window.way.channel") == "copy"
    nothing_is_kept(phone)
    assert phone.context.storage_state()["origins"] == []
    assert phone.evaluate("navigator.clipboard.readText()").startswith(shop.page("/r/"))


def test_the_member_walks_through_their_pages_without_a_cookie(shop: Company, phone_without_cookies: Page) -> None:
    page = phone_without_cookies
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{shop.own.origin}/page.html")
    inside = portal_in(page)
    inside.get_by_role("link", name="Friends", exact=True).click()
    expect(inside.get_by_role("heading", level=1)).to_contain_text("friends")
    page.evaluate("history.back()")
    expect(inside.get_by_role("heading", level=1)).to_contain_text("Your friend gets")
    token_start = shop.own.tokens["/sayso-token"]().partition(".")[0]
    assert not [url for url in asked if token_start in url]
    nothing_is_kept(page)


def test_what_is_hard_to_undo_is_done_on_a_page_of_our_own(shop: Company, phone_without_cookies: Page) -> None:
    page = phone_without_cookies
    page.goto(f"{shop.own.origin}/page.html")
    inside = portal_in(page)
    inside.get_by_role("link", name="You", exact=True).click()
    inside.get_by_role("link", name="As one file (JSON)").click()
    way_in = inside.get_by_role("link", name="Sign in")
    expect(way_in).to_have_attribute("target", "_blank")
    expect(way_in).to_have_attribute("href", re.compile(r"/portal/sign-in\?again=1$"))


def test_the_page_takes_the_font_and_the_colour_of_where_it_stands(shop: Company, phone: Page) -> None:
    phone.goto(f"{shop.own.origin}/page.html")
    body = portal_in(phone).locator("body")
    expect(portal_in(phone).get_by_role("heading", level=1)).to_be_visible()
    assert body.evaluate("(body) => getComputedStyle(body).fontFamily") == "Georgia, serif"
    button = portal_in(phone).locator(".button.primary").first
    expect(button).to_have_css("background-color", "rgb(122, 31, 61)")
    share = phone.get_by_role("button", name="Share with a friend").first
    expect(share).to_have_css("background-color", "rgb(122, 31, 61)")


def test_in_the_corner_it_opens_and_closes_by_keyboard(shop: Company, phone: Page) -> None:
    page = shop.own.pages["/page.html"].replace("<sayso-portal ", "<sayso-portal corner ")
    shop.own.pages["/corner.html"] = page
    phone.goto(f"{shop.own.origin}/corner.html")
    button = phone.get_by_role("button", name="Your recommendations")
    button.focus()
    phone.keyboard.press("Enter")
    expect(portal_in(phone).get_by_role("heading", level=1)).to_be_visible()
    fits_the_screen(phone)
    phone.keyboard.press("Escape")
    expect(phone.locator("sayso-portal iframe")).to_be_hidden()


def test_a_token_that_is_not_the_companys_shows_nothing_but_the_way_in(shop: Company, phone: Page) -> None:
    good = shop.own.tokens["/sayso-token"]
    shop.own.tokens["/sayso-token"] = lambda: f"{good()}x"
    phone.goto(f"{shop.own.origin}/page.html")
    expect(portal_in(phone).get_by_role("link", name="Sign in")).to_be_visible()
    expect(phone.get_by_role("link", name="Share with a friend")).to_be_visible()  # what the page wrote itself


def test_until_the_page_is_there_that_is_said_in_the_language_around_it(shop: Company, phone: Page) -> None:
    shop.own.pages["/page.html"] = shop.own.pages["/page.html"].replace('lang="en"', 'lang="nl"')
    phone.route("**/sayso-token", lambda route: None)
    phone.goto(f"{shop.own.origin}/page.html")
    waiting = phone.locator("sayso-portal [role=status]")
    expect(waiting).to_have_text("Een ogenblik, alsjeblieft")
    phone.unroute_all()
    phone.reload()
    expect(portal_in(phone).get_by_role("heading", level=1)).to_be_visible()
    expect(waiting).to_be_hidden()


def test_where_the_members_page_cannot_be_shown_there_is_a_way_to_it(shop: Company, phone: Page) -> None:
    phone.clock.install()
    phone.route("**/widget/portal?*", lambda route: route.abort())
    phone.goto(f"{shop.own.origin}/page.html")
    phone.clock.fast_forward(11_000)
    way = phone.locator("sayso-portal").get_by_role("link")
    expect(way).to_have_attribute("href", shop.page("/portal/"))
    axe_finds_nothing(phone)


def test_a_member_whose_connection_fails_is_told_and_loses_nothing(shop: Company, phone: Page) -> None:
    phone.goto(f"{shop.own.origin}/page.html")
    inside = portal_in(phone)
    expect(inside.get_by_role("heading", level=1)).to_contain_text("Your friend gets")
    phone.route("**/portal/friends", lambda route: route.abort())
    inside.get_by_role("link", name="Friends", exact=True).click()
    expect(inside.get_by_role("alert")).to_be_focused()
    expect(inside.get_by_role("heading", level=1)).to_contain_text("Your friend gets")
    axe_finds_nothing(phone)
    phone.unroute_all()
    inside.get_by_role("link", name="Friends", exact=True).click()
    expect(inside.get_by_role("heading", level=1)).to_have_text("Your friends")
    expect(inside.get_by_role("alert")).to_have_count(0)


def test_a_page_of_another_origin_can_neither_frame_nor_ask(shop: Company, browser: Browser) -> None:
    page = browser.new_page()
    address = shop.own.origin.replace("localhost", "127.0.0.1")
    page.goto(f"{address}/page.html")
    page.wait_for_timeout(500)
    assert [frame.url for frame in page.frames[1:]] in ([], ["chrome-error://chromewebdata/"])
    asking = "fetch(to, {method: 'POST', body: '{}', headers: {Authorization: 'Bearer x'}})"
    outcome = f"(to) => {asking}.then(() => 'answered', () => 'refused')"
    assert page.evaluate(outcome, shop.page("/widget/share")) == "refused"
    page.close()


def test_the_frame_obeys_nobody_whom_the_company_did_not_name(shop: Company, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(shop.page("/widget/portal"))
    page.evaluate("postMessage({sayso: 1, kind: 'hello', token: 'a.b.c', look: {accent: 'red'}}, '*')")
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.style.getPropertyValue('--brand')") == ""
    page.close()


def test_the_script_is_small(company: Company) -> None:
    with urlopen(company.page("/widget/sayso.js")) as answer:
        assert answer.headers["Content-Type"].startswith("text/javascript")
        assert len(gzip.compress(answer.read())) < 6_000
