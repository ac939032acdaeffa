"""A contact that an advocate hands in on the page hears from us once, where the workspace writes to leads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import Client
from django.test.utils import override_settings

from sayso.domains.events.models import Event
from sayso.domains.outreach.models import Mail
from sayso.domains.outreach.switches import set_mail
from sayso.domains.workspaces.models import Workspace
from tests.domains.outreach.mailing import hand_over, soon
from tests.domains.outreach.post_office import PostOffice, open_post_office, text_of
from tests.web.landing.visiting import LEADS, PAGE, fields_of, fill_in, look, open_cafe, token_of

LEAD = f"{PAGE}/lead"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as opened:
        yield opened


@pytest.fixture
def bluebell(transactional_db: None, office: PostOffice) -> Workspace:
    workspace = open_cafe(LEADS.replace("{en: Bring a friend, es: Trae a un amigo}", "Bring a friend"))
    set_mail(workspace=workspace, kind="lead", on=True, now=datetime.now(UTC), countries=["ES", "NL"])
    return workspace


def hand_in(client: Client, workspace: Workspace, **typed: str) -> HttpResponse:
    """Ada hands Eva in."""
    said = {"name": "Eva", "email": "eva@example.com", "consent-contacted": "1", **typed}
    return fill_in(client, LEAD, asked={"t": token_of(workspace)}, **said)


def test_the_contact_hears_from_us_once_with_the_advocates_name(
    client: Client, bluebell: Workspace, office: PostOffice
) -> None:
    for _ in range(2):
        hand_in(client, bluebell)
        hand_over()
    (letter,) = office.empty(soon())
    assert letter["To"] == "eva@example.com"
    assert letter["Subject"] == "Ada recommends Bluebell Coffee to you"
    assert "gets a reward if you become a customer" in " ".join(text_of(letter).split())


def test_somebody_where_we_may_not_write_hears_nothing(client: Client, bluebell: Workspace, office: PostOffice) -> None:
    assert "Thank you" in hand_in(client, bluebell, country="US").content.decode()
    hand_over()
    assert office.empty(soon()) == []
    assert Event.objects.get(workspace=bluebell, type="lead").props["country"] == "US"
    assert Mail.objects.get(workspace=bluebell, kind="lead").reason == "mails of this kind are turned off"


def test_the_list_begins_with_the_workspaces_country_in_the_visitors_language(
    client: Client, bluebell: Workspace
) -> None:
    shown = client.get(LEAD, {"t": token_of(bluebell), "language": "nl"}, secure=True).content.decode()
    assert '<option value="ES" selected>Spanje</option>' in shown
    assert fields_of(shown)["country"] == "ES"
    assert shown.index(">Afghanistan<") < shown.index(">Åland<") < shown.index(">Zweden<")


@pytest.mark.parametrize("country", ["", "EU", "Spain"])
def test_what_is_no_country_is_asked_for_again(client: Client, bluebell: Workspace, country: str) -> None:
    answer = hand_in(client, bluebell, country=country)
    assert answer.status_code == 422
    assert '<p class="wrong" id="country-wrong">Choose a country</p>' in answer.content.decode()
    assert not Event.objects.filter(workspace=bluebell, type="lead").exists()


def test_where_nobody_is_written_to_no_country_is_asked_for(client: Client, transactional_db: None) -> None:
    assert "country" not in fields_of(look(client, LEAD, t=token_of(open_cafe(LEADS))).content.decode())


HEARS = "They get one e-mail from us at most, with your name."


def test_a_mail_is_promised_only_where_one_leaves(client: Client, bluebell: Workspace) -> None:
    assert HEARS in look(client, LEAD, t=token_of(bluebell)).content.decode()
    with override_settings(EMAIL_HOST=""):
        said = look(client, LEAD, t=token_of(bluebell)).content.decode()
    assert HEARS not in said
    assert "What you write here reaches the people at Bluebell Coffee." in said


def test_no_mail_is_promised_where_it_is_turned_off(client: Client, bluebell: Workspace) -> None:
    set_mail(workspace=bluebell, kind="lead", on=False, now=datetime.now(UTC))
    assert HEARS not in look(client, LEAD, t=token_of(bluebell)).content.decode()
