"""Everybody can read and use what strangers, friends and operators see: axe, both themes, four languages, keyboard.

Members' own pages are looked at in `test_portal`; what is filled in along the way, in the journeys.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.company import Company
from tests.journeys.conftest import PHONE, Held
from tests.journeys.looking import axe_finds_nothing, fits_the_screen, keyboard_reaches_everything

LEAD = "/w/calm/p/introducing/lead"
LANGUAGES = {"en": "en-GB", "es": "es-ES", "it": "it-IT", "nl": "nl-NL"}
_PREPARE = """
import json
from datetime import UTC, datetime
from sayso.domains.events.act import Actor
from sayso.domains.outreach.marks import mark_of_mailbox
from sayso.domains.outreach.site_links import stop_url
from sayso.domains.outreach.switches import set_mail
from sayso.domains.people.update import Update, update_member
from sayso.domains.programs.pause import pause_program
from sayso.domains.programs.publish import publish_program
from sayso.domains.sharing.links import link_for
from sayso.domains.workspaces.create import create_workspace
from sayso.domains.workspaces.keys import Grant, create_key
bluebell, now = workspace_named("bluebell"), datetime.now(UTC)
calm = create_workspace(name="calm", timezone="Europe/Madrid", is_test=False, now=now)
update_member(workspace=calm, member="ada", update=Update(codes=["ada-10"]), actor=Actor("till"), now=now)
links = {}
for name, runs in (("ended", "until: 2021-12-31"), ("early", "from: 2039-12-31"), ("resting", "from: 2020-01-01")):
    text = FRIENDS.replace("program: friends", f"program: {name}") + f"runs: {{{runs}}}\\n"
    publish_program(workspace=calm, text=text, valid_from=None, approved_by="Chloé", now=now)
    link = link_for(workspace=calm, program=name, member="ada", channel="copy", now=now)
    links[name] = f"/w/calm/r/{link.slug}"
set_mail(workspace=calm, kind="lead", on=True, now=now, countries=["ES"])
text = FRIENDS.replace("program: friends", "program: introducing").replace("on: signup", "on: lead")
publish_program(workspace=calm, text=text, valid_from=None, approved_by="Chloé", now=now)
pause_program(workspace=calm, program="resting", actor=Actor("till"), now=now)
empty = create_workspace(name="empty", timezone="Europe/Madrid", is_test=False, now=now)
print(json.dumps({
    **links,
    "stop": stop_url(bluebell, mark_of_mailbox(bluebell.pk, "ben@example.com")),
    "empty": create_key(workspace=empty, name="Ada", grant=Grant(("read",)), now=now)[1],
}))
"""
_FORGET_TRIES = "from sayso.domains.sharing.models import Try; Try.objects.all().delete(); print('done')"


@pytest.fixture(scope="module")
def known(company: Company) -> dict[str, str]:
    """What leads to each page."""
    company.buys("ada", "everybody-1")
    company.api("PUT", "/members/ada", {"attributes": {"first_name": "Ada"}})
    found: dict[str, str] = json.loads(company.house.installation.ask(_PREPARE)[-1])
    stop = urlsplit(found["stop"]).path
    return {**found, "stop": stop, "shared": urlsplit(company.share_link("ada", "whatsapp")).path}


@pytest.fixture
def reader(browser: Browser, language: str) -> Iterator[Page]:
    """Somebody's phone, which speaks a language."""
    with Held(browser.new_context(viewport=PHONE, locale=LANGUAGES[language], has_touch=True)) as page:
        yield page


def look(page: Page, *, by_keyboard: bool = False) -> None:
    """Look at a page in both themes, and walk through it."""
    fits_the_screen(page)
    axe_finds_nothing(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    axe_finds_nothing(page, only="color-contrast")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    if by_keyboard:
        keyboard_reaches_everything(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_friends_see(company: Company, known: dict[str, str], reader: Page, language: str) -> None:
    ours = [
        "/p/bring-a-friend", "/p/bring-a-friend?v=one", "/p/bring-a-friend?v=three",
        "/terms/bring-a-friend", "/nothing", "/%00", "/widget/portal",
    ]  # fmt: skip
    calm = [f"/w/calm/p/{name}" for name in ("ended", "early", "resting", "introducing/lead")]
    links = [known[name] for name in ("shared", "ended", "early", "resting", "stop")]
    for path in [*(f"/w/bluebell{each}" for each in ours), *calm, *links]:
        reader.goto(f"{company.origin}{path}")
        expect(reader.locator("html")).to_have_attribute("lang", language)
        look(reader, by_keyboard=language == "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_asked_again(company: Company, known: dict[str, str], reader: Page, language: str) -> None:
    for path in ("/w/bluebell/p/bring-a-friend", LEAD):
        reader.goto(f"{company.origin}{path}")
        if path.endswith("lead"):
            reader.locator("[name=consent-contacted]").check()
        reader.locator("form button.primary").click()
        expect(reader.get_by_role("alert")).to_be_visible()
        look(reader)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_operators_see(company: Company, known: dict[str, str], reader: Page, language: str) -> None:
    reader.goto(f"{company.origin}/sign-in")
    look(reader, by_keyboard=language == "en")
    for key in (known["empty"], company.secret_key):
        reader.context.clear_cookies()
        reader.goto(f"{company.origin}/sign-in")
        reader.locator("input[name=key]").fill(key)
        reader.locator("form button.primary").click()
        expect(reader.locator("main h1")).to_be_visible()
        look(reader, by_keyboard=language == "en")
    for path in ("/programs/bring-a-friend", "/nothing"):
        reader.goto(f"{company.origin}{path}")
        look(reader)


@pytest.mark.parametrize("language", ["en"])
def test_the_reference_which_is_long_and_in_english(company: Company, reader: Page, language: str) -> None:
    reader.goto(f"{company.origin}/sign-in")
    reader.locator("input[name=key]").fill(company.secret_key)
    reader.locator("form button.primary").click()
    reader.goto(f"{company.origin}/reference")
    fits_the_screen(reader)
    axe_finds_nothing(reader)


@pytest.mark.parametrize("language", ["nl"])
def test_what_comes_of_a_form(company: Company, known: dict[str, str], reader: Page, language: str) -> None:
    page = reader

    def send(path: str, **typed: str) -> None:
        page.goto(f"{company.origin}{path}")
        for name, value in typed.items():
            page.locator(f"[name={name}]").first.evaluate("(field, value) => (field.value = value)", value)
        for box in page.locator("[name=consent-contacted]").all():
            box.check()
        with page.expect_navigation():
            page.locator("form#form button.primary").click()
        # A page whose code is still being made looks again by itself.
        done = page.locator("main:has(h1):not(:has([data-coming], #form))")
        expect(done).to_be_visible(timeout=20_000)
        look(page)

    eva = {"name": "Eva", "email": "eva@everybody.example"}
    send(known["shared"], **eva)
    expect(page.locator("main h1")).to_contain_text("Eva")
    send(known["shared"], **eva)  # somebody who is here already
    send("/w/bluebell/p/bring-a-friend", name="Dario", email="dario@everybody.example", advocate="Nobody Known")
    send("/w/bluebell/p/bring-a-friend", name="Robot", email="robot@everybody.example", advocate="x", fax_number="1")
    chloe = {"name": "Chloé", "email": "chloe@everybody.example", "advocate": "ada-10"}
    send(LEAD, **chloe)
    send(LEAD, **chloe)


@pytest.mark.parametrize("language", ["nl"])
def test_who_guesses_too_much_is_told(company: Company, known: dict[str, str], reader: Page, language: str) -> None:
    for number in range(10):
        reader.request.get(company.page(f"/r/guess-{number}"))
    reader.goto(company.page("/r/guess"))
    expect(reader.locator("main h1")).to_be_visible()
    look(reader)
    company.house.installation.ask(_FORGET_TRIES)
