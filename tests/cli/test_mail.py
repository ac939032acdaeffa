"""`sayso mail`: members are called what the company calls them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from sayso.domains.outreach.enqueue import MailToSend, enqueue_mail
from sayso.domains.outreach.models import MailKind
from sayso.domains.people.queries import member_named
from sayso.domains.workspaces.models import Workspace
from tests.cli.running import BLUEBELL, run
from tests.cli.test_import import IN_TEST, purchase, written
from tests.domains.cast import decide, event

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_member_without_an_address_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "EMAIL_HOST", "127.0.0.1")
    monkeypatch.setattr(settings, "MAIL_FROM", "hello@bluebell.example")
    assert run("workspace", "create", "test", "--test", "--timezone", "Europe/Madrid").exit_code == 0
    program = tmp_path / "bluebell.yaml"
    program.write_text(BLUEBELL)
    assert run("program", "publish", program, "--from", "2027-01-01", *IN_TEST).exit_code == 0
    bought = written(tmp_path / "events.ndjson", [purchase(1, "ben", 20)])
    assert run("import", "events", bought, *IN_TEST).exit_code == 0
    told = run("mail", "test", "ben", *IN_TEST)
    assert told.exit_code == 1
    assert "It was not sent: no mail address is known of ben." in told.stderr


def test_a_mail_is_listed_by_whose_it_is_and_to_the_second() -> None:
    assert run("workspace", "create", "test", "--test", "--timezone", "Europe/Madrid").exit_code == 0
    workspace = Workspace.objects.get(name="test")
    decide(workspace, [event("a-1", "signup", "ada")])
    noon = datetime(2027, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)
    enqueue_mail(workspace.pk, MailToSend(MailKind.WELCOME, 1, member_named(workspace, "ada").id), now=noon)
    (mail,) = json.loads(run("mail", "list", "--json", *IN_TEST).stdout)["mails"]
    assert (mail["member"], mail["made"]) == ("ada", "2027-01-31T12:00:00Z")
