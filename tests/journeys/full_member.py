"""Ada on the pages of a company that runs: three friends who bought, one who signed up, one who tells nothing.

Owns the making, over the API as the company's systems would tell it, and signing her in. It must not check anything.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.company import Company

ADDRESS = "ada@portal.example"
# Past the hold of what the friends bring, and long enough that one may be reminded.
_PASSED = timedelta(days=15)


def make_full(company: Company, member: str = "ada-in-full") -> str:
    """Make a member whose pages have something of everything, and return the company's name for her."""
    company.knows(member, email=ADDRESS, attributes={"first_name": "Ada"})
    company.buys(member, f"{member}-buys", 301_000)
    code = company.api("POST", "/codes", {"member": member})["code"]
    for friend in ("Ben", "Chloé", "Dario", "Eva"):
        _signs_up(company, member, friend, code, allows=True)
    _signs_up(company, member, "Noa", code, allows=False)
    for friend in ("Ben", "Chloé", "Dario"):
        company.buys(f"{member}-{friend}", f"{member}-{friend}-buys")
    company.move_clock(_PASSED)
    return member


def come_in(page: Page, company: Company, member: str) -> None:
    """Come in by an address that an app makes, as the guide writes it."""
    page.goto(company.page(f"/portal/enter#token={company.token(member)}"))
    page.locator("form[action$=entry] button").click()
    expect(page.locator("nav.places")).to_be_visible()
    assert "token" not in page.url


def _signs_up(company: Company, member: str, friend: str, code: str, *, allows: bool) -> None:
    shared = {"shared": {"given": allows, "version": 1, "language": "en"}}
    props: dict[str, Any] = {"name": friend, "consents": shared}
    said = {"id": f"{member}-{friend}", "type": "signup", "member": f"{member}-{friend}", "referral_code": code}
    company.api("POST", "/events", {**said, "occurred_at": company.now().isoformat(), "props": props})
