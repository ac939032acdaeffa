"""The ground of the journeys: the service with a company's program, and Debian's Chromium as a person holds it.

Owns the fixtures. `bin/browser` installs the browser; a machine without it fails these tests, it does not skip them.
Journeys run on SQLite only: what differs between the databases is tested where it differs.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, sync_playwright

from tests.installation import ROOT
from tests.journeys.company import Company, open_company

# Nothing is asked of any other machine, and nothing is drawn by a graphics card.
_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
PHONE: ViewportSize = {"width": 390, "height": 844}
_PATIENCE_MS = 10_000
_NO_COOKIES = {"profile": {"default_content_setting_values": {"cookies": 2}}}


@pytest.fixture(scope="session")
def company() -> Iterator[Company]:
    """Bluebell Coffee, its program published, nobody known yet."""
    with open_company() as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is."""
    command = [str(ROOT / "bin/browser")]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    """What drives the browser; while it runs, Django lets nobody in this process ask the database."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(driver: Playwright, chromium: str) -> Iterator[Browser]:
    """The browser itself, without a window."""
    running = driver.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
    yield running
    running.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page on somebody's phone that was nowhere yet; its browser speaks English."""
    with Held(browser.new_context(viewport=PHONE, locale="en-GB", has_touch=True)) as page:
        yield page


@pytest.fixture
def private_window(browser: Browser) -> Iterator[Page]:
    """Somebody else's phone, with nothing kept from before."""
    with Held(browser.new_context(viewport=PHONE, locale="en-GB", has_touch=True)) as page:
        yield page


@pytest.fixture
def spanish_phone_without_script(browser: Browser) -> Iterator[Page]:
    """A phone that speaks Spanish and runs no script."""
    with Held(browser.new_context(viewport=PHONE, locale="es-ES", java_script_enabled=False)) as page:
        yield page


@pytest.fixture
def spanish_friend(browser: Browser) -> Iterator[Page]:
    """Another one, of somebody who was never here."""
    with Held(browser.new_context(viewport=PHONE, locale="es-ES", java_script_enabled=False)) as page:
        yield page


@pytest.fixture
def phone_without_cookies(driver: Playwright, chromium: str, tmp_path: Path) -> Iterator[Page]:
    """A phone whose browser takes no cookie from anybody."""
    kept = tmp_path / "browser" / "Default"
    kept.mkdir(parents=True)
    (kept / "Preferences").write_text(json.dumps(_NO_COOKIES))
    context = driver.chromium.launch_persistent_context(
        kept.parent,
        executable_path=chromium,
        args=_ARGUMENTS,
        viewport=PHONE,
        locale="en-GB",
    )
    with Held(context) as page:
        yield page


class Held:
    """A page of a context that fails the test where its script does, and ends with the test."""

    def __init__(self, context: BrowserContext) -> None:
        self._context, self._broken = context, list[str]()

    def __enter__(self) -> Page:
        self._context.set_default_timeout(_PATIENCE_MS)
        page = self._context.pages[0] if self._context.pages else self._context.new_page()
        # What is still fading in cannot be looked at.
        page.emulate_media(reduced_motion="reduce")
        page.on("pageerror", lambda error: self._broken.append(str(error)))
        return page

    def __exit__(self, *failure: object) -> None:
        self._context.close()
        if failure == (None, None, None):
            assert not self._broken
