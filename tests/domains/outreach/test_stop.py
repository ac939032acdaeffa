"""Mails are stopped by whoever has the mail, at once and for good (promise 11)."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from django.conf import settings
from django.test import Client, override_settings

from sayso.domains.decisions.verify import verify
from sayso.domains.outreach.models import Mail, Suppression
from sayso.domains.outreach.sign_in import send_sign_in_code
from sayso.domains.outreach.site_links import mark_in, stop_url
from sayso.domains.outreach.suppress import resume_mails_to, stop_address, stop_mails_to, wants_no_mails
from sayso.domains.people.queries import member_named
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, START, decide, event, open_bluebell
from tests.domains.outreach.mailing import ada_and_ben, open_with, soon, told, turn_on
from tests.domains.outreach.post_office import PostOffice, code_in, signup

pytestmark = pytest.mark.django_db(transaction=True)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def bluebell(office: PostOffice) -> Workspace:
    workspace = open_with(FRIENDS)
    turn_on(workspace)
    return workspace


def address_to_stop(letter: EmailMessage) -> str:
    """The path that the letter's header names."""
    return str(letter["List-Unsubscribe"]).strip().removeprefix("<https://friends.example").removesuffix(">")


def test_one_click_stops_every_mail_at_once(bluebell: Workspace, office: PostOffice) -> None:
    letters = told(bluebell, office, *ada_and_ben())
    path = address_to_stop(letters["ada@example.com"])
    assert Client(enforce_csrf_checks=True).post(path, ONE_CLICK, secure=True).status_code == 200
    chloe = signup("c-1", "Chloé", "chloe@example.com", after=timedelta(hours=2), referral_code="ADA-10")
    assert set(told(bluebell, office, chloe)) == {"chloe@example.com"}
    assert Mail.objects.filter(reason="mails to this address were stopped").exists()
    assert verify(bluebell) == []


def test_looking_at_the_page_stops_nothing(bluebell: Workspace, office: PostOffice) -> None:
    path = address_to_stop(told(bluebell, office, *ada_and_ben())["ada@example.com"])
    for answer in (Client().get(path, secure=True), Client().head(path, secure=True)):
        assert answer.status_code == 200
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not Suppression.objects.exists()


def test_a_token_is_good_for_its_workspace_alone(bluebell: Workspace, office: PostOffice) -> None:
    calm = open_bluebell(FRIENDS, name="calm")
    url = stop_url(calm, b"x" * 32)
    token = url.rpartition("/")[2]
    assert mark_in(calm, token) == b"x" * 32
    for wrong in (token, f"{token}x", "x", "é:é"):
        answer = Client().post(f"/w/bluebell/mail/stop/{wrong}", ONE_CLICK, secure=True)
        assert answer.status_code == 404
    assert not Suppression.objects.exists()


def test_codes_to_sign_in_still_come(bluebell: Workspace, office: PostOffice) -> None:
    told(bluebell, office, *ada_and_ben())
    stop_mails_to(workspace=bluebell, member=member_named(bluebell, "Ada").id, now=datetime.now(UTC))
    send_sign_in_code(workspace=bluebell, email="ada@example.com", now=soon())
    (letter,) = office.empty(soon())
    assert code_in(letter)
    assert "List-Unsubscribe" not in letter


def test_what_was_stopped_outlives_the_person(bluebell: Workspace, office: PostOffice) -> None:
    told(bluebell, office, *ada_and_ben())
    stop_mails_to(workspace=bluebell, member=member_named(bluebell, "Ben").id, now=datetime.now(UTC))
    decide(bluebell, [event("b-9", "member_erased", "Ben", after=timedelta(days=1))])
    assert not Mail.objects.exclude(mark=b"").filter(kind="welcome").exists()
    again = signup("n-1", "Ben-again", "ben@example.com", after=timedelta(days=1), referral_code="ADA-10")
    assert "ben@example.com" not in told(bluebell, office, again)
    resume_mails_to(workspace=bluebell, member=member_named(bluebell, "Ben-again").id)
    assert not wants_no_mails(bluebell, member_named(bluebell, "Ben-again").id)


def test_a_mailbox_is_one_however_it_is_written(bluebell: Workspace, office: PostOffice) -> None:
    assert stop_address(workspace=bluebell, address="Ada.Byron+news@googlemail.com", now=START)
    assert not stop_address(workspace=bluebell, address="nowhere", now=START)
    decide(bluebell, [signup("a-1", "Ada", "adabyron@gmail.com")])
    assert wants_no_mails(bluebell, member_named(bluebell, "Ada").id)


def test_a_mail_after_the_opt_out_is_named(bluebell: Workspace, office: PostOffice) -> None:
    told(bluebell, office, *ada_and_ben())
    mail = Mail.objects.get(kind="friend_joined")
    Suppression.objects.create(mark=mail.mark, workspace=bluebell, made_at=START - timedelta(days=1000))
    assert [(each.promise, each.table, each.row) for each in verify(bluebell)] == [(11, "mail", str(mail.number))]


def test_a_new_secret_key_forgets_nobody(bluebell: Workspace, office: PostOffice) -> None:
    told(bluebell, office, *ada_and_ben())
    ada = member_named(bluebell, "Ada").id
    stop_mails_to(workspace=bluebell, member=ada, now=datetime.now(UTC))
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert wants_no_mails(bluebell, ada)
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[]):
        assert wants_no_mails(bluebell, ada)
