"""Where deciding is paused, whoever looks is told: the figures, the start page, the API and the command line."""

from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from sayso.cli.set_aside import set_aside
from sayso.domains.decisions.pausing import IN_A_ROW
from sayso.domains.workspaces.models import Workspace
from sayso.web.metrics import metrics
from tests.domains.cast import STARS, event, open_bluebell
from tests.domains.cast import decide as decided
from tests.web.api.calling import Caller, secret_of

pytestmark = pytest.mark.django_db(transaction=True)


def ask(*arguments: str) -> str:
    """What `sayso set-aside` says."""
    done = CliRunner().invoke(set_aside, [*arguments, "--workspace", "bluebell"])
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


def test_it_is_told_everywhere_until_it_goes_on(client: Client) -> None:
    bluebell = open_bluebell(STARS)
    api = Caller(secret_of(bluebell))
    Workspace.objects.update(failing=" ".join(f"{number:x}" for number in range(IN_A_ROW)))
    buys: dict[str, Any] = {"type": "purchase", "member": "Ada", "amount_minor": 100, "currency": "EUR"}
    answer = api.post("/events", {**buys, "id": "b-1", "occurred_at": "2027-01-10T12:00:00Z"})
    assert (answer.status_code, answer.json()["status"]) == (202, "set_aside")
    assert b'sayso_deciding_paused{workspace="bluebell"} 1.0' in metrics()
    assert api.get("/set-aside-events").json()["paused"] is True
    assert "Deciding is paused" in ask("list")
    client.post("/sign-in", {"key": api.secret}, secure=True)
    assert b"sayso set-aside replay --workspace bluebell" in client.get("/", secure=True).content
    assert ask("replay") == "1 decided, 0 set aside again."
    assert b'sayso_deciding_paused{workspace="bluebell"} 0.0' in metrics()
    assert api.get("/set-aside-events").json()["paused"] is False
    assert decided(bluebell, [event("b-2", "purchase", "Ada", amount_minor=100)])[0].status == "decided"
