"""Who gets in, who does not, and how long it lasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from time_machine import travel

from sayso.domains.events.act import Actor
from sayso.domains.outreach.models import SignInCode
from sayso.domains.outreach.sign_in import code_of
from sayso.domains.people.models import PortalSession
from sayso.domains.people.queries import member_named
from sayso.domains.people.sessions import clean_sessions, end_sessions
from sayso.domains.people.update import erase_member, merge_members
from sayso.domains.workspaces.models import Workspace
from sayso.web.portal.session import cookie_name
from tests.domains.cast import START
from tests.domains.insight.members_page import open_full
from tests.web.portal.visiting import DOORS, enter, filled, page, path, routes, token

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = {"program": "bring-a-friend", "referral": "ref_0000000000001", "reward": "rew_0000000000001"}


@pytest.fixture
def bluebell() -> Workspace:
    return open_full()


def test_every_page_is_behind_the_sign_in(client: Client, bluebell: Workspace) -> None:
    for route in routes():
        if route.name in DOORS:
            continue
        for method in (client.get, client.post):
            answer = method(path(filled(route, NAMES)), secure=True)
            assert answer.status_code == 405 or answer["Location"] == path("sign-in"), route.name


def test_a_session_opens_one_workspace_only(client: Client, bluebell: Workspace) -> None:
    other = open_full("calm")
    enter(client, bluebell)
    assert client.get(path(workspace="calm"), secure=True)["Location"] == path("sign-in", workspace="calm")
    client.cookies[cookie_name(other)] = client.cookies[cookie_name(bluebell)].value
    assert client.get(path(workspace="calm"), secure=True).status_code == 303


def test_a_session_that_was_changed_or_is_old_opens_nothing(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    name = cookie_name(bluebell)
    good = client.cookies[name].value
    for changed in (good[:-2], f"x{good}", "", "a:b:c", PortalSession.objects.get().digest):
        client.cookies[name] = changed
        assert client.get(path(), secure=True).status_code == 303
    client.cookies[name] = good
    assert "€20" in page(client)
    with travel(datetime.now(UTC) + timedelta(days=15)):
        assert client.get(path(), secure=True).status_code == 303


def test_what_signs_in_is_not_in_the_table(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    assert client.cookies[cookie_name(bluebell)].value not in str(list(PortalSession.objects.values()))


def test_signing_out_ends_the_session_wherever_its_cookie_is(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    stolen = client.cookies[cookie_name(bluebell)].value
    client.post(path("sign-out"), secure=True)
    client.cookies[cookie_name(bluebell)] = stolen
    assert client.get(path(), secure=True).status_code == 303


def test_who_signs_out_everywhere_is_signed_in_nowhere(client: Client, bluebell: Workspace) -> None:
    other, ben = enter(Client(), bluebell), enter(Client(), bluebell, "Ben")
    enter(client, bluebell)
    assert "In 2 places." in page(client, "me")
    assert client.post(path("me/sessions"), secure=True)["Location"] == path("sign-in")
    for each in (client, other):
        assert each.get(path(), secure=True).status_code == 303
    assert "In one place." in page(ben, "me")


def test_staff_end_the_sessions_of_one_or_of_all(client: Client, bluebell: Workspace) -> None:
    calm = open_full("calm")
    elsewhere = enter(Client(), calm)
    ben = enter(Client(), bluebell, "Ben")
    enter(client, bluebell)
    ada = member_named(bluebell, "Ada")
    assert end_sessions(workspace=bluebell, member=ada, now=datetime.now(UTC)) == 1
    assert client.get(path(), secure=True).status_code == 303
    assert "Share" in page(ben)
    assert end_sessions(workspace=bluebell, now=datetime.now(UTC)) == 1
    assert ben.get(path(), secure=True).status_code == 303
    assert "Share" in page(elsewhere, workspace="calm")


def test_signing_in_anew_ends_the_session_before(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    old = client.cookies[cookie_name(bluebell)].value
    client.post(path("entry"), {"token": token(bluebell, "Ada")}, secure=True)
    assert "€20" in page(client)
    client.cookies[cookie_name(bluebell)] = old
    assert client.get(path(), secure=True).status_code == 303


def test_whoever_was_erased_is_signed_in_no_more(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    erase_member(workspace=bluebell, member="Ada", actor=Actor("till"), now=START)
    assert client.get(path(), secure=True).status_code == 303
    assert not PortalSession.objects.exists()


def test_whoever_was_merged_signs_in_again_as_whom_they_became(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell, "Eva")
    merge_members(workspace=bluebell, member="Dario", other="Eva", actor=Actor("till"), now=START)
    assert client.get(path(), secure=True).status_code == 303
    assert "25 " in page(enter(client, bluebell, "Dario"), "points")


def test_what_is_over_is_cleaned_up(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    client.post(path("sign-out"), secure=True)
    enter(client, bluebell)
    clean_sessions(datetime.now(UTC))
    assert PortalSession.objects.count() == 2
    clean_sessions(datetime.now(UTC) + timedelta(hours=3))
    assert PortalSession.objects.count() == 1


def test_a_code_comes_by_mail_and_opens_the_page_once(client: Client, bluebell: Workspace) -> None:
    asked = client.post(path("sign-in"), {"email": "Ada@bluebell.example"}, secure=True)
    assert asked.status_code == 200
    code = code_of(SignInCode.objects.get(workspace=bluebell))
    form = {"email": "Ada@bluebell.example", "code": code.upper()}
    wrong = client.post(path("code"), {**form, "code": "wrong"}, secure=True)
    assert wrong.status_code == 403
    assert client.post(path("code"), form, secure=True)["Location"] == path()
    assert "€20" in page(client)
    assert Client().post(path("code"), form, secure=True).status_code == 403


def test_nobody_can_tell_whether_an_address_is_known(client: Client, bluebell: Workspace) -> None:
    shown = []
    for email in ("ada@bluebell.example", "nob@bluebell.example"):
        answer = client.post(path("sign-in"), {"email": email}, secure=True)
        text = answer.content.decode().replace(email, "")
        shown.append((answer.status_code, "".join(each for each in text.splitlines() if "csrf" not in each)))
    assert shown[0] == shown[1]


def test_whoever_tries_too_often_waits(client: Client, bluebell: Workspace) -> None:
    for _ in range(5):
        client.post(path("code"), {"email": "ada@bluebell.example", "code": "guess"}, secure=True)
    answer = client.post(path("code"), {"email": "ada@bluebell.example", "code": "guess"}, secure=True)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_what_is_no_address_is_said_so(client: Client, bluebell: Workspace) -> None:
    answer = client.post(path("sign-in"), {"email": "nobody"}, secure=True)
    assert answer.status_code == 422
    assert "ada@example.com" in answer.content.decode()


def test_every_deed_needs_a_form_of_ours(bluebell: Workspace) -> None:
    client = Client(enforce_csrf_checks=True)
    enter(client, bluebell)
    for route in routes():
        if route.name != "portal-enter":  # its own tests say from where it is taken
            answer = client.post(path(filled(route, NAMES)), secure=True)
            assert answer.status_code in (403, 405), route.name


def test_inside_the_companys_page_a_token_stands_for_every_cookie(bluebell: Workspace) -> None:
    client, headers = Client(enforce_csrf_checks=True), {"authorization": f"Bearer {token(bluebell, 'Ada')}"}
    shown = client.get(path(), secure=True, headers=headers)
    assert shown.status_code == 200
    assert not shown.cookies
    saved = client.post(path("me/language"), {"language": "nl"}, secure=True, headers=headers)
    assert saved.status_code == 303
    assert "Vrienden" in client.get(path(), secure=True, headers=headers).content.decode()
    for wrong in ("Bearer x", f"Bearer {token(bluebell, 'Ada', seconds=-1)}"):
        assert client.get(path(), secure=True, headers={"authorization": wrong}).status_code == 401


def test_a_refused_token_falls_back_on_no_cookie(client: Client, bluebell: Workspace) -> None:
    enter(client, bluebell)
    assert client.get(path(), secure=True, headers={"authorization": "Bearer x"}).status_code == 401
