"""`sayso mail test`: why a member cannot be written to is told with their name."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.cli.running import BLUEBELL, run
from tests.cli.test_import import IN_TEST, purchase, written

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
