"""What the pages of the console show, with a program and events, and without."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any, cast

import pytest
from babel.messages.pofile import read_po
from django.test import Client, override_settings
from django.urls import URLResolver, get_resolver
from django.utils import translation

from sayso.core.engine.events import CANCELLED, CLOCK_MOVED, POINTS_SPENT, REFUND, SURVEY, TIMER, WITH_A_MEANING
from sayso.core.program.explain.voice import Language
from sayso.domains.decisions.clock import move_clock
from sayso.domains.events.act import Actor
from sayso.domains.people.update import ban_member
from sayso.domains.programs.pause import pause_program
from sayso.domains.workspaces.brand import add_host
from sayso.domains.workspaces.create import create_workspace
from sayso.domains.workspaces.keys import Grant, create_key
from sayso.domains.workspaces.models import Workspace
from sayso.web.console.event_words import event_name, is_ours
from sayso.web.console.openapi import read_openapi
from sayso.web.console.templatetags.console import marked
from tests.domains.cast import FRIENDS, START, decide, event, open_bluebell
from tests.domains.outreach.post_office import settings_for

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = Path(__file__).parents[3] / "src" / "sayso" / "web" / "locale"
LANGUAGES = ["en", "es", "it", "nl"]


def enter(client: Client, workspace: Workspace, language: str = "en") -> Client:
    secret = create_key(workspace=workspace, name="Ada", grant=Grant(("read",)), now=datetime.now(UTC))[1]
    client.post("/language", {"language": language}, secure=True)
    client.post("/sign-in", {"key": secret}, secure=True)
    return client


def page(client: Client, path: str = "/") -> str:
    answer = client.get(path, secure=True)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return answer.content.decode()


@pytest.fixture
def bluebell() -> Workspace:
    return open_bluebell(FRIENDS)


def test_home_shows_the_program_in_words_and_what_came_of_an_event(client: Client, bluebell: Workspace) -> None:
    decide(bluebell, [event("a-1", "purchase", "Ada", amount_minor=2500)])
    shown = page(enter(client, bluebell))
    assert "One program runs" in shown
    assert "Bring a friend" in shown
    assert "the advocate gets €20 credit" in shown
    assert "Ada" in shown
    assert "€25" in shown
    assert "Ada got 25 stars." in shown


def test_what_the_workspace_itself_did_is_told_and_not_excused(client: Client, bluebell: Workspace) -> None:
    shown = page(enter(client, bluebell))
    assert "Published friends, version 1." in shown
    assert "No clause had anything to say" not in shown
    assert "The first version." in page(client, "/programs/friends")


def test_what_is_set_aside_stands_among_what_waits_for_a_person(client: Client, bluebell: Workspace) -> None:
    assert "sayso set-aside list" not in page(enter(client, bluebell))
    decide(bluebell, [event("r-1", "refund", "Ada", amount_minor=100, refers_to="never-seen")])
    asked = page(client).partition('id="asked"')[2].partition("</section>")[0]
    assert "sayso set-aside list --workspace bluebell" in asked
    assert "Nothing." not in asked
    assert "never-seen, which is not known yet." in page(client)
    client.post("/language", {"language": "nl"}, secure=True)
    assert "Het gaat over never-seen, dat nog niet bekend is." in page(client)


def test_events_are_called_by_words_and_not_by_their_types(client: Client, bluebell: Workspace) -> None:
    decide(bluebell, [event("a-1", "signup", "Ada"), event("a-2", "house_tour", "Ada")])
    ban_member(workspace=bluebell, member="Ada", actor=Actor("staff"), now=START)
    pause_program(workspace=bluebell, program="friends", actor=Actor("staff"), now=START)
    move_clock(workspace=bluebell, to=START + timedelta(days=2), now=START)
    shown = " ".join(page(enter(client, bluebell)).split())
    for words in ("· sign-up", "· house tour", "· barred", "· program paused", "· clock moved", "· program published"):
        assert words in shown
    assert "friends takes no new friends for now." in shown
    assert "The test clock was moved to 12 Jan 2027" in shown
    for raw in ("house_tour", "member_banned", "program_paused", "clock_moved", "program_published"):
        assert raw not in shown


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_event_of_ours_has_words_in_every_language(language: str) -> None:
    ours = [each for each in (*WITH_A_MEANING, CLOCK_MOVED, TIMER) if is_ours(each)]
    assert WITH_A_MEANING - set(ours) == {REFUND, CANCELLED, SURVEY, POINTS_SPENT}
    for each in ours:
        with translation.override("en"):
            english = event_name(each, "en")
        with translation.override(language):
            assert event_name(each, cast(Language, language)) != english


def test_home_without_a_program_teaches_the_next_step(client: Client) -> None:
    empty = create_workspace(name="empty", timezone="Europe/Madrid", is_test=False, now=datetime.now(UTC))
    shown = page(enter(client, empty))
    assert "Nothing runs yet" in shown
    assert "sayso program publish bluebell.yaml --workspace empty" in shown
    body = unescape(shown).split("-d '")[1].split("'</code>")[0]
    secret = create_key(workspace=empty, name="till", grant=Grant(("events",)), now=datetime.now(UTC))[1]
    sent = client.post(
        "/api/v1/events", body, "application/json", secure=True, headers={"authorization": f"Bearer {secret}"}
    )
    assert sent.status_code == 200
    assert sent.json()["status"] == "decided"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_every_language(client: Client, bluebell: Workspace, language: str) -> None:
    decide(bluebell, [event("a-1", "purchase", "Ada", amount_minor=2500)])
    enter(client, bluebell, language)
    for path in ("/", "/programs/friends", "/reference"):
        assert f'<html lang="{language}">' in page(client, path)
    said = {"en": "What this means", "es": "Lo que significa", "it": "Che cosa significa", "nl": "Wat dit betekent"}
    assert said[language] in page(client, "/programs/friends")


def test_a_program_shows_its_document_what_it_means_and_its_versions(client: Client, bluebell: Workspace) -> None:
    shown = page(enter(client, bluebell), "/programs/friends")
    assert '<span class="k">program</span>: friends' in shown
    assert "the advocate gets €20 credit" in shown
    assert client.get("/programs/unknown", secure=True).status_code == 404


def test_what_a_program_or_an_event_says_is_text_and_never_markup(client: Client) -> None:
    hostile = open_bluebell(FRIENDS.replace("title: Bring a friend", "title: '<script>alert(1)</script>'"))
    decide(hostile, [event("a-1", "purchase", "<img src=x onerror=alert(1)>", amount_minor=2500)])
    enter(client, hostile)
    for path in ("/", "/programs/friends"):
        shown = page(client, path)
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


def test_the_other_company_is_nowhere_on_the_pages(client: Client, bluebell: Workspace) -> None:
    other = create_workspace(name="other", timezone="UTC", is_test=True, now=datetime.now(UTC))
    decide(bluebell, [event("a-1", "purchase", "Ada", amount_minor=2500)])
    shown = page(enter(client, other))
    assert "Ada" not in shown
    assert "Bring a friend" not in shown
    assert client.get("/programs/friends", secure=True).status_code == 404


def test_pages_run_our_own_scripts_and_are_framed_by_nobody(client: Client) -> None:
    headers = client.get("/sign-in", secure=True).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "geolocation=()" in headers["Permissions-Policy"]


def test_nothing_of_the_console_is_shown_to_who_is_not_signed_in(client: Client) -> None:
    for path in _console_paths():
        answer = client.get(path, secure=True)
        open_to_all = path == "/sign-in"
        only_posted = path in ("/sign-out", "/language")
        wanted = 200 if open_to_all else 405 if only_posted else 302
        assert answer.status_code == wanted, path


def _console_paths() -> list[str]:
    resolvers = (each for each in get_resolver().url_patterns if isinstance(each, URLResolver))
    console = next(each for each in resolvers if each.namespace == "console")
    return [f"/{each.pattern}".replace("<slug:name>", "friends") for each in console.url_patterns]


def test_styles_are_ours_and_may_be_kept_for_good(client: Client) -> None:
    shown = client.get("/sign-in", secure=True).content.decode()
    assert "//" not in shown.replace("<!doctype html>", "")
    style = shown.split('<link rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in style
    answer = client.get(style, secure=True)
    assert answer.status_code == 200
    assert "max-age=31536000" in answer["Cache-Control"]


@pytest.mark.parametrize("language", ["es", "it", "nl"])
def test_every_word_is_translated(language: str) -> None:
    with (WORDS / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        found = [each for each in read_po(file) if each.id]
    assert len(found) > 60
    assert [each.id for each in found if not (each.string and all(each.string))] == []


def test_names_between_backticks_are_code_and_never_markup() -> None:
    assert marked("Stores `member_updated`, <b>once</b>.") == (
        "Stores <code>member_updated</code>, &lt;b&gt;once&lt;/b&gt;."
    )


def test_the_reference_lays_out_references_lists_and_choices() -> None:
    document: dict[str, Any] = {
        "paths": {
            "/api/v1/members": {
                "post": {
                    "tags": ["members"],
                    "summary": "Make a member known",
                    "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/M"}}}},
                    "responses": {"200": {"description": "OK"}},
                }
            }
        },
        "components": {
            "schemas": {
                "M": {
                    "required": ["name"],
                    "properties": {
                        "name": {"type": "string", "description": "what you call them"},
                        "tags": {"type": "array", "items": {"type": "string"}},
                        "friend": {"anyOf": [{"$ref": "#/components/schemas/M"}, {"type": "null"}]},
                    },
                }
            }
        },
    }
    (group,) = read_openapi(document)
    (operation,) = group.operations
    assert (group.name, operation.method, operation.changes) == ("Members", "POST", True)
    assert operation.parameters[0].place == "query"
    assert [(row.name, row.kind, row.needed, row.depth) for row in operation.body][:4] == [
        ("name", "string", True, 0),
        ("tags", "list of string", False, 0),
        ("friend", "anything", False, 0),
        ("name", "string", True, 1),
    ]


def test_home_says_what_is_not_set_and_what_sets_it(client: Client, bluebell: Workspace) -> None:
    shown = unescape(page(enter(client, bluebell)))
    assert "No mail server is set" in shown
    assert "export SAYSO_MAIL_URL=" in shown
    assert "export SAYSO_PUBLIC_URL=" in shown
    with override_settings(**settings_for(25)):
        told = page(client)
    assert "Not set yet" not in told
    with override_settings(EMAIL_HOST=""):
        add_host(workspace=bluebell, host="friends.bluebell.example")
        assert "SAYSO_PUBLIC_URL" not in page(client)
