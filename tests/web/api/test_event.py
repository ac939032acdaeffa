"""An event is shown with what was decided and why, by its sender's id and by ours."""

import json
from datetime import UTC, datetime

import pytest

from sayso.domains.events.models import Event
from sayso.domains.workspaces.keys import Grant, create_key
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, ada_recommends_ben, decide, event, open_bluebell
from tests.web.api.calling import Caller, secret_of

pytestmark = pytest.mark.django_db(transaction=True)

BUYS = {
    "id": "order-1", "type": "purchase", "member": "Ben", "occurred_at": "2027-01-10T15:00:00Z", "amount_minor": 2500,
    "currency": "EUR",
}  # fmt: skip


@pytest.fixture
def bluebell() -> Workspace:
    workspace = open_bluebell(FRIENDS)
    decide(workspace, ada_recommends_ben()[:3])
    return workspace


def test_an_event_is_shown_as_it_was_answered(bluebell: Workspace) -> None:
    api = Caller(secret_of(bluebell))
    sent = api.post("/events", BUYS).json()
    found = api.get(f"/events/{sent['id']}")
    assert found.status_code == 200
    assert found.json() == {
        **{name: sent[name] for name in ("event", "id", "position", "status", "member", "decision")},
        "source": "api", "type": "purchase", "occurred_at": "2027-01-10T15:00:00Z", "amount_minor": 2500,
        "currency": "EUR", "referral_code": "", "refers_to": "", "detail": "",
    }  # fmt: skip
    (thanks,) = found.json()["decision"]["rewards"]
    assert (thanks["clause"], thanks["state"]) == ("thanks", "held")


def test_an_event_is_found_under_its_own_id_within_its_source(bluebell: Workspace) -> None:
    api = Caller(secret_of(bluebell))
    api.post("/events", {**BUYS, "id": "b-1"})
    assert api.get("/events/b-1").json()["type"] == "purchase"
    of_the_till = api.get("/events/b-1?source=till").json()
    assert (of_the_till["type"], of_the_till["source"], of_the_till["referral_code"]) == ("signup", "till", "ada-10")
    for path in ("/events/b-9", "/events/b-1?source=web", "/events/evt_0000000000000"):
        assert api.get(path).status_code == 404


def test_an_event_is_found_under_an_id_with_a_slash(bluebell: Workspace) -> None:
    api = Caller(secret_of(bluebell))
    api.post("/events", {**BUYS, "id": "2027/1001"})
    for path in ("/events/2027%2F1001", "/events/2027/1001"):
        assert api.get(path).json()["event"] == "2027/1001"


def test_reasons_name_members_and_rewards_by_their_ids(bluebell: Workspace) -> None:
    api = Caller(secret_of(bluebell))
    signed_up = api.get("/events/b-1?source=till").json()["decision"]
    opened = next(each for each in signed_up["reasons"] if each["clause"] == "referral")
    assert opened["seen"] == signed_up["referrals"][0]["advocate"]
    bought = api.post("/events", BUYS).json()["decision"]
    met = next(each for each in bought["reasons"] if each["clause"] == "rewards.thanks")
    assert met["seen"] == bought["rewards"][0]["id"]


def test_what_waits_undecided_says_why_and_leaves_its_old_place(bluebell: Workspace) -> None:
    api = Caller(secret_of(bluebell))
    kept = api.post("/events", {**BUYS, "id": "b-7", "currency": "USD"}).json()
    found = api.get("/events/b-7").json()
    assert (found["status"], found["decision"], found["member"]) == ("set_aside", None, None)
    assert "NoRate" in found["detail"]
    decide(bluebell, [event("rate", "rate_set", "", props={"from": "USD", "to": "EUR", "rate": "0.5"})])
    assert api.post(f"/set-aside-events/{kept['id']}/replays").json()["items"][0]["status"] == "decided"
    assert api.get("/events/b-7").json()["status"] == "decided"
    assert api.get(f"/events/{kept['id']}").status_code == 404


def test_what_fell_due_is_shown_too(bluebell: Workspace) -> None:
    api = Caller(secret_of(bluebell))
    api.post("/events", BUYS)
    api.put("/clock", {"now": "2027-03-01T00:00:00Z"})
    timers = Event.objects.filter(type="timer")
    assert timers
    for each in timers:
        assert api.get(f"/events/{each.external_id}?source={each.source}").json()["type"] == "timer"


def test_a_refund_of_what_another_source_sent_says_where_it_is(bluebell: Workspace) -> None:
    api = Caller(secret_of(bluebell))
    told = api.post("/events", {**BUYS, "id": "r-1", "type": "refund", "refers_to": "b-1"})
    said = "refers to b-1, which is not known yet; there is one of the source till"
    assert (told.status_code, told.json()["detail"]) == (202, said)
    assert api.get("/events/r-1").json()["detail"] == said
    assert [each["failure"] for each in api.get("/set-aside-events").json()["items"]] == [said]


def test_a_key_of_that_source_refunds_what_the_source_sent(bluebell: Workspace) -> None:
    decide(bluebell, [event("o-1", "purchase", "Ben", amount_minor=2500)])
    now = datetime.now(UTC)
    _, secret = create_key(workspace=bluebell, name="past", grant=Grant(source="till"), now=now)
    told = Caller(secret).post("/events", {**BUYS, "id": "r-1", "type": "refund", "refers_to": "o-1"})
    assert (told.status_code, told.json()["status"]) == (200, "decided")


def test_an_event_that_nobody_hears_is_taken_with_a_note(bluebell: Workspace) -> None:
    api = Caller(secret_of(bluebell))
    said = "Nothing came of it: no program of the workspace bluebell listens to the type"
    for _ in ("first", "repeated"):
        told = api.post("/events", {**BUYS, "type": "purchse"})
        assert told.status_code == 200
        assert told.json()["note"] == f"{said} purchse; the nearest that is heard is purchase."
    assert api.post("/events", {**BUYS, "id": "w-1", "type": "walked_by"}).json()["note"] == f"{said} walked_by."
    for heard in ({**BUYS, "id": "p-1"}, {**BUYS, "id": "p-2", "member": "Eva"}, {**BUYS, "id": "m-1", "type": "lead"}):
        assert "note" not in api.post("/events", heard).json()


def test_a_line_that_nobody_hears_has_its_note() -> None:
    api = Caller(secret_of(open_bluebell()))
    lines = b"\n".join(json.dumps({**BUYS, "id": f"p-{number}"}).encode() for number in range(2))
    answer = api.client.generic(
        "POST", "/api/v1/events", data=lines, content_type="application/x-ndjson", secure=True,
        headers={"Authorization": f"Bearer {api.secret}"},
    )  # fmt: skip
    told = [json.loads(line) for line in answer.content.splitlines()]
    assert [each["note"] for each in told] == 2 * [
        "Nothing came of it: no program is published in the workspace bluebell."
    ]
