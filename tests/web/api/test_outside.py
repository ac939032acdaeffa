"""Webhooks out and in, and fulfilment, over the API."""

import pytest

from sayso.domains.connectors.webhooks.models import Delivery
from sayso.domains.workspaces.models import Workspace
from sayso.web.api import webhooks
from tests.domains.cast import FRIENDS, START, ada_recommends_ben, decide, open_bluebell
from tests.web.api.calling import Caller, secret_of

pytestmark = pytest.mark.django_db(transaction=True)

ENDPOINT = {"url": "https://bluebell.example/sayso", "kinds": ["reward.issued"]}
MAPPING = {"rules": {"paid": {"when": {"type": "paid"}, "event": {"type": "purchase", "member": {"path": "who"}}}}}


@pytest.fixture
def bluebell() -> Workspace:
    """Ada recommended Ben, who has a coupon to be handed over."""
    workspace = open_bluebell(FRIENDS)
    decide(workspace, ada_recommends_ben())
    return workspace


@pytest.fixture
def api(bluebell: Workspace) -> Caller:
    """Everything may be asked."""
    return Caller(secret_of(bluebell))


def test_an_endpoint_is_made_changed_paused_and_removed(api: Caller) -> None:
    made = [api.post("/webhook-endpoints", ENDPOINT, **{"Idempotency-Key": "w"}).json() for _ in range(2)]
    assert made[0]["secret"].startswith("whsec_")
    assert made[1] == {**made[0], "secret": None}
    path = f"/webhook-endpoints/{made[0]['id']}"
    assert api.put(path, {**ENDPOINT, "kinds": ["*"]}).json()["kinds"] == ["*"]
    assert api.put(f"{path}/pause").json()["enabled"] is False
    assert api.delete(f"{path}/pause").json()["enabled"] is True
    assert api.post(f"{path}/secrets", {}).json()["secret"] != made[0]["secret"]
    assert api.post(f"{path}/replays", {"since": "2027-01-01T00:00:00Z"}).json() == {"deliveries": 0}
    assert api.get(f"{path}/deliveries").json() == {"items": [], "next": None}
    assert [each["id"] for each in api.get("/webhook-endpoints").json()["items"]] == [made[0]["id"]]
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404


@pytest.mark.parametrize("url", ["http://bluebell.example", "https://127.0.0.1/", "ftp://x", "https://a b"])
def test_some_urls_are_not_called(api: Caller, url: str) -> None:
    assert api.post("/webhook-endpoints", {"url": url}).status_code in (201, 422)
    tested = api.get("/webhook-endpoints").json()["items"]
    for each in tested:  # an address is looked at when it is called
        answer = api.post(f"/webhook-endpoints/{each['id']}/tests").json()
        assert (answer["state"], answer["status"]) == ("failed", 0)


def test_a_few_tests_at_once_are_enough(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/webhook-endpoints/{api.post('/webhook-endpoints', ENDPOINT).json()['id']}"
    monkeypatch.setattr(webhooks, "MOST_TESTS_OF_ONE", 100)
    asked: list[int] = []

    def another(**_: object) -> Delivery:
        asked.append(api.post(f"{path}/tests").status_code)
        return Delivery(number=1, endpoint=1, kind="test", occurred_at=START, state="failed", attempts=1)

    monkeypatch.setattr(webhooks, "send_test", another)
    assert api.post(f"{path}/tests").status_code == 200
    assert asked == [503, *[200] * (webhooks.MOST_TESTS_AT_ONCE - 1)]
    assert api.get(f"{path}/deliveries").json()["items"] == []


def test_the_tests_of_one_company_leave_places_for_those_of_others(
    api: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = Caller(secret_of(open_bluebell(FRIENDS, name="rival")))
    mine, theirs = (f"/webhook-endpoints/{each.post('/webhook-endpoints', ENDPOINT).json()['id']}/tests"
                    for each in (api, others))  # fmt: skip
    asked: list[int] = []

    def slow(*, workspace: Workspace, **_: object) -> Delivery:
        if workspace.name == "bluebell":
            asked.append(api.post(mine).status_code)
            asked.append(others.post(theirs).status_code)
        return Delivery(number=1, endpoint=1, kind="test", occurred_at=START, state="failed", attempts=1)

    monkeypatch.setattr(webhooks, "send_test", slow)
    assert api.post(mine).status_code == 200
    assert asked == [503, 200, 200, 200]
    assert api.post(mine).status_code == 200, "each place is given back"


def test_a_source_is_live_only_after_its_mapping_was_tried(api: Caller) -> None:
    made = api.post("/incoming-sources", {"name": "webshop", "signing": {"scheme": "hmac"}, "mapping": MAPPING})
    assert made.status_code == 201, made.content
    assert made.json()["address"].startswith("/hooks/whs_")
    path = "/incoming-sources/webshop"
    assert api.put(f"{path}/activation").status_code == 409
    tried = api.post(f"{path}/trials", {"body": {"type": "paid", "who": "Ada"}}).json()
    assert (tried["problems"], tried["events"][0]["member"]) == ([], "Ada")
    assert api.put(f"{path}/activation").json()["enabled"] is True
    assert api.put(f"{path}/mapping", {"mapping": {"rules": {}}}).status_code == 422
    assert api.delete(f"{path}/activation").json()["enabled"] is False
    assert api.delete(path).status_code == 204


def source_of(*types: str, name: str = "mine") -> dict[str, object]:
    """A source whose messages become events of some types."""
    rules = {kind: {"when": {"type": kind}, "event": {"type": kind, "member": {"path": "who"}}} for kind in types}
    return {"name": name, "signing": {"scheme": "hmac"}, "mapping": {"rules": rules}, "secret": "chosen-by-us"}


@pytest.mark.parametrize(
    ("types", "needed"),
    [
        (("purchase",), ("webhooks", "events")),
        (("menu_opened",), ("webhooks", "events")),
        (("purchase", "member_updated"), ("webhooks", "events", "members")),
    ],
)
def test_what_messages_become_takes_the_scopes_of_those_events(
    api: Caller, bluebell: Workspace, types: tuple[str, ...], needed: tuple[str, ...]
) -> None:
    body, path = source_of(*types), "/incoming-sources/mine"
    steps = [
        ("POST", "/incoming-sources", body),
        ("PUT", f"{path}/mapping", {"mapping": body["mapping"]}),
        ("PUT", f"{path}/secret", {"secret": "chosen-by-us"}),
        ("PUT", f"{path}/activation", None),
    ]
    for missing in needed[1:]:
        less = Caller(secret_of(bluebell, *(scope for scope in needed if scope != missing)))
        assert less(*steps[0]).json()["type"] == "urn:sayso:problem:scope-missing"
        assert api.get("/incoming-sources").json()["items"] == []
        assert api(*steps[0]).status_code == 201
        assert api.post(f"{path}/trials", {"body": {"type": types[0], "who": "Ada"}}).json()["problems"] == []
        refused = [less(*step) for step in steps[1:]]
        assert [(each.status_code, missing in each.json()["detail"]) for each in refused] == [(403, True)] * 3
        assert less.delete(path).status_code == 204
    enough = Caller(secret_of(bluebell, *needed))
    assert [enough(*step).status_code for step in steps[:3]] == [201, 200, 200]
    assert enough.post(f"{path}/trials", {"body": {"type": types[0], "who": "Ada"}}).json()["problems"] == []
    assert enough(*steps[3]).json()["enabled"] is True


def test_the_secret_of_a_source_is_judged_by_what_is_live_too(api: Caller, bluebell: Workspace) -> None:
    api.post("/incoming-sources", source_of("member_updated"))
    api.post("/incoming-sources/mine/trials", {"body": {"type": "member_updated", "who": "Ada"}})
    assert api.put("/incoming-sources/mine/activation").status_code == 200
    less = Caller(secret_of(bluebell, "webhooks", "events"))
    draft = {"mapping": source_of("purchase")["mapping"]}
    assert less.put("/incoming-sources/mine/mapping", draft).status_code == 200
    assert less.put("/incoming-sources/mine/secret", {"secret": "chosen-by-us"}).status_code == 403


def test_a_pool_hands_over_what_was_approved(api: Caller) -> None:
    loaded = api.post("/coupon-pools/spring/codes", {"codes": ["S-1", "S-2", "S-1", "\t"], "low": 5}).json()
    assert (loaded["loaded"], loaded["wrong"]) == (2, 0)
    assert api.get("/coupon-pools").json()["items"][0]["left"] == 2
    done = api.put("/providers/coupon", {"way": "pool", "pool": "spring"})
    assert (done.status_code, done.json()["way"]) == (200, "pool"), done.content
    (provider,) = api.get("/providers").json()["items"]
    assert (provider["kind"], provider["pool"], provider["asked_first"]) == ("coupon", "spring", False)
    (coupon,) = api.get("/rewards?member=Ben").json()["items"]
    assert [each["kind"] for each in api.get(f"/rewards/{coupon['id']}/orders").json()["items"]] == ["coupon"]
    assert api.put("/providers/points", {"way": "pool", "pool": "spring"}).status_code == 422
    assert api.put("/providers/coupon", {"way": "generated", "pool": "spring"}).status_code == 422
