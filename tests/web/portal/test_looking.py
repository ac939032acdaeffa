"""What looking at a page writes: a member's own code and links, once; for nobody else anything. And what is said while
deciding is paused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sayso.domains.decisions.set_aside import replay_set_aside
from sayso.domains.events.models import Event
from sayso.domains.insight.portal.rewards import open_choices
from sayso.domains.people.queries import member_named
from sayso.domains.sharing.models import Code, Link
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import START, decide, event
from tests.domains.insight.members_page import me_in, open_full
from tests.domains.referrals.test_at_once import pause
from tests.web.portal.visiting import enter, filled, page, path, routes

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = {"program": "bring-a-friend", "referral": "ref_1", "reward": "rew_1"}
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)


@pytest.fixture
def bluebell() -> Workspace:
    workspace = open_full()
    decide(workspace, [event("z-1", "signup", "Zoe"), event("z-2", "purchase", "Zoe", amount_minor=100)])
    return workspace


@contextmanager
def writing() -> Iterator[list[str]]:
    """The statements that write, once it is over."""
    found = list[str]()
    with CaptureQueriesContext(connection) as asked:
        yield found
    found += [each["sql"] for each in asked.captured_queries if _WRITES.match(each["sql"])]


def test_who_is_not_signed_in_makes_nothing(client: Client, bluebell: Workspace) -> None:
    with writing() as written:
        for route in routes():
            for look in (client.get, client.head):
                look(path(filled(route, NAMES)), secure=True)
    assert written == []


def test_a_member_who_looks_gets_a_code_and_links_once(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell, "Zoe")
    bluebell.refresh_from_db()
    before, zoe = bluebell.position, member_named(bluebell, "Zoe").id
    page(client)
    bluebell.refresh_from_db()
    [made] = Event.objects.filter(workspace=bluebell, position__gt=before)
    assert (made.type, made.member, list(made.props)) == ("member_updated", zoe, ["codes"])
    assert Code.objects.filter(workspace=bluebell, member=zoe).count() == 1
    links = Link.objects.filter(workspace=bluebell, member=zoe)
    assert {each.shares for each in links} == {0}
    with writing() as written:
        page(client)
        client.head(path(), secure=True)
    assert written == []


def test_who_has_no_code_yet_reads_that_it_comes_later(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell, "Zoe")
    pause(bluebell)
    shown = page(client, language="en")
    assert "Your link is not ready yet." in shown
    assert "data-share" not in shown
    assert page(client, language="en") == shown
    assert client.get(path("card/bring-a-friend"), secure=True)["Location"] == path("share/bring-a-friend")
    replay_set_aside(workspace=bluebell, now=START)
    assert "data-share" in page(client)


def test_what_a_member_does_while_deciding_is_paused_is_kept(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    page(client)
    reward = open_choices(me_in(bluebell, "Ada"))[0]
    pause(bluebell)
    answer = client.post(path(f"rewards/{reward.id}/choice?language=en"), {"choice": "0"}, secure=True)
    assert answer.status_code == 202
    assert "you need not do it again" in answer.content.decode()
    replay_set_aside(workspace=bluebell, now=START)
    assert reward.number not in {each.number for each in open_choices(me_in(bluebell, "Ada"))}
