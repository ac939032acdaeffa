"""The frame of every page of a site: its look, its language, its two ways in, and what is shown where it breaks."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from sayso.domains.workspaces.brand import BrandChange, add_host, set_brand
from sayso.domains.workspaces.brand_colours import SHAPE, TEXT, contrast, dark_shades, light_shades
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, open_bluebell

HOST = "friends.bluebell.example"
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.fixture
def bluebell(transactional_db: None, settings: object) -> Workspace:
    workspace = open_bluebell(FRIENDS)
    settings.ALLOWED_HOSTS = ["testserver", HOST]  # type: ignore[attr-defined]
    return workspace


@given(COLOURS)
def test_everything_can_be_read_whatever_colour_a_company_picks(colour: str) -> None:
    for shades, ground in ((light_shades(colour), "#f3f0ea"), (dark_shades(colour), "#202026")):
        assert contrast(shades.on_fill, shades.fill) >= TEXT
        assert contrast(shades.fill, ground) >= SHAPE
        assert contrast(shades.ink, ground) >= TEXT
        assert contrast(shades.ink, shades.wash) >= TEXT


def test_a_site_has_one_stylesheet_with_the_companys_colour(client: Client, bluebell: Workspace) -> None:
    set_brand(workspace=bluebell, change=BrandChange(colour="#005b5c"))
    answer = client.get("/w/bluebell/style.css", {"v": "1"}, secure=True)
    assert answer["Content-Type"].startswith("text/css")
    assert "immutable" in answer["Cache-Control"]
    assert "--brand:light-dark(#005b5c," in answer.content.decode()


def test_the_logo_is_the_companys_or_the_letter_of_its_name(client: Client, bluebell: Workspace) -> None:
    set_brand(workspace=bluebell, change=BrandChange(name="<Bluebell>"))
    letter = client.get("/w/bluebell/logo", secure=True)
    assert letter["Content-Type"] == "image/svg+xml"
    assert ">&lt;<" in letter.content.decode()
    assert letter["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    picture = b"\x89PNG\r\n\x1a\n" + b"0" * 20
    set_brand(workspace=bluebell, change=BrandChange(logo=picture))
    shown = client.get("/w/bluebell/logo", secure=True)
    assert (shown["Content-Type"], shown.content) == ("image/png", picture)


def test_a_page_names_the_logo_by_its_digest_and_does_not_read_it(client: Client, bluebell: Workspace) -> None:
    addresses = set()
    for last in (b"0", b"1"):
        set_brand(workspace=bluebell, change=BrandChange(logo=b"\x89PNG\r\n\x1a\n" + last))
        set_brand(workspace=bluebell, change=BrandChange(name="Bluebell Coffee"))
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/w/bluebell/nothing", secure=True).content.decode()
        assert not any('"workspaces_brand"."logo",' in each["sql"] for each in asked)
        addresses |= set(re.findall(r'src="(/w/bluebell/logo\?v=[0-9a-f]{12})"', page))
    assert len(addresses) == 2


def test_what_is_not_there_says_so_in_the_companys_look(client: Client, bluebell: Workspace) -> None:
    set_brand(workspace=bluebell, change=BrandChange(name="Bluebell Coffee", home_url="https://bluebell.example"))
    missing = client.get("/w/bluebell/nothing", secure=True, headers={"accept-language": "es"})
    assert missing.status_code == 404
    assert "Bluebell Coffee" in missing.content.decode()
    assert "Esta página no está aquí" in missing.content.decode()
    assert client.get("/w/unknown/logo", secure=True).status_code == 404


def test_a_language_is_chosen_by_the_address(client: Client, bluebell: Workspace) -> None:
    asked = client.get("/w/bluebell/nothing", {"language": "nl"}, secure=True, headers={"accept-language": "es"})
    assert '<html lang="nl">' in asked.content.decode()
    assert '<html lang="nl">' in client.get("/w/bluebell/nothing", secure=True).content.decode()
    odd = client.get("/w/bluebell/nothing", {"language": "<b>"}, secure=True)
    assert "<b>" not in odd.content.decode()


def test_a_host_of_the_companys_own_has_its_pages_at_the_root_and_nothing_else(
    client: Client, bluebell: Workspace
) -> None:
    add_host(workspace=bluebell, host=HOST)
    assert client.get("/logo", secure=True, headers={"host": HOST}).status_code == 200
    for path in ("/sign-in", "/api/v1/members", "/w/bluebell/logo", "/reference"):
        assert client.get(path, secure=True, headers={"host": HOST}).status_code == 404, path


def test_a_form_without_its_token_is_refused_in_the_companys_look(bluebell: Workspace) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/w/bluebell/logo", secure=True).status_code == 403
    assert "Bluebell" in strict.post("/w/bluebell/logo", secure=True).content.decode()
