"""What is asked twice is done once, also when both come at the same time."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from sayso.domains.decisions.verify import verify
from sayso.domains.events.models import Event
from sayso.domains.programs.models import Version
from sayso.domains.rewards.models import Order, Provider
from sayso.domains.workspaces.models import ApiKey, KeptAnswer
from sayso.domains.workspaces.sealing import unseal
from tests.domains.cast import FRIENDS, decide, event, open_bluebell
from tests.domains.rewards.gifts import GIFTS, buys
from tests.web.api.calling import Caller, secret_of
from tests.web.api.company import MAPPING

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 6


def all_at_once(secret: str, path: str, body: Any) -> list[Any]:
    """Send the same request under one key from several threads."""

    def send(_: int) -> Any:
        try:
            return Caller(secret).post(path, body, **{"Idempotency-Key": "once"})
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(send, range(AT_ONCE)))


def test_points_are_spent_once() -> None:
    workspace = open_bluebell(FRIENDS)
    decide(workspace, [event("1", "purchase", "Ada", amount_minor=10_000)])
    answers = all_at_once(secret_of(workspace), "/members/Ada/spendings", {"points": 30})
    assert [each.status_code for each in answers] == [201] * AT_ONCE
    assert {each.json()["items"][-1]["available"] for each in answers} == {70}
    assert Event.objects.filter(type="points_spent").count() == 1
    assert verify(workspace) == []


def test_a_key_is_made_once_and_its_secret_told_once() -> None:
    workspace = open_bluebell(FRIENDS)
    answers = all_at_once(secret_of(workspace), "/keys", {"name": "till"})
    assert [each.status_code for each in answers] == [201] * AT_ONCE
    assert sum(each.json()["secret"] is not None for each in answers) == 1
    assert ApiKey.objects.filter(name="till").count() == 1


def test_a_version_is_published_once() -> None:
    workspace = open_bluebell(FRIENDS)
    body = {"document": FRIENDS.replace("20 EUR}, hold", "25 EUR}, hold")}
    answers = all_at_once(secret_of(workspace), "/programs/friends/versions", body)
    assert {(each.status_code, each.json()["version"], each.json()["already"]) for each in answers} == {(201, 2, False)}
    assert Version.objects.count() == 2


def test_the_same_key_with_something_else_is_refused() -> None:
    workspace = open_bluebell(FRIENDS)
    decide(workspace, [event("1", "purchase", "Ada", amount_minor=10_000)])
    api = Caller(secret_of(workspace))
    sent = [api.post("/members/Ada/spendings", {"points": n}, **{"Idempotency-Key": "s"}) for n in (30, 40)]
    assert [each.status_code for each in sent] == [201, 409]
    made = [api.post("/keys", {"name": name}, **{"Idempotency-Key": "k"}) for name in ("one", "two")]
    assert [each.status_code for each in made] == [201, 409]
    assert api.post("/keys", {"name": "three"}, **{"Idempotency-Key": "a b"}).status_code == 400


@pytest.mark.parametrize("path", ["/codes", "/identifications"])
def test_a_key_stands_for_one_member_where_nothing_new_is_stored_too(path: str) -> None:
    workspace = open_bluebell(FRIENDS)
    decide(workspace, [event("1", "signup", "Ada"), event("2", "signup", "Ben")])
    api = Caller(secret_of(workspace))
    sent = [api.post(path, {"member": who}, **{"Idempotency-Key": "c"}) for who in ("Ada", "Ada", "Ben")]
    assert [each.status_code for each in sent] == [201, 201, 409]
    assert sent[0].json() == sent[1].json()
    assert api.post(path, {"member": "Ben"}).status_code == 201


def test_a_code_is_given_once_to_who_asks_twice() -> None:
    workspace = open_bluebell(FRIENDS)
    decide(workspace, [event("1", "signup", "Ada")])
    answers = all_at_once(secret_of(workspace), "/codes", {"member": "Ada"})
    assert len({each.json()["code"] for each in answers}) == 1


def test_too_many_requests_are_told_when_to_come_back(settings: Any) -> None:
    settings.REQUESTS_PER_MINUTE = 3
    api = Caller(secret_of(open_bluebell()))
    answers = [api.get("/members") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert [each["RateLimit"][:12] for each in answers[:3]] == ['"minute";r=2', '"minute";r=1', '"minute";r=0']
    assert 0 < int(answers[3]["Retry-After"]) <= 60
    assert answers[3]["RateLimit-Policy"] == '"minute";q=3;w=60'


HOOK = {"url": "https://bluebell.example/hooks/sayso", "kinds": ["*"]}
TILL = {"name": "till", "signing": {"scheme": "hmac"}, "mapping": MAPPING}
RECEIVER = {"way": "webhook", "url": "https://bluebell.example/orders"}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "/keys", {"name": "till"}),
        ("post", "/webhook-endpoints", HOOK),
        ("post", "/webhook-endpoints/{endpoint}/secrets", {}),
        ("post", "/incoming-sources", TILL),
        ("put", "/providers/gift_card", RECEIVER),
        ("put", "/providers/gift_card", {**RECEIVER, "new_secret": True}),
    ],
)
def test_whatever_makes_a_secret_makes_it_once_and_keeps_it_nowhere(
    method: str, path: str, body: dict[str, Any]
) -> None:
    api = Caller(secret_of(open_bluebell(FRIENDS)))
    endpoint = api.post("/webhook-endpoints", HOOK).json()["id"]
    if "new_secret" in body:
        api.put(path, RECEIVER)
    send = getattr(api, method)
    first, again = (send(path.format(endpoint=endpoint), body, **{"Idempotency-Key": "s"}) for _ in range(2))
    secret = first.json()["secret"]
    assert secret
    assert (again.status_code, again.json()) == (first.status_code, {**first.json(), "secret": None})
    assert secret not in str(list(KeptAnswer.objects.values_list("answer", flat=True)))


def test_a_repeat_leaves_the_secret_that_receivers_still_check() -> None:
    bluebell = open_bluebell(GIFTS)
    api = Caller(secret_of(bluebell))
    first = api.put("/providers/gift_card", RECEIVER).json()["secret"]
    for _ in range(2):
        api.put("/providers/gift_card", {**RECEIVER, "new_secret": True}, **{"Idempotency-Key": "s"})
    assert unseal(Provider.objects.get().settings["earlier_secret"]) == first


def test_a_repeat_orders_what_was_left() -> None:
    bluebell = open_bluebell(GIFTS)
    buys(bluebell, "Ada")
    api = Caller(secret_of(bluebell))
    sent = [api.put("/providers/gift_card", {"way": "generated"}, **{"Idempotency-Key": "s"}) for _ in range(2)]
    assert [each.json()["ordered"] for each in sent] == [1, 0]
    Order.objects.all().delete()
    again = api.put("/providers/gift_card", {"way": "generated"}, **{"Idempotency-Key": "s"})
    assert again.json()["ordered"] == 1
