"""Introducing somebody: from a member's own page to the form that hands a contact in, which knows whose it is."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from sayso.domains.events.act import Actor
from sayso.domains.events.models import Event
from sayso.domains.people.models import Member
from sayso.domains.people.update import ban_member
from sayso.domains.referrals.models import Referral
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import START
from tests.web.landing.visiting import LEADS, PAGE, fields_of, look, open_cafe, send, solve, token_of
from tests.web.portal.visiting import enter, page

pytestmark = pytest.mark.django_db(transaction=True)

LABELS = {
    "en": "Introduce somebody", "es": "Presentar a alguien", "it": "Presenta qualcuno", "nl": "Stel iemand voor",
}  # fmt: skip


@pytest.fixture
def bluebell() -> Workspace:
    return open_cafe(LEADS.replace("{en: Bring a friend, es: Trae a un amigo}", "Bring a friend"))


def introduction(shown: str) -> str:
    """Where the form is that a member's page leads to; empty where it leads to none."""
    found = re.search(r'href="([^"]*/lead\?[^"]*)"', shown)
    return unescape(found[1]) if found else ""


@pytest.mark.parametrize("language", LABELS)
def test_a_program_that_begins_with_a_lead_shows_where_to_introduce_somebody(
    client: Client, bluebell: Workspace, language: str
) -> None:
    shown = page(enter(client, bluebell, "ada"), language=language)
    assert LABELS[language] in shown
    assert introduction(shown).startswith(f"{PAGE}/lead?t=")
    assert f'<html lang="{language}"' in look(client, introduction(shown)).content.decode()


def test_a_program_without_leads_shows_none(client: Client) -> None:
    cafe = open_cafe()
    assert introduction(page(enter(client, cafe, "ada"))) == ""
    for asked in ({}, {"t": token_of(cafe)}):
        answer = look(client, f"{PAGE}/lead", **asked)
        assert answer.status_code == 404
    assert client.post(f"{PAGE}/lead", {"name": "Eva"}, secure=True).status_code == 404
    assert not Event.objects.filter(workspace=cafe, type="lead").exists()


def test_who_was_barred_introduces_nobody(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell, "ada")
    ban_member(workspace=bluebell, member="ada", actor=Actor("till"), now=START)
    assert introduction(page(client)) == ""


def test_the_form_knows_who_introduces(client: Client, bluebell: Workspace) -> None:
    form = look(client, introduction(page(enter(client, bluebell, "ada")))).content.decode()
    asked = fields_of(form)
    assert "advocate" not in asked
    typed = {"name": "Ben Ostrom", "email": "ben@example.com", "consent-contacted": "1"}
    done = send(Client(), {**asked, **typed, "proof": solve(form)}, f"{PAGE}/lead")
    assert "Thank you for the introduction" in done.content.decode()
    (referral,) = Referral.objects.filter(workspace=bluebell)
    assert referral.advocate == Member.objects.get(workspace=bluebell, ref="ada").id
