"""Programs, tasks, keys, codes, the clock and what was set aside, over the API."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sayso.domains.jobs.run_tasks import run_next_task
from sayso.domains.people.models import Identity
from sayso.domains.workspaces.models import KeptAnswer, Workspace
from tests.domains.cast import FRIENDS, STARS, ada_recommends_ben, decide, event, open_bluebell
from tests.web.api.calling import Caller, secret_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bluebell() -> Workspace:
    """Ada recommended Ben."""
    workspace = open_bluebell(FRIENDS)
    decide(workspace, ada_recommends_ben())
    return workspace


@pytest.fixture
def api(bluebell: Workspace) -> Caller:
    """Everything may be asked."""
    return Caller(secret_of(bluebell))


def test_a_document_is_checked_and_explained(api: Caller) -> None:
    good = api.post("/program-checks", {"document": STARS}).json()
    assert (good["ok"], good["program"]) == (True, "stars")
    bad = api.post("/program-checks", {"document": STARS.replace("currency", "curency")}).json()
    assert not bad["ok"]
    assert {each["line"] for each in bad["problems"]} >= {5}
    told = api.post("/explanations", {"document": STARS, "language": "es"}).json()
    assert all(each["title"] for each in told["sections"])
    assert api.get("/programs/friends/explanation?language=it").json()["language"] == "it"
    assert api.post("/explanations", {"document": "no"}).status_code == 422


def test_a_version_is_tried_then_published_once(api: Caller) -> None:
    body = {"document": FRIENDS.replace("20 EUR}, hold", "25 EUR}, hold"), "approved_by": "Chloé"}
    tried = api.post("/programs/friends/versions", {**body, "dry_run": True}).json()
    assert (tried["version"], tried["dry_run"], "25" in tried["summary"]) == (2, True, True)
    assert len(api.get("/programs/friends/versions").json()["items"]) == 1
    made = [api.post("/programs/friends/versions", body, **{"Idempotency-Key": "p"}).json() for _ in range(2)]
    assert made[0] == made[1]
    assert [each["version"] for each in api.get("/programs/friends/versions").json()["items"]] == [1, 2]
    assert api.get("/programs/friends/versions/2").json()["approved_by"] == "Chloé"
    assert api.get("/programs/friends/versions/3").status_code == 404
    other = api.post("/programs/friends/versions", {**body, "approved_by": "Eva"}, **{"Idempotency-Key": "p"})
    assert other.status_code == 409
    assert api.post("/programs/stars/versions", body).json()["problems"][0]["instead"] == "stars"


def test_a_program_is_paused_and_goes_on(api: Caller) -> None:
    for method, paused in (("PUT", True), ("PUT", True), ("DELETE", False), ("DELETE", False)):
        assert api(method, "/programs/friends/pause").json()["paused"] is paused
        assert api.get("/programs/friends").json()["paused"] is paused
    assert api.put("/programs/none/pause").status_code == 404


def test_what_opens_no_referrals_has_nothing_to_pause(api: Caller) -> None:
    body = {"document": STARS, "approved_by": "Chloé"}
    assert api.post("/programs/stars/versions", body).status_code == 201
    refused = api.put("/programs/stars/pause")
    assert (refused.status_code, refused.json()["problems"][0]["path"]) == (422, "program")


def test_a_backtest_is_a_task(api: Caller) -> None:
    task = api.post("/backtests", {"document": FRIENDS.replace("10 EUR, expires", "15 EUR, expires")}).json()
    assert task["state"] == "ready"
    assert run_next_task(datetime.now(UTC))
    done = api.get(f"/tasks/{task['id']}").json()
    assert (done["state"], done["problem"]) == ("done", "")
    assert done["result"]["period"]
    other = api.post("/backtests", {"document": FRIENDS}).json()
    assert api.delete(f"/tasks/{other['id']}").json()["state"] == "cancelled"


def test_a_secret_is_shown_once_and_kept_nowhere(api: Caller) -> None:
    body = {"name": "till", "scopes": ["events", "read"], "expires_at": "2100-01-01T00:00:00Z"}
    first = api.post("/keys", body, **{"Idempotency-Key": "k"}).json()
    again = api.post("/keys", body, **{"Idempotency-Key": "k"}).json()
    assert again == {**first, "secret": None}
    assert first["secret"] not in json.dumps(list(KeptAnswer.objects.values_list("answer", flat=True)))
    assert Caller(first["secret"]).get("/members").status_code == 200
    assert api.post("/keys", body).status_code == 409
    assert [each["state"] for each in api.get("/keys").json()["items"]] == ["good", "good"]
    assert api.delete("/keys/till").status_code == 204
    assert api.delete("/keys/till").status_code == 404


def test_a_key_gives_no_more_than_it_has(bluebell: Workspace) -> None:
    porter = Caller(secret_of(bluebell, "keys"))
    assert porter.post("/keys", {"name": "more"}).status_code == 403
    assert porter.post("/keys", {"name": "more", "scopes": ["rewards"]}).status_code == 403
    assert porter.post("/keys", {"name": "same", "scopes": ["keys"]}).status_code == 201
    assert porter.post("/keys", {"name": "page", "public": True}).status_code == 201


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize("asked", [None, "2101-01-01T00:00:00Z"])
def test_a_key_that_ends_makes_none_that_outlives_it(api: Caller, asked: str | None, public: bool) -> None:
    end = "2100-01-01T00:00:00Z"
    maker = Caller(api.post("/keys", {"name": "maker", "expires_at": end}).json()["secret"])
    body = {"name": "made", "public": public, "expires_at": asked}
    assert maker.post("/keys", body).json()["expires_at"] == end
    sooner = maker.post("/keys", {**body, "name": "sooner", "expires_at": "2099-01-01T00:00:00Z"}).json()
    assert sooner["expires_at"] == "2099-01-01T00:00:00Z"


def test_a_public_key_is_not_promised_what_it_cannot_have(api: Caller) -> None:
    refused = api.post("/keys", {"name": "page", "public": True, "scopes": ["read"]})
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["path"] == "scopes"
    assert "identify and share" in refused.json()["problems"][0]["message"]
    assert api.post("/keys", {"name": "page", "public": True}).json()["scopes"] == ["identify", "share"]


def test_a_public_key_makes_known_and_gives_codes(api: Caller, bluebell: Workspace) -> None:
    page = Caller(secret_of(bluebell, public=True))
    body = {"member": "Dario", "country": "ES"}
    assert page.post("/identifications", body).json()["member"] == "Dario"
    page.post("/identifications", {**body, "country": "IT"})
    assert api.get("/members/Dario").json()["country"] == "ES"
    code = page.post("/codes", {"member": "Dario"}).json()["code"]
    assert page.post("/codes", {"member": "Dario"}).json()["code"] == code
    assert page.post("/codes", {"member": "Ada"}).json()["code"] == "ada-10"
    assert api.get(f"/codes/{code.upper()}").json()["member"] == "Dario"
    assert api.get("/codes?member=Dario").json()["items"][0]["code"] == code
    assert page.get("/members/Dario").status_code == 403


@pytest.mark.parametrize("name", ["Eva", "Ada"])  # nobody can tell from this who is known
def test_a_stranger_does_not_claim_the_page_of_who_comes_next(bluebell: Workspace, name: str) -> None:
    page, till = Caller(secret_of(bluebell, public=True)), Caller(secret_of(bluebell, "members"))
    body = {"member": name, "email": "mallory@example.net", "phone": "+34 600 000 009"}
    answer = page.post("/identifications", body)
    assert answer.status_code == 422
    assert [each["path"] for each in answer.json()["problems"]] == ["email", "phone"]
    assert not Identity.objects.filter(value="mallory@example.net").exists()
    assert till.post("/identifications", {**body, "email": "eva@example.com"}).status_code == 201
    assert page.post("/codes", {"member": "Nobody"}).status_code == 404


def test_a_test_clock_moves_forward_only(api: Caller) -> None:
    before = api.get("/clock").json()
    assert before["kind"] == "test"
    moved = api.put("/clock", {"now": "2027-02-20T12:00:00+01:00"}).json()
    assert (moved["now"], moved["fired"] > 0) == ("2027-02-20T11:00:00Z", True)
    assert api.put("/clock", {"now": "2027-01-01T00:00:00Z"}).status_code == 422
    slip = {"now": "2072-02-20T12:00:00Z"}
    assert "confirm" in api.put("/clock", slip).json()["detail"]
    assert api.get("/clock").json() == {**moved, "fired": 0}
    assert api.put("/clock", {**slip, "confirm": True}).status_code == 200
    live = Caller(secret_of(open_bluebell(name="live", is_test=False)))
    assert live.put("/clock", {"now": "2027-02-20T12:00:00Z"}).status_code == 409


def test_what_was_set_aside_is_decided_again(api: Caller, bluebell: Workspace) -> None:
    missing: dict[str, Any] = {"amount_minor": 500, "refers_to": "c-1"}
    assert decide(bluebell, [event("r-1", "refund", "Ben", **missing)])[0].status == "set_aside"
    (row,) = api.get("/set-aside-events").json()["items"]
    assert (row["id"], row["member"]) == ("r-1", "Ben")
    left = api.post(f"/set-aside-events/{row['event']}/replays").json()["items"]
    assert left[0]["status"] == "set_aside"
    decide(bluebell, [event("c-1", "purchase", "Ben", amount_minor=2500)])
    done = api.post("/set-aside-events/replays", {}).json()["items"]
    assert [each["status"] for each in done] == ["decided"]
    assert api.get("/set-aside-events").json()["items"] == []
    assert api.post(f"/set-aside-events/{row['event']}/replays").status_code == 404
