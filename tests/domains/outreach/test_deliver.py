"""Mails are handed to a real server: tried again where that helps, given up where not, sent once by one worker."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from sayso.domains.jobs.lease import claim
from sayso.domains.outreach.clean import clean_mails
from sayso.domains.outreach.deliver import send_claimed, send_mails
from sayso.domains.outreach.enqueue import MailToSend, enqueue_mail
from sayso.domains.outreach.models import Mail, MailKind, MailState
from sayso.domains.outreach.trial import NothingIsSent, send_test
from sayso.domains.people.queries import member_named
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import STARS, decide, event, open_bluebell
from tests.domains.outreach.post_office import TAKEN, PostOffice, open_post_office, settings_for, signup, text_of

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def bluebell() -> Workspace:
    workspace = open_bluebell(STARS)
    decide(workspace, [signup("a-1", "Ada", "ada@example.com"), event("c-1", "signup", "Chloé")])
    return workspace


def a_mail(workspace: Workspace, *, cause: int = 1, at: datetime = NOW) -> Mail:
    """A mail to Ada that is due."""
    made = enqueue_mail(workspace.pk, MailToSend(MailKind.TEST, cause, member_named(workspace, "Ada").id), now=at)
    assert made is not None
    return made


def test_what_passes_is_tried_again_later_and_later(bluebell: Workspace, office: PostOffice) -> None:
    mail = a_mail(bluebell)
    office.at_recipient = "451 4.7.1 ADDRESS is greylisted"
    waits, at = [], NOW
    for _ in range(4):
        assert office.empty(at) == []
        mail.refresh_from_db()
        assert mail.next_at is not None
        waits.append((mail.next_at - at).total_seconds())
        at = mail.next_at
    assert waits == sorted(waits)
    assert 20 <= waits[0] <= 30
    assert mail.reason == "the server does not take the recipient: 451 4.7.1 … is greylisted"
    office.at_recipient = TAKEN
    (letter,) = office.empty(at)
    assert letter["Message-ID"].startswith(f"<{mail.id}.")
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.reason) == (MailState.SENT, 5, "")


@pytest.mark.parametrize("place", ["at_recipient", "at_data"])
def test_what_is_refused_for_good_is_given_up_and_shown(bluebell: Workspace, office: PostOffice, place: str) -> None:
    mail = a_mail(bluebell)
    setattr(office, place, "550 5.1.1 <ada@example.com> is nobody")
    assert office.empty(NOW) == []
    mail.refresh_from_db()
    assert (mail.state, mail.next_at) == (MailState.FAILED, None)
    assert "550 5.1.1" in mail.reason
    assert "ada@" not in mail.reason
    setattr(office, place, TAKEN)
    assert office.empty(NOW + DAY) == []


def test_a_server_that_is_away_is_waited_for_until_it_is_too_late(bluebell: Workspace) -> None:
    mail = a_mail(bluebell)
    with override_settings(**settings_for(port=1)):
        send_mails(NOW)
        mail.refresh_from_db()
        assert mail.state == MailState.PENDING
        assert mail.reason.startswith("the server cannot be reached")
        send_mails(NOW + 4 * DAY)
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (MailState.SKIPPED, "it was too late to be sent")


def test_without_a_server_nothing_happens_and_it_is_said(bluebell: Workspace) -> None:
    mail = a_mail(bluebell)
    with override_settings(EMAIL_HOST="", MAIL_FROM=""):
        assert not send_mails(NOW)
        with pytest.raises(NothingIsSent, match="set SAYSO_MAIL_URL and SAYSO_MAIL_FROM"):
            send_test(workspace=bluebell, member="Ada", now=NOW)
    mail.refresh_from_db()
    assert mail.state == MailState.PENDING


def test_a_worker_that_wakes_after_its_lease_writes_nothing(bluebell: Workspace, office: PostOffice) -> None:
    a_mail(bluebell)
    (asleep,) = claim(Mail.objects.all(), limit=1, now=NOW, seconds=60)
    assert office.empty(NOW + timedelta(seconds=61))
    asleep.leased_until = NOW  # it believes in a lease that is over
    send_claimed([asleep], now=NOW + timedelta(seconds=62))
    assert len(office.letters) == 1
    assert Mail.objects.get().state == MailState.SENT


def test_many_mails_go_through_few_lines(bluebell: Workspace, office: PostOffice) -> None:
    for cause in range(40):
        a_mail(bluebell, cause=cause)
    assert len(office.empty(NOW)) == 40
    assert len({letter["Message-ID"] for letter in office.letters}) == 40


def test_a_test_tells_what_came_of_it(bluebell: Workspace, office: PostOffice) -> None:
    assert send_test(workspace=bluebell, member="Ada", now=NOW).state == MailState.SENT
    assert "Nothing else happened" in text_of(office.letters[0])
    assert send_test(workspace=bluebell, member="Chloé", now=NOW).reason == "no mail address is known"
    office.at_data = "451 later"
    assert send_test(workspace=bluebell, member="Ada", now=NOW).state == MailState.FAILED
    assert office.empty(NOW + DAY) == []


def test_the_address_is_the_one_that_was_given_last(bluebell: Workspace, office: PostOffice) -> None:
    decide(bluebell, [signup("a-2", "Ada", "zoe@example.com", after=timedelta(hours=1))])
    send_test(workspace=bluebell, member="Ada", now=NOW)
    decide(bluebell, [signup("a-3", "Ada", "ada@example.com", after=timedelta(hours=2))])
    send_test(workspace=bluebell, member="Ada", now=NOW)
    assert office.recipients == ["zoe@example.com", "ada@example.com"]


def test_what_is_over_is_forgotten_after_its_time(bluebell: Workspace, office: PostOffice) -> None:
    a_mail(bluebell)
    waiting = a_mail(bluebell, cause=2, at=NOW + 2 * DAY)
    office.empty(NOW)
    clean_mails(NOW + 399 * DAY)
    assert Mail.objects.count() == 2
    clean_mails(NOW + 401 * DAY)
    assert list(Mail.objects.all()) == [waiting]


KILLED = """
import os, signal, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "sayso.config.settings"
django.setup()
from django.db import connection
from datetime import datetime
from sayso.domains.outreach import deliver
connection.settings_dict["NAME"] = sys.argv[1]
deliver._Round._settle = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
deliver.send_mails(datetime.fromisoformat(sys.argv[2]))
"""


def test_a_worker_killed_after_sending_sends_the_same_message_id_at_most(bluebell: Workspace) -> None:
    from django.db import connection

    a_mail(bluebell)
    with open_post_office() as office:
        url = f"smtp+plain://127.0.0.1:{office.port}"
        more = {"SAYSO_MAIL_URL": url, "SAYSO_MAIL_FROM": "hello@bluebell.example"}
        path = os.pathsep.join(str(Path(__file__).parents[3] / each) for each in ("src", "."))
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, str(connection.settings_dict["NAME"]), NOW.isoformat()],
            env={**os.environ, **more, "PYTHONPATH": path},
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL
        assert len(office.letters) == 1
        assert office.empty(NOW + timedelta(seconds=57)) == []
        (again,) = office.empty(NOW + timedelta(seconds=61))
        assert again["Message-ID"] == office.letters[0]["Message-ID"]
        assert office.empty(NOW + DAY) == []
