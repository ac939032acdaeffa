"""Which mails members get, and what became of them, over the API."""

import pytest

from sayso.domains.outreach.enqueue import MailToSend, enqueue_mail
from sayso.domains.outreach.models import MailKind
from sayso.domains.people.queries import member_named
from sayso.domains.workspaces.brand import add_host
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import STARS, START, decide, event, open_bluebell
from tests.web.api.calling import Caller, secret_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bluebell() -> Workspace:
    workspace = open_bluebell(STARS)
    decide(workspace, [event("a-1", "signup", "Ada")])
    add_host(workspace=workspace, host="friends.bluebell.example")
    return workspace


@pytest.fixture
def api(bluebell: Workspace) -> Caller:
    return Caller(secret_of(bluebell))


def on(api: Caller) -> dict[str, list[str]]:
    """The kinds that are on, with their countries."""
    return {each["kind"]: each["countries"] for each in api.get("/mail-kinds").json()["kinds"] if each["on"]}


def test_kinds_are_turned_on_and_off(api: Caller) -> None:
    assert on(api) == {}
    assert api.put("/mail-kinds/welcome", {"on": True}).status_code == 200
    assert api.put("/mail-kinds/lead", {"on": True, "countries": ["es", "NL"]}).status_code == 200
    assert on(api) == {"welcome": [], "lead": ["ES", "NL"]}
    api.put("/mail-kinds/lead", {"on": False})
    assert on(api) == {"welcome": []}
    assert "SAYSO_MAIL_URL" in api.get("/mail-kinds").json()["problem"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [("sign_in", {"on": False}), ("birthday", {"on": True}), ("lead", {"on": True}), ("welcome", {"on": "yes"})],
)
def test_what_cannot_be_turned_on_is_refused(api: Caller, kind: str, body: dict[str, object]) -> None:
    assert api.put(f"/mail-kinds/{kind}", body).status_code == 422
    assert on(api) == {}


def test_mails_are_listed_latest_first_without_an_address(api: Caller, bluebell: Workspace) -> None:
    ada = member_named(bluebell, "Ada").id
    for cause in (1, 2, 3):
        enqueue_mail(bluebell.pk, MailToSend(MailKind.WELCOME, cause, ada), now=START)
    first = api.get("/mails?limit=2&state=pending").json()
    rest = api.get(f"/mails?limit=2&state=pending&cursor={first['next']}").json()
    ids = [each["id"] for each in (*first["items"], *rest["items"])]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 3
    assert first["items"][0]["member"].startswith("mem_")
    assert api.get("/mails?state=sent").json()["items"] == []
