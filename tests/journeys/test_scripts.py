"""Script in every text that people and companies write runs nowhere, also in a browser that knows no content policy."""

from __future__ import annotations

import json

from playwright.sync_api import Browser, Dialog, expect

from tests.journeys.company import Company
from tests.journeys.conftest import PHONE

_PREPARE = """
import json
from datetime import UTC, datetime
from sayso.domains.events.act import Actor
from sayso.domains.pages.consent_texts import write_text
from sayso.domains.people.update import Update, update_member
from sayso.domains.programs.publish import publish_program
from sayso.domains.sharing.links import link_for
from sayso.domains.workspaces.brand import BrandChange, set_brand
from sayso.domains.workspaces.create import create_workspace
from sayso.domains.workspaces.keys import Grant, create_key
from tests.web.landing.test_attacks import DOCUMENT, HOSTILE
now = datetime.now(UTC)
hostile = create_workspace(name="hostile", timezone="Europe/Madrid", is_test=False, now=now)
set_brand(workspace=hostile, change=BrandChange(name=HOSTILE[:80], postal_address=HOSTILE))
publish_program(workspace=hostile, text=DOCUMENT, valid_from=None, approved_by=HOSTILE[:60], now=now)
known = Update(codes=["ada-10"], attributes={"first_name": "<img/src=x/onerror=alert(1)>"}, email="ada@example.com")
update_member(workspace=hostile, member="ada", update=known, actor=Actor("till"), now=now)
write_text(workspace=hostile, purpose="news", texts={"en": HOSTILE}, now=now)
link = link_for(workspace=hostile, program="friends", member="ada", channel="whatsapp", now=now)
print(json.dumps([link.slug, create_key(workspace=hostile, name="Ada", grant=Grant(("read",)), now=now)[1], HOSTILE]))
"""


def test_nothing_that_anybody_wrote_runs(company: Company, browser: Browser) -> None:
    slug, key, hostile = json.loads(company.house.installation.ask(_PREPARE)[-1])
    context = browser.new_context(viewport=PHONE, locale="en-GB", bypass_csp=True)
    page, ran = context.new_page(), list[str]()

    def heard(dialog: Dialog) -> None:
        ran.append(page.url)
        dialog.dismiss()

    page.on("dialog", heard)
    page.goto(company.origin)
    page.evaluate("alert('a dialog is heard of')")
    assert ran.pop()
    site = f"{company.origin}/w/hostile"
    pages = (f"/r/{slug}", "/p/friends", "/p/friends/lead", "/terms/friends", "/nothing", "/portal/", "/widget/portal")
    for path in pages:
        page.goto(f"{site}{path}")
        expect(page.locator("body")).to_contain_text("onerror=alert(1)")
    page.goto(f"{site}/r/{slug}")
    page.locator("[name=name]").fill(hostile[:90])
    page.locator("[name=company]").fill(hostile[:90])
    page.locator("[name=email]").fill("<script>alert(1)</script>@example.com")
    page.locator("form#form button.primary").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("[name=email]").fill("ben@scripts.example")
    page.locator("form#form button.primary").click()
    expect(page.locator(".ticket")).to_be_visible()
    page.goto(f"{company.origin}/sign-in")
    page.locator("input[name=key]").fill(key)
    page.locator("form button.primary").click()
    for path in ("/", "/programs/friends"):
        page.goto(f"{company.origin}{path}")
        expect(page.locator("main")).to_contain_text("alert(1)")
    assert ran == []
    context.close()
