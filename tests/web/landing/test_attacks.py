"""What strangers try on the pages that friends see: script in every text, forged requests, other people's pages."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from sayso.domains.events.act import Actor
from sayso.domains.events.models import Event
from sayso.domains.pages.consent_texts import write_text
from sayso.domains.people.update import Update, update_member
from sayso.domains.sharing.names import note_names
from sayso.domains.workspaces.brand import BrandChange, set_brand
from sayso.domains.workspaces.models import Workspace
from tests.web.landing.visiting import (
    LEADS,
    PAGE,
    PROGRAM,
    fields_of,
    fill_in,
    look,
    open_cafe,
    publish,
    send,
    solve,
    token_of,
)

# Each would run, or break out, in one of the places that text is put: an element, an attribute, a script of data, CSS.
SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"\"'><img src=x onerror=alert(1)>{SCRIPT}</script>{{{{ 7 }}}}"
SHOWN = re.compile(
    r"<script(?! type=\"application/ld\+json\"| src=\"/static/)|<img src=x|onerror=alert\(1\)>(?!&)", re.I
)

WORDS = HOSTILE.replace("'", "''")
DOCUMENT = (
    PROGRAM.replace("    purchased:", "    met: {on: lead}\n    purchased:")
    .replace("{en: Bring a friend, es: Trae a un amigo}", f"'{WORDS}'")
    .replace("For people who make coffee at home", f"'{WORDS}'")
    + f"""
page:
  headline: '{WORDS}'
  offer: '{WORDS}'
  proof: ['{WORDS} — {WORDS}']
  form: [name, email, company, message]
  call_to_action: '{WORDS}'
  questions: [{{question: '{WORDS}', answer: '{WORDS}'}}]
"""
)


@pytest.fixture
def hostile(transactional_db: None) -> Workspace:
    workspace = open_cafe(DOCUMENT)
    set_brand(workspace=workspace, change=BrandChange(name=HOSTILE[:80], postal_address=HOSTILE))
    named = Update(attributes={"first_name": "<img/src=x/onerror=alert(1)>"})
    now = datetime.now(UTC)
    update_member(workspace=workspace, member="ada", update=named, actor=Actor("api"), now=now)
    write_text(workspace=workspace, purpose="news", texts={"en": HOSTILE}, now=now)
    return workspace


def _is_harmless(said: str) -> None:
    """No tag of anybody's but ours; nothing here leans on the policy that browsers get."""
    assert not SHOWN.search(said), SHOWN.search(said)
    assert "<img/src" not in said
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', said)
    assert data is None or "<" not in data[1]


def test_no_text_of_the_document_or_the_brand_becomes_markup(client: Client, hostile: Workspace) -> None:
    token = token_of(hostile)
    for path in (PAGE, f"{PAGE}/lead", "/w/bluebell/terms/friends", "/w/bluebell/nothing"):
        said = look(client, path, t=token).content.decode()
        assert "alert(1)" in said
        _is_harmless(said)
    assert look(client, "/w/bluebell/logo").content.decode().count("<") == 5


def test_nothing_that_is_typed_becomes_markup(client: Client, hostile: Workspace) -> None:
    typed: dict[str, Any] = {
        "name": HOSTILE[:90],
        "company": HOSTILE[:90],
        "message": HOSTILE,
        "advocate": HOSTILE[:90],
    }
    wrong = fill_in(client, asked=None, **typed, email=f"{SCRIPT}@example.com")
    assert wrong.status_code == 422
    _is_harmless(wrong.content.decode())
    done = fill_in(client, asked={"t": token_of(hostile)}, t=token_of(hostile), **{**typed, "email": "b@example.com"})
    assert done.status_code == 302
    _is_harmless(client.get(done["Location"], secure=True).content.decode())


@pytest.mark.parametrize("asked", [{"t": HOSTILE}, {"language": HOSTILE}, {"v": HOSTILE}, {"w": HOSTILE}])
def test_nothing_in_an_address_becomes_markup(client: Client, hostile: Workspace, asked: dict[str, str]) -> None:
    for path in (PAGE, f"{PAGE}/lead", f"{PAGE}/welcome"):
        answer = client.get(path, asked, secure=True, follow=True)
        _is_harmless(answer.content.decode())
        assert "\n" not in "".join(answer.headers.values())


def test_a_welcome_page_is_for_whoever_has_its_ticket(client: Client, transactional_db: None) -> None:
    cafe = open_cafe()
    token = token_of(cafe)
    done = fill_in(client, asked={"t": token}, t=token)
    forged = signing.dumps([1, 1, 0, True], salt="another purpose")
    for ticket in ("", "x" * 900, forged, done["Location"].split("w=")[1][:40]):
        away = client.get(f"{PAGE}/welcome", {"w": ticket}, secure=True)
        assert (away.status_code, away["Location"]) == (302, PAGE)
    assert client.get(done["Location"], secure=True).status_code == 200


def test_a_welcome_ticket_opens_no_other_program_and_no_other_company(client: Client, transactional_db: None) -> None:
    cafe, other = open_cafe(), open_cafe(name="other")
    publish(cafe, PROGRAM.replace("program: friends", "program: family"))
    fill_in(client, "/w/other/p/friends", asked={"t": token_of(other)}, t=token_of(other), name="Victor")
    done = fill_in(client, asked={"t": token_of(cafe)}, t=token_of(cafe))
    for here, there in (("/w/bluebell/", "/w/other/"), ("/friends/", "/family/")):
        away = client.get(done["Location"].replace(here, there), secure=True)
        assert (away.status_code, away["Location"].endswith("/welcome")) == (302, False)


def test_remembering_leads_back_to_the_page_and_nowhere_else(client: Client, transactional_db: None) -> None:
    cafe = open_cafe()
    sent = {"t": token_of(cafe), "remembered": "1", "next": "https://evil.example", "language": "xx\r\nSet-Cookie: a=b"}
    answer = client.post(f"{PAGE}/remember", sent, secure=True)
    assert answer["Location"].startswith(f"{PAGE}?t=")
    assert set(answer.cookies) == {"sayso_click"}


def test_a_form_says_only_what_it_asks(client: Client, transactional_db: None) -> None:
    cafe = open_cafe()
    token = token_of(cafe)
    shown = look(client, t=token).content.decode()
    more = {"touches": "[]", "consents": "{}", "code": "x", "shown_version": "9", "amount_minor": "1", "tags": "vip"}
    sent = {**fields_of(shown), "proof": solve(shown), "name": "Ben", "email": "ben@example.com", **more}
    assert send(client, sent).status_code == 302
    props = Event.objects.get(workspace=cafe, type="signup").props
    assert set(props) == {"name", "email", "language", "shown_version", "touches", "consents", "page"}
    assert props["shown_version"] == {"friends": 1}


def test_handing_in_a_contact_tells_nobody_whether_a_name_is_known(client: Client, transactional_db: None) -> None:
    cafe = open_cafe(LEADS)
    note_names(datetime.now(UTC))
    shown = []
    for name, email in (("Ada Lovell", "eva@example.com"), ("Nobody Known", "chloe@example.com")):
        typed: dict[str, Any] = {"advocate": name, "name": "Eva", "email": email, "consent-contacted": "1"}
        answer = fill_in(client, f"{PAGE}/lead", **typed)
        shown.append((answer.status_code, answer.content.decode().split("<main")[1].split("</main>")[0]))
    assert shown[0] == shown[1]
    assert Event.objects.filter(workspace=cafe, type="lead").count() == 1


def test_codes_cannot_be_guessed_in_a_form_for_long(client: Client, transactional_db: None) -> None:
    open_cafe()
    for number in range(10):
        assert fill_in(client, advocate=f"guess-{number}").status_code == 422
    right = fill_in(client, advocate="ada-10")
    assert right.status_code in (422, 429)
    assert "Welcome" not in right.content.decode()


def test_tickets_end(client: Client, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of(open_cafe())
    old = look(client, t=token).content.decode()
    done = fill_in(client, asked={"t": token}, t=token)
    day_after = time.time() + 24 * 3600 + 1
    monkeypatch.setattr(time, "time", lambda: day_after)
    assert client.get(done["Location"], secure=True)["Location"] == PAGE
    late = send(client, {**fields_of(old), "proof": solve(old), "name": "Eva", "email": "eva@example.com"})
    assert "The form was open for too long" in late.content.decode()
