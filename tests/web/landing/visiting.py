"""Visiting the pages that friends see, as a browser with script or without does it.

Owns the reading of a form and the sum of its ticket. It must not check anything.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from sayso.domains.events.act import Actor
from sayso.domains.people.update import Update, update_member
from sayso.domains.programs.publish import publish_program
from sayso.domains.sharing.click import Click, click_token
from sayso.domains.workspaces.brand import BrandChange, set_brand
from sayso.domains.workspaces.create import create_workspace
from sayso.domains.workspaces.models import Workspace

PAGE = "/w/bluebell/p/friends"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"

PROGRAM = """
sayso: 1
program: friends
title: {en: Bring a friend, es: Trae a un amigo}
currency: EUR
ideal_customer: For people who make coffee at home
people: {friends: friend.is_new}
referral:
  window: 60d
  steps:
    signed_up: {on: signup}
    purchased: {on: purchase, when: event.amount >= 20, within: 60d}
  success: purchased
rewards:
  welcome: {to: friend, at: signed_up, give: {coupon: 10 EUR, minimum_order: 30 EUR, expires: 60d}}
  thanks: {to: advocate, at: purchased, give: {credit: 20 EUR}, hold: 14d}
"""
# The same, where a friend begins as a contact that an advocate hands in.
LEADS = PROGRAM.replace("signed_up: {on: signup}", "signed_up: {on: lead}")
PAGE_PART = """
page:
  headline: {en: Your first coffee at home, es: Tu primer café en casa}
  offer: Beans roasted yesterday
  proof: [Since they come on Mondays I buy no other — Lucía]
  form: [name, email, phone]
  call_to_action: Take the 10 EUR
  questions: [{question: How do I use it?, answer: Type it in when you pay}]
  variants: {warm: {headline: Something warm}}
"""


def open_cafe(text: str = PROGRAM, *, name: str = "bluebell") -> Workspace:
    """A live workspace whose program runs, in which Ada recommends with the code ADA-10."""
    now = datetime.now(UTC)
    start = now - timedelta(days=30)
    workspace = create_workspace(name=name, timezone="Europe/Madrid", is_test=False, now=start)
    set_brand(workspace=workspace, change=BrandChange(name="Bluebell Coffee", home_url="https://bluebell.example"))
    publish(workspace, text, start)
    known = Update(email="ada.l@gmail.com", codes=["ADA-10"], attributes={"first_name": "Ada", "name": "Ada Lovell"})
    update_member(workspace=workspace, member="ada", update=known, actor=Actor("api"), now=start)
    return workspace


def publish(workspace: Workspace, text: str, now: datetime | None = None) -> None:
    """Publish a program, now where no other moment is said."""
    moment = now or datetime.now(UTC)
    publish_program(workspace=workspace, text=text, valid_from=moment, approved_by="Chloé", now=moment)


def token_of(workspace: Workspace, *, ago: timedelta = timedelta(minutes=5)) -> str:
    """What Ada's link carries."""
    return click_token(Click(workspace.pk, "ada-10", "friends", "whatsapp", datetime.now(UTC) - ago, 1))


def fields_of(page: str) -> dict[str, str]:
    """The fields of the form on a page as a browser would send them untouched, without boxes to tick."""
    form = page[page.index('id="form"') :]
    form = form[: form.index("</form>")]
    found = re.findall(r'<(?:input|textarea)[^>]*? name="([^"]+)"([^>]*)', form)
    values = {name: re.search(r'value="([^"]*)"', rest) for name, rest in found if not name.startswith("consent-")}
    lists = re.findall(r'<select[^>]*? name="([^"]+)".*?</select>', form, re.DOTALL)
    values |= {name: re.search(r'value="([^"]*)" selected', form[form.index(f'name="{name}"') :]) for name in lists}
    return {name: unescape(value[1]) if value else "" for name, value in values.items()}


def solve(page: str) -> str:
    """Do the sum that the form asks of a browser."""
    read = {name: re.search(rf'data-{name}="([^"]+)"', page) for name in ("once", "digest", "highest")}
    once, digest, highest = (found[1] for found in read.values() if found)
    tried = (str(number) for number in range(int(highest)))
    return next(number for number in tried if sha256(f"{once}{number}".encode()).hexdigest() == digest)


def look(client: Client, path: str = PAGE, **asked: str) -> HttpResponse:
    """Open a page."""
    return client.get(path, asked, secure=True, headers={"user-agent": BROWSER})  # type: ignore[return-value]


def fill_in(client: Client, path: str = PAGE, *, asked: dict[str, str] | None = None, **typed: Any) -> HttpResponse:
    """Open a page, fill its form in as a browser with script does, and send it."""
    page = look(client, path, **(asked or {})).content.decode()
    sent = {**fields_of(page), "proof": solve(page), "name": "Ben Ostrom", "email": "ben@example.com", **typed}
    return send(client, sent, path)


def send(client: Client, sent: dict[str, Any], path: str = PAGE) -> HttpResponse:
    """Send a form."""
    return client.post(path, sent, secure=True, headers={"user-agent": BROWSER})  # type: ignore[return-value]
