"""`/terms/PROGRAM`: what a program promises, in every version that was published."""

from __future__ import annotations

import pytest
from django.test import Client

from sayso.domains.workspaces.models import Workspace
from tests.web.landing.visiting import PROGRAM, open_cafe, publish

TERMS = "/w/bluebell/terms/friends"


@pytest.fixture
def plain(transactional_db: None) -> Workspace:
    return open_cafe()


def test_the_terms_speak_the_visitors_language_and_name_no_cost(client: Client, plain: Workspace) -> None:
    said = client.get(TERMS, {"language": "nl"}, secure=True).content.decode()
    assert "Wanneer de vriend €\xa020 of meer besteedt, krijgt de aanbrenger €\xa020 tegoed" in said
    assert "Wie dit belooft" in said


def test_the_terms_of_every_version_can_be_read(client: Client, plain: Workspace) -> None:
    """A recommendation keeps the version that it began with (SEMANTICS 18)."""
    publish(plain, PROGRAM.replace("credit: 20 EUR", "credit: 25 EUR"))
    newest = client.get(TERMS, secure=True).content.decode()
    assert "€25 credit" in newest
    assert f'href="{TERMS}?version=1">Version 1' in newest
    first = client.get(TERMS, {"version": "1", "language": "nl"}, secure=True).content.decode()
    assert "€\xa020 tegoed" in first
    assert "De nieuwste is versie 2." in first
    assert "?version=1&amp;language=es" in first  # another language of the same version
    for wrong in ("0", "3", "x", "²", "9" * 20):
        assert client.get(TERMS, {"version": wrong}, secure=True).status_code == 404, wrong
