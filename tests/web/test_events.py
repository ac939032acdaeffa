"""`POST /api/v1/events`, through the front door and through Django's own route: every answer it has."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory, override_settings

from sayso.core.engine.events import WITH_A_MEANING, Arrival
from sayso.domains.decisions import committer as group
from sayso.domains.decisions.effects import Told
from sayso.domains.decisions.verify import verify
from sayso.domains.events.models import Event
from sayso.domains.events.receive import RESERVED
from sayso.domains.ledger.queries import balances
from sayso.domains.workspaces.keys import Grant, create_key, forget_recognised, revoke_key
from sayso.domains.workspaces.models import Workspace
from sayso.web.api import intake
from sayso.web.api.limits import counter
from sayso.web.front_door import front_door
from tests.domains.cast import FRIENDS, START, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)

NDJSON = "application/x-ndjson"
BUYS = {
    "id": "b-2", "type": "purchase", "member": "Ben", "occurred_at": "2027-01-10T14:00:00Z", "amount_minor": 2500,
    "currency": "EUR",
}  # fmt: skip
JOINS = {
    "id": "b-1", "type": "signup", "member": "Ben", "occurred_at": "2027-01-10T13:00:00Z", "referral_code": "ada-10",
}  # fmt: skip
ADA = [
    {"id": "a-1", "type": "signup", "member": "Ada", "occurred_at": "2027-01-10T12:00:00Z"},
    {"id": "a-2", "type": "member_updated", "member": "Ada", "occurred_at": "2027-01-10T12:00:01Z",
     "props": {"code": "ADA-10"}},
]  # fmt: skip


@dataclass
class Got:
    """An answer as it went out."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.body.splitlines()]


def django_answers(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"Django: " + environ["PATH_INFO"].encode()]


door = front_door(django_answers)


def knock(environ: dict[str, Any], body: bytes) -> Got:
    """Send a request through the front door."""
    began: list[Any] = []
    safely = {"wsgi.url_scheme": "https", "HTTP_X_FORWARDED_PROTO": "https"}
    to = {"PATH_INFO": intake.PATH, "REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(body))}
    environ = {**safely, **to, **environ}
    pieces = door({**environ, "wsgi.input": io.BytesIO(body)}, lambda *started: began.append(started))
    status, headers = began[0]
    return Got(int(status[:3]), dict(headers), b"".join(pieces))


class Shop:
    """A company that sends events with a key."""

    def __init__(self, workspace: Workspace, *scopes: str, name: str = "till") -> None:
        self.workspace = workspace
        self.secret = create_key(workspace=workspace, name=name, grant=Grant(scopes or ("*",)), now=START)[1]

    def send(self, event: Any, media: str = "application/json", **environ: str) -> Got:
        """Send one event, or lines of them as they stand."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        return knock({"HTTP_AUTHORIZATION": f"Bearer {self.secret}", "CONTENT_TYPE": media, **environ}, body)

    def send_lines(self, *lines: Any) -> Got:
        """Send many events at once."""
        written = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        return self.send(b"\n".join(written), NDJSON)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    forget_recognised()
    counter._windows.clear()
    yield
    group.stop_committer()
    forget_recognised()


@pytest.fixture
def shop() -> Shop:
    return Shop(open_bluebell(FRIENDS))


def test_the_decision_is_in_the_answer(shop: Shop) -> None:
    assert [answer["status"] for answer in shop.send_lines(*ADA).lines] == ["decided", "decided"]
    joined, bought = shop.send(JOINS), shop.send(BUYS)
    assert (joined.status, joined.headers["Content-Type"]) == (200, "application/json")
    told = joined.json
    assert (told["event"], told["status"], told["repeated"]) == ("b-1", "decided", False)
    assert told["id"].startswith("evt_")
    assert told["member"].startswith("mem_")
    (coupon,), (referral,) = told["decision"]["rewards"], told["decision"]["referrals"]
    assert (coupon["clause"], coupon["state"], coupon["member"]) == ("welcome", "approved", told["member"])
    assert (referral["status"], referral["steps"], referral["friend"]) == ("open", ["signed_up"], told["member"])
    assert referral["advocate"] != told["member"]
    told = bought.json["decision"]
    (thanks,), (points,), (referral,) = told["rewards"], told["points"], told["referrals"]
    assert (thanks["state"], thanks["cost_minor"], thanks["due_at"][:10]) == ("held", 2000, "2027-01-24")
    assert (points["points"], points["unit"], points["clause"]) == (25, "stars", "shopping")
    assert (referral["status"], referral["steps"], referral["id"]) == ("completed", ["purchased"], thanks["referral"])
    assert {"program": "friends", "version": 1, "clause": "points.earn.shopping", "verdict": "met", "seen": 25,
            "member": bought.json["member"]} in told["reasons"]  # fmt: skip
    assert "Ada" not in bought.body.decode()
    assert "Ada" not in joined.body.decode()


def test_a_repeat_gets_the_first_answer(shop: Shop) -> None:
    shop.send_lines(*ADA)
    first = []
    for sent in (JOINS, BUYS):
        first.append(shop.send(sent).json)
        again = shop.send(sent)
        assert (again.status, again.json) == (200, {**first[-1], "repeated": True})
    joined, *bought = (line["decision"] for line in shop.send_lines(JOINS, BUYS, BUYS).lines)
    assert bought == [first[1]["decision"]] * 2
    joined["referrals"][0]["status"] = "open"  # what is told of a state is how it stands now
    assert joined == first[0]["decision"]


def test_another_event_under_the_same_id_is_told_what_differs(shop: Shop) -> None:
    shop.send(BUYS)
    got = shop.send({**BUYS, "amount_minor": 2600, "props": {"store": "north"}})
    assert (got.status, got.headers["Content-Type"]) == (409, "application/problem+json")
    assert [each["path"] for each in got.json["problems"]] == ["amount_minor", "props"]
    assert Event.objects.filter(workspace=shop.workspace, source="api").count() == 1


def test_an_event_that_cannot_be_decided_is_kept(shop: Shop) -> None:
    got = shop.send({**BUYS, "currency": "USD"})
    assert (got.status, got.json["status"]) == (202, "set_aside")
    assert "NoRate" in got.json["detail"]
    again = shop.send({**BUYS, "currency": "USD"})
    assert (again.status, again.json["repeated"]) == (202, True)
    assert Event.objects.filter(workspace=shop.workspace, external_id="b-2").count() == 1


def test_each_line_gets_its_own_answer(shop: Shop) -> None:
    shop.send(BUYS)
    lines = shop.send_lines(
        {**BUYS, "id": "b-3"}, b"", b"{nonsense", {"id": "b-4"}, {**BUYS, "amount_minor": 1}, {**BUYS, "id": "b-5"}
    ).lines
    assert [(line["line"], line["status"]) for line in lines] == [
        (1, "decided"), (3, "refused"), (4, "refused"), (5, "refused"), (6, "decided"),
    ]  # fmt: skip
    assert [line["problem"]["status"] for line in lines[1:4]] == [400, 422, 409]
    assert {each["path"] for each in lines[2]["problem"]["problems"]} == {"type", "member", "occurred_at"}
    assert shop.send_lines(b"").lines == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"id": NaN}', "not JSON"),
        (b'{"id": "a", "id": "b"}', "twice"),
        (b'{"id" : "a", "type": "x\\":y", "id":"b"}', "twice"),
        (b'{"props": {"a": {"b": 1, "\\u0062": 2}}}', "twice"),
        (b'{"id": "\xff"}', "UTF-8"),
        (b'{"id": "\\ud800"}', "not JSON"),
        (b"[" * 100_000, "nested"),
        (b'{"a":' * 100_000, "nested"),
        (b'{"id": 1e999}', "not JSON"),
    ],
)
def test_what_cannot_be_read_is_refused(shop: Shop, body: bytes, said: str) -> None:
    got = shop.send(body)
    assert (got.status, got.headers["Content-Type"]) == (400, "application/problem+json")
    assert said in got.json["detail"]


def test_a_text_that_looks_like_names_is_read(shop: Shop) -> None:
    got = shop.send({**BUYS, "props": {"note": '"a": 1, "a": 2', "b": [{"c": 1}, {"c": 2}]}})
    assert got.status == 200
    assert Event.objects.get(external_id="b-2").props["note"] == '"a": 1, "a": 2'


def test_everything_that_is_wrong_is_told_at_once(shop: Shop) -> None:
    got = shop.send({**BUYS, "amount_minor": -1, "currency": "euro", "colour": "red"})
    assert got.status == 422
    assert {each["path"] for each in got.json["problems"]} == {"amount_minor", "currency", "colour"}
    assert shop.send([BUYS]).status == 422


def test_who_may_send(shop: Shop) -> None:
    unknown = {"HTTP_AUTHORIZATION": "Bearer sk_live_" + "x" * 43}
    for environ in ({"HTTP_AUTHORIZATION": ""}, unknown, {"HTTP_AUTHORIZATION": f"Basic {shop.secret}"}):
        got = shop.send(BUYS, **environ)
        assert (got.status, got.headers["WWW-Authenticate"]) == (401, 'Bearer realm="sayso"')
    assert Shop(shop.workspace, "read", name="reader").send(BUYS).status == 403
    public = create_key(workspace=shop.workspace, name="page", grant=Grant(is_public=True), now=START)[1]
    assert shop.send(BUYS, HTTP_AUTHORIZATION=f"Bearer {public}").status == 403
    revoke_key(workspace=shop.workspace, name="till", now=START)
    forget_recognised()
    assert shop.send(BUYS).status == 401
    assert not Event.objects.filter(external_id="b-2").exists()


@pytest.mark.parametrize(
    ("behind", "environ"),
    [
        (False, {"wsgi.url_scheme": "http"}),
        (False, {"wsgi.url_scheme": "http", "HTTP_X_FORWARDED_PROTO": "https"}),
        (True, {"HTTP_X_FORWARDED_PROTO": "http"}),
    ],
)
def test_no_event_is_taken_in_the_clear(shop: Shop, behind: bool, environ: dict[str, str]) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True, BEHIND_PROXY=behind):
        assert shop.send(BUYS, **environ).body == b"Django: /api/v1/events"
    assert not Event.objects.filter(external_id="b-2").exists()
    with override_settings(SECURE_SSL_REDIRECT=False):
        assert shop.send(BUYS, **{"wsgi.url_scheme": "http"}).status == 200


def test_whatever_has_a_meaning_has_a_scope_or_is_said_to_need_none() -> None:
    assert set(intake.SCOPE_OF) | intake.WITHOUT_A_SCOPE == WITH_A_MEANING - RESERVED
    assert not intake.WITHOUT_A_SCOPE & set(intake.SCOPE_OF)


@pytest.mark.parametrize("kind", sorted(intake.SCOPE_OF))
def test_what_staff_decide_takes_their_scope(kind: str) -> None:
    workspace = open_bluebell(FRIENDS)
    props = {"other": "Ada", "reward": 1, "to": "Ada", "from": "USD", "rate": "0.9", "points": 1, "program": "friends"}
    event = {"id": "x", "type": kind, "member": "Ben", "occurred_at": "2027-01-10T14:00:00Z"}
    only_events, may_all = Shop(workspace, "events"), Shop(workspace, name="all")
    tried = [
        {**event, "props": chosen}
        for chosen in ({}, props, *({name: value} for name, value in props.items()))
    ]  # fmt: skip
    statuses = [(only_events.send(each).status, may_all.send(each).status) for each in tried]
    assert all(status in (403, 422) for status, _ in statuses)
    assert all(status != 403 for _, status in statuses)


def test_a_key_opens_its_own_workspace_only(shop: Shop) -> None:
    other = Shop(open_bluebell(FRIENDS, name="other"))
    assert [each.send(BUYS).json["repeated"] for each in (shop, other)] == [False, False]
    assert Event.objects.filter(external_id="b-2").count() == 2


def test_what_comes_in_another_form_or_is_too_much(shop: Shop) -> None:
    assert shop.send(BUYS, "text/csv").status == 415
    assert shop.send(BUYS, "").status == 415
    assert shop.send(BUYS, "application/json; charset=utf-8").status == 200
    assert shop.send(b" " * (intake.MOST_BYTES + 1)).status == 413
    assert shop.send(b"{}", CONTENT_LENGTH="5000000000").status == 413
    assert shop.send(b" " * (intake.MOST_BYTES + 1), CONTENT_LENGTH="").status == 413
    assert shop.send(BUYS, CONTENT_LENGTH="many").status == 400
    assert shop.send_lines(*[b"{}"] * (intake.MOST_LINES + 1)).status == 413
    assert len(shop.send_lines(*[b"{}"] * intake.MOST_LINES).lines) == intake.MOST_LINES


def test_what_comes_packed_is_refused_with_a_word(shop: Shop) -> None:
    got = shop.send(BUYS, HTTP_CONTENT_ENCODING="gzip")
    assert (got.status, got.headers["Accept-Encoding"]) == (415, "identity")
    assert "Content-Encoding" in got.json["detail"]
    assert shop.send(BUYS, HTTP_CONTENT_ENCODING="identity").status == 200


def test_who_names_no_host_is_refused_before_anything_else() -> None:
    for path in (intake.PATH, "/"):
        got = knock({"PATH_INFO": path, "HTTP_HOST": "", "SERVER_PROTOCOL": "HTTP/1.1"}, b"{}")
        assert (got.status, got.json["type"]) == (400, "urn:sayso:problem:not-readable")
    assert knock({"PATH_INFO": "/livez", "HTTP_HOST": "", "SERVER_PROTOCOL": "HTTP/1"}, b"").status == 200


def test_a_key_may_ask_so_often(shop: Shop, settings: Any) -> None:
    settings.EVENT_REQUESTS_PER_MINUTE = 2
    got = [shop.send(BUYS) for _ in range(3)]
    assert [each.status for each in got] == [200, 200, 429]
    assert got[0].headers["RateLimit"] == '"minute";r=1;t=60'
    assert 0 < int(got[2].headers["Retry-After"]) <= 60
    settings.REQUESTS_PER_MINUTE = 1
    guesses = [shop.send(BUYS, HTTP_AUTHORIZATION="Bearer sk_live_no", REMOTE_ADDR="192.0.2.1") for _ in range(2)]
    assert [each.status for each in guesses] == [401, 429]


@pytest.mark.parametrize(("behind", "found"), [(True, [401, 429, 401]), (False, [401, 429, 429])])
def test_who_is_behind_a_proxy_is_counted_by_what_it_says_and_nobody_else(
    shop: Shop, settings: Any, behind: bool, found: list[int]
) -> None:
    settings.REQUESTS_PER_MINUTE, settings.BEHIND_PROXY = 1, behind
    came_from = ["192.0.2.7, 203.0.113.9", "192.0.2.8, 203.0.113.9", "203.0.113.9, 203.0.113.10"]
    wrong = {"HTTP_AUTHORIZATION": "Bearer sk_live_no", "REMOTE_ADDR": "10.0.0.1"}
    assert [shop.send(BUYS, HTTP_X_FORWARDED_FOR=each, **wrong).status for each in came_from] == found
    counter._windows.clear()
    sent = [
        Client().get("/api/v1/members", secure=True, headers={"X-Forwarded-For": each}).status_code
        for each in came_from
    ]
    assert sent == found


@pytest.mark.parametrize(
    ("error", "kind", "seconds"),
    [(group.TooBusy(7), "too-busy", "7"), (group.NotAnswered("OperationalError: secret innards"), "not-answered", "1")],
)
def test_a_service_that_has_no_place_says_when_to_come_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, error: Exception, kind: str, seconds: str
) -> None:
    def decide(*_: Any, **__: Any) -> list[Told]:
        raise error

    monkeypatch.setattr(group.Committer, "decide", decide)
    for got in (shop.send(BUYS), shop.send_lines(BUYS)):
        assert (got.status, got.headers["Retry-After"]) == (503, seconds)
        assert f'"urn:sayso:problem:{kind}"'.encode() in got.body
        assert b"innards" not in got.body


def test_a_defect_is_told_without_its_innards(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def receive(*_: Any, **__: Any) -> Arrival:
        raise ZeroDivisionError("secret innards")

    monkeypatch.setattr(intake, "receive", receive)
    got = shop.send(BUYS)
    assert got.status == 500
    assert b"innards" not in got.body


def test_everything_else_goes_to_django(shop: Shop) -> None:
    assert shop.send(BUYS, REQUEST_METHOD="GET").body == b"Django: /api/v1/events"
    assert shop.send(BUYS, PATH_INFO="/api/v1/events/").body == b"Django: /api/v1/events/"


def test_django_answers_the_same(shop: Shop) -> None:
    through_the_door = shop.send(BUYS).json
    headers = {"Authorization": f"Bearer {shop.secret}"}
    request = RequestFactory().post(
        intake.PATH,
        json.dumps(BUYS),
        content_type="application/json",
        headers=headers,
    )
    response = intake.events_view(request)
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert json.loads(response.content) == {**through_the_door, "repeated": True}
    assert response["RateLimit"]


def test_no_connection_stays_behind_in_a_thread(shop: Shop) -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(shop.send, BUYS).result().status == 200
        assert pool.submit(lambda: connection.connection).result() is None


def test_many_who_send_the_same_event_at_once(shop: Shop) -> None:
    with ThreadPoolExecutor(64) as pool:
        got = list(pool.map(lambda _: shop.send(BUYS), range(64)))
    assert {each.status for each in got} == {200}
    assert sum(not each.json["repeated"] for each in got) == 1
    assert len({json.dumps({**each.json, "repeated": True}) for each in got}) == 1
    assert Event.objects.filter(workspace=shop.workspace, source="api").count() == 1
    assert [row.available for row in balances(shop.workspace, "stars")] == [25]
    assert verify(shop.workspace) == []
