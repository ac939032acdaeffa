"""`sayso brand host`: whoever names a host that nobody answers is told so at once."""

import pytest
from django.conf import settings

from tests.cli.running import run

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_host_that_is_not_answered_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["127.0.0.1", ".answered.example"])
    run("init", "--timezone", "Europe/Madrid")
    told = run("brand", "host", "friends.bluebell.example")
    assert told.exit_code == 0
    assert "name it in SAYSO_ALLOWED_HOSTS" in told.stderr
    assert "`sayso brand host friends.bluebell.example --remove` undoes it" in told.stderr
    assert run("brand", "host", "bluebell.answered.example").stderr == ""
    assert run("brand", "host", "friends.bluebell.example", "--remove").stderr == ""
