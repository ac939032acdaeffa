"""Share links at the front door: where they lead, what they carry along, what counts, and what leads nowhere."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from sayso.domains.events.act import Actor
from sayso.domains.people.update import ban_member
from sayso.domains.programs.pause import pause_program, resume_program
from sayso.domains.sharing.click import read_token
from sayso.domains.sharing.clicks import clicks
from sayso.domains.sharing.links import link_for
from sayso.domains.sharing.models import Click, Code
from sayso.domains.sharing.redirects import redirects
from sayso.domains.workspaces.brand import add_host
from sayso.domains.workspaces.models import Workspace
from sayso.web.front_door import front_door
from tests.domains.cast import FRIENDS, START, decide, event, open_bluebell, publish

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("fresh_memory"),
]
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
SHARED = """
sharing:
  destination: https://bluebell.example/welcome?from=friend#top
  app: {ios: "https://bluebell.example/ios"}
  utm: {source: our friends, campaign: spring}
"""
OPEN = FRIENDS + "runs: {from: 2020-01-01, until: 2040-12-31}\n"


@pytest.fixture
def fresh_memory() -> Iterator[None]:
    """Nothing is remembered of another test."""
    redirects.forget()
    with override_settings(SECURE_SSL_REDIRECT=False):
        yield
    clicks.stop()
    clicks.forget()


class Answer:
    """What came back."""

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = int(status[:3]), dict(headers), body.decode()
        self.location = self.headers.get("Location", "")
        self.url = urlsplit(self.location)
        self.query = {name: values[0] for name, values in parse_qs(self.url.query).items()}
        self.token = self.query.get("t") or self.query.get("sayso", "")


def ask(path: str, query: str = "", *, method: str = "GET", agent: str = DESK, **more: str) -> Answer:
    """Ask the front door as a server would."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "HTTP_HOST": "localhost", "REMOTE_ADDR": "203.0.113.5", "HTTP_USER_AGENT": agent,
        "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http",
        "SERVER_PROTOCOL": "HTTP/1.1", **more,
    }  # fmt: skip
    began: list[Any] = []
    body = b"".join(front_door(WSGIHandler())(environ, lambda status, headers, *_: began.append((status, headers))))
    status, headers = began[0]
    return Answer(status, headers, body)


def both(path: str, query: str = "", **more: Any) -> Answer:
    """Ask twice: looked up, then from memory; the answers are alike."""
    first, second = ask(path, query, **more), ask(path, query, **more)
    assert (first.status, bool(first.location)) == (second.status, True), first.body
    assert first.location.removesuffix(first.token) == second.location.removesuffix(second.token)
    return second


@pytest.fixture
def bluebell() -> Workspace:
    """A workspace in which Ada recommends."""
    workspace = open_bluebell(OPEN)
    decide(workspace, [event("a-1", "signup", "Ada")])
    return workspace


def slug(workspace: Workspace, channel: str = "whatsapp") -> str:
    return link_for(workspace=workspace, program="friends", member="Ada", channel=channel, now=START).slug


def written() -> int:
    clicks.stop()
    return Click.objects.count()


# --- where it leads -------------------------------------------------------------------------------------------------


def test_a_link_leads_to_the_landing_page_with_a_token(bluebell: Workspace) -> None:
    answer = both(f"/w/bluebell/r/{slug(bluebell)}")
    assert answer.status == 302
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert answer.url.path == "/w/bluebell/p/friends"
    assert not answer.url.netloc
    click = read_token(answer.query["t"], bluebell)
    assert click is not None
    assert (click.program, click.channel, click.version) == ("friends", "whatsapp", 1)
    assert click.code == Code.objects.get().code
    # A test workspace has a clock of its own.
    assert START - timedelta(seconds=1) <= click.at < START + timedelta(minutes=1)


def test_on_a_host_of_the_companys_own_the_paths_are_short(bluebell: Workspace) -> None:
    add_host(workspace=bluebell, host="friends.bluebell.example")
    mine, host = slug(bluebell), "friends.bluebell.example"
    with override_settings(ALLOWED_HOSTS=["*"]):
        assert both(f"/r/{mine}", HTTP_HOST=f"{host}:443").url.path == "/p/friends"
        assert ask(f"/r/{mine}", HTTP_HOST="other.example").status == 404
    assert ask(f"/r/{mine}").status == 404


def test_a_link_leads_to_the_companys_page_with_its_own_query_and_utm(bluebell: Workspace) -> None:
    publish(bluebell, OPEN + SHARED)
    answer = both(f"/w/bluebell/r/{slug(bluebell)}")
    assert answer.location.startswith("https://bluebell.example/welcome?from=friend&utm_source=our%20friends&")
    assert answer.query | {"sayso": ""} == {
        "from": "friend", "utm_source": "our friends", "utm_medium": "whatsapp", "utm_campaign": "spring", "sayso": "",
    }  # fmt: skip
    assert answer.url.fragment == "top"


def test_phones_are_sent_to_the_app_where_there_is_one(bluebell: Workspace) -> None:
    publish(bluebell, OPEN + SHARED)
    path = f"/w/bluebell/r/{slug(bluebell)}"
    assert ask(path, agent=PHONE).url.path == ask(path, agent=PHONE).url.path == "/ios"
    assert ask(path, agent=ANDROID).url.path == ask(path).url.path == "/welcome"


def test_path_and_query_of_the_visitor_are_kept_and_theirs_go_first(bluebell: Workspace) -> None:
    publish(bluebell, OPEN + SHARED)
    query = "utm_source=poster&Table=4&t=forged&sayso=forged&%73ayso=forged&x=a%20b+c"
    answer = both(f"/w/bluebell/r/{slug(bluebell)}/menu/espresso con panna", query)
    assert answer.url.path == "/welcome/menu/espresso%20con%20panna"
    assert "forged" not in answer.location
    assert "&utm_source=poster&Table=4&x=a%20b+c&" in answer.location
    assert answer.location.count("utm_source") == 1
    assert answer.query["utm_medium"] == "whatsapp"


def test_a_code_that_was_written_on_paper_works_like_a_link(bluebell: Workspace) -> None:
    decide(bluebell, [event("a-2", "member_updated", "Ada", props={"codes": ["ADA-10", "Åda"]})])
    click = read_token(both("/w/bluebell/r/Ada-10").query["t"], bluebell)
    assert click is not None
    assert (click.code, click.program, click.channel) == ("ada-10", "friends", "")
    assert ask("/w/bluebell/r/" + "åda".encode().decode("latin-1")).status == 302


# --- nothing that a visitor sends decides where they go ---------------------------------------------------------------

TRICKS = [
    "/https://evil.example", "//evil.example", "/\\evil.example", "/@evil.example", "/..//evil.example",
    "/%2e%2e/%2e%2e/evil", "/../../evil", "/..\\..\\evil", "/.evil.example",
    "/?next=https://evil.example", "/;@evil.example", "/" + "x" * 3000,
]  # fmt: skip


def test_a_path_with_a_nul_leads_nowhere(bluebell: Workspace) -> None:
    publish(bluebell, OPEN + SHARED)
    path = f"/w/bluebell/r/{slug(bluebell)}/\x00evil"
    assert [ask(path).status, ask(path).status] == [400, 400]


@pytest.mark.parametrize("rest", TRICKS)
def test_a_path_never_leads_to_another_host_or_out_of_the_page(bluebell: Workspace, rest: str) -> None:
    publish(bluebell, OPEN + SHARED)
    answer = both(f"/w/bluebell/r/{slug(bluebell)}{rest}")
    assert (answer.url.scheme, answer.url.netloc) == ("https", "bluebell.example")
    assert answer.url.path == "/welcome" or answer.url.path.startswith("/welcome/")
    assert not {".", ".."} & set(answer.url.path.split("/"))
    assert answer.location.isprintable()


@pytest.mark.parametrize(
    "query",
    [
        "next=https://evil.example", "destination=https://evil.example&to=//evil.example", "\r\nSet-Cookie: a=b",
        "a=b\r\n\r\n<script>", "a=%0d%0aSet-Cookie:%20a=b", "#@evil.example", "x=<script>", "\x00", "é=ü", "y" * 5000,
    ],
)  # fmt: skip
def test_a_query_never_changes_more_than_the_query(bluebell: Workspace, query: str) -> None:
    path = f"/w/bluebell/r/{slug(bluebell)}"
    answer = both(path, query)
    assert answer.location.startswith("/w/bluebell/p/friends?")
    assert answer.location.isascii()
    assert answer.location.isprintable()
    assert not answer.url.fragment
    assert set(answer.headers) == {
        "Location", "Cache-Control", "Referrer-Policy", "X-Robots-Tag", "X-Content-Type-Options", "Content-Length",
    }  # fmt: skip


def test_a_host_that_is_made_up_stands_nowhere_in_the_answer(bluebell: Workspace) -> None:
    path = f"/w/bluebell/r/{slug(bluebell)}"
    assert ask(path).status == 302
    assert "evil" not in ask(path, HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example").location


def test_a_link_of_another_workspace_leads_nowhere(bluebell: Workspace) -> None:
    open_bluebell(OPEN, name="other")
    mine = slug(bluebell)
    assert both(f"/w/bluebell/r/{mine}").status == 302
    assert ask(f"/w/other/r/{mine}").status == 404


# --- links that lead nowhere ------------------------------------------------------------------------------------------


def test_a_paused_program_rests_and_comes_back(bluebell: Workspace) -> None:
    path, actor, now = f"/w/bluebell/r/{slug(bluebell)}", Actor("till"), START
    pause_program(workspace=bluebell, program="friends", actor=actor, now=now)
    answer = ask(path)
    assert answer.status == 404
    assert "resting" in answer.body
    assert "Esta oferta está en pausa" in ask(path, HTTP_ACCEPT_LANGUAGE="es").body
    resume_program(workspace=bluebell, program="friends", actor=actor, now=now)
    assert ask(path).status == 302


def test_what_has_ended_says_so_and_what_has_not_begun_too(bluebell: Workspace) -> None:
    path = f"/w/bluebell/r/{slug(bluebell)}"
    publish(bluebell, FRIENDS + "runs: {until: 2021-12-31}\n")
    answer = ask(path)
    assert answer.status == 410
    assert "has ended" in answer.body
    publish(bluebell, FRIENDS + "runs: {from: 2039-12-31}\n")
    early = ask(path)
    assert early.status == 404
    assert "Not open yet" in early.body
    assert "from 31 December 2039" in early.body
    spanish = ask(path, HTTP_ACCEPT_LANGUAGE="es").body
    assert "31 de diciembre de 2039" in spanish


def test_the_link_of_somebody_who_was_barred_has_ended(bluebell: Workspace) -> None:
    path = f"/w/bluebell/r/{slug(bluebell)}"
    ban_member(workspace=bluebell, member="Ada", actor=Actor("till"), now=START)
    assert ask(path).status == 410


def test_other_methods_are_refused(bluebell: Workspace) -> None:
    assert ask(f"/w/bluebell/r/{slug(bluebell)}", method="POST").status in (403, 405)


def test_codes_cannot_be_guessed_for_long(bluebell: Workspace) -> None:
    known = f"/w/bluebell/r/{slug(bluebell)}"
    wrong = [ask(f"/w/bluebell/r/guess-{number}").status for number in range(30)]
    assert wrong == [404] * 10 + [429] * 20
    answer = ask("/w/bluebell/r/guess")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert ask(known).status == 429, "a guess that is right is not told from one that is wrong"
    assert ask(known, REMOTE_ADDR="203.0.113.6").status == 302
    assert ask("/w/bluebell/r/guess", REMOTE_ADDR="203.0.113.6").status == 404


def test_a_household_of_many_addresses_guesses_as_one(bluebell: Workspace) -> None:
    found = [ask("/w/bluebell/r/guess", REMOTE_ADDR=f"2001:db8:1:2::{number:x}").status for number in range(12)]
    assert found.count(429) == 2


def test_behind_a_proxy_whoever_it_names_is_counted(bluebell: Workspace) -> None:
    with override_settings(BEHIND_PROXY=True):
        found = [
            ask("/w/bluebell/r/guess", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 203.0.113.9").status
            for number in range(12)
        ]
        assert found.count(429) == 2
        assert ask("/w/bluebell/r/guess", HTTP_X_FORWARDED_FOR="203.0.113.10").status == 404


# --- clicks -----------------------------------------------------------------------------------------------------------


def test_a_person_is_counted_once_and_nothing_of_them_is_kept(bluebell: Workspace) -> None:
    mine = slug(bluebell)
    for _ in range(3):
        ask(f"/w/bluebell/r/{mine}")
    ask(f"/w/bluebell/r/{mine}", REMOTE_ADDR="203.0.113.6")
    ask(f"/w/bluebell/r/{slug(bluebell, 'email')}")
    assert written() == 3
    click = Click.objects.order_by("number").first()
    assert click is not None
    assert (click.program, click.channel, click.version) == ("friends", "whatsapp", 1)
    assert "203.0.113" not in str(vars(click))


@pytest.mark.parametrize(
    "more",
    [
        {"method": "HEAD"}, {"HTTP_PURPOSE": "prefetch"}, {"HTTP_SEC_PURPOSE": "prefetch;prerender"}, {"agent": ""},
        {"HTTP_X_MOZ": "prefetch"}, {"agent": "WhatsApp/2.23.20.0"}, {"agent": "Slackbot-LinkExpanding 1.0"},
        {"agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"agent": "facebookexternalhit/1.1"}, {"agent": "curl/8.5.0"}, {"agent": "python-requests/2.32"},
    ],
)  # fmt: skip
def test_who_is_no_person_is_sent_on_and_not_counted(bluebell: Workspace, more: dict[str, str]) -> None:
    assert both(f"/w/bluebell/r/{slug(bluebell)}", **more).status == 302
    assert written() == 0


def test_a_thousand_robots_leave_no_click(bluebell: Workspace) -> None:
    path = f"/w/bluebell/r/{slug(bluebell)}"
    robots = ["Twitterbot/1.0", "TelegramBot (like TwitterBot)", "LinkedInBot/1.0", "bingbot/2.0"]
    for number in range(1000):
        agent = f"{robots[number % 4]} build {number % 50}"
        assert ask(path, agent=agent, REMOTE_ADDR=f"198.51.{number // 250}.{number % 250}").status == 302
    # One that takes a browser's name is found by its haste.
    for _ in range(1000):
        ask(path)
    assert written() == 1


def test_in_a_test_workspace_a_click_happens_when_its_clock_says(bluebell: Workspace) -> None:
    bluebell.refresh_from_db()
    click = read_token(both(f"/w/bluebell/r/{slug(bluebell)}").query["t"], bluebell)
    assert click is not None
    assert bluebell.clock is not None
    assert bluebell.clock - timedelta(seconds=1) < click.at <= bluebell.clock
