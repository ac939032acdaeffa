"""How a page is looked at: by axe, and by what it weighs.

Owns the rules of looking. It must not know a page.
"""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request

_axe = Axe()
_KINDS = ("script", "stylesheet")
# What axe finds in order is as long as the page, and would be told too.
_FOUND = "options => axe.run({...options, resultTypes: ['violations']}).then(results => results.violations)"


def axe_finds_nothing(page: Page, *, only: str = "") -> None:
    """Fail with what axe finds on a page as it stands, frames of the same origin included; by one rule, or by all."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(_axe.axe_script)
    found = page.evaluate(_FOUND, {"runOnly": [only]} if only else {})
    told = [f"{each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes'][:3]]}" for each in found]
    assert not told, "\n".join(told)


def fits_the_screen(page: Page) -> None:
    """Fail where a page must be moved sideways to be read."""
    width, shown = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= shown


def keyboard_reaches_everything(page: Page) -> None:
    """Fail where something that can be used is not reached with the tab key, or does not show that it is."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    wanted: list[str] = page.evaluate(f"[...document.querySelectorAll({_USABLE!r})].filter({_SEEN}).map({_NAMED})")
    reached = set()
    for _ in range(len(wanted) + 2):
        page.keyboard.press("Tab")
        name, is_shown = page.evaluate(f"[({_NAMED})(document.activeElement), ({_MARKED})(document.activeElement)]")
        assert is_shown, f"nobody sees that {name} has the focus"
        reached.add(name)
    assert not set(wanted) - reached


_USABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
_SEEN = "(each) => each.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}) && each.tabIndex >= 0"
_NAMED = "(each) => (each.name || '') + each.tagName + (each.textContent || '').trim().slice(0, 60) + (each.href || '')"
_MARKED = "(each) => each === document.body || getComputedStyle(each).outlineStyle !== 'none'"


class Weighed:
    """Counts what a page asks for, from the moment it is made.

    Attributes:
        requests: how many.
        style_and_script_bytes: of both together, as they came over the wire.
    """

    def __init__(self, page: Page) -> None:
        self.requests, self.style_and_script_bytes = 0, 0
        page.on("requestfinished", self._weigh)

    def _weigh(self, request: Request) -> None:
        self.requests += 1
        if request.resource_type in _KINDS:
            self.style_and_script_bytes += request.sizes()["responseBodySize"]
