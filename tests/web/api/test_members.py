"""Members over the API."""

import json
from datetime import timedelta

import pytest

from sayso.domains.events.models import Event
from sayso.domains.workspaces.ids import public_id
from tests.domains.cast import FRIENDS, ada_recommends_ben, decide, event, open_bluebell
from tests.web.api.calling import Caller, secret_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def api() -> Caller:
    """Everything may be asked of Bluebell, where Ada recommended Ben."""
    workspace = open_bluebell(FRIENDS)
    decide(workspace, ada_recommends_ben())
    return Caller(secret_of(workspace))


def test_a_member_is_shown_by_name_and_by_id(api: Caller) -> None:
    ada = api.get("/members/Ada").json()
    assert (ada["member"], ada["status"]) == ("Ada", "active")
    assert api.get(f"/members/{ada['id']}").json() == ada


def test_who_is_not_known_is_not_found(api: Caller) -> None:
    answer = api.get("/members/Nobody")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:sayso:problem:no-such-member"


def test_a_member_is_made_known_once_per_key(api: Caller) -> None:
    body = {"tags": ["vip"], "attributes": {"plan": "gold"}, "country": "ES"}
    first = api.put("/members/Dario", body, **{"Idempotency-Key": "one"})
    again = api.put("/members/Dario", body, **{"Idempotency-Key": "one"})
    assert first.status_code == again.status_code == 200, first.content
    assert first.json() == again.json()
    assert Event.objects.filter(external_id="update-one").count() == 1
    other = api.put("/members/Dario", {"tags": []}, **{"Idempotency-Key": "one"})
    assert (other.status_code, other.json()["type"]) == (409, "urn:sayso:problem:key-reused")


def test_a_list_goes_page_by_page(api: Caller) -> None:
    for name in ("Chloé", "Dario", "Eva"):
        api.put(f"/members/{name}", {})
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api.get(f"/members?limit=2{cursor and f'&cursor={cursor}'}").json()
        seen += [row["member"] for row in page["items"]]
        cursor = page["next"]
    assert seen == ["Ada", "Ben", "Chloé", "Dario", "Eva"]


@pytest.mark.parametrize(
    ("method", "path", "body", "place"),
    [
        ("PUT", "/members/Ada", {"colour": "red"}, "colour"),
        ("PUT", "/members/Ada", {"tags": "vip"}, "tags"),
        ("PUT", "/members/Ada", {"email": "no"}, "props.email"),
        ("PUT", "/members/Ada", {"attributes": json.loads('{"a":' * 400 + "1" + "}" * 400)}, "props"),
        ("GET", "/members?colour=red", None, "colour"),
        ("GET", "/members?limit=0", None, "limit"),
        ("GET", "/members?cursor=none", None, "cursor"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(api: Caller, method: str, path: str, body: object, place: str) -> None:
    answer = api(method, path, body)
    assert answer.status_code == 422, answer.content
    assert [each["path"] for each in answer.json()["problems"]] == [place]


def test_a_field_that_is_not_known_tells_where_it_goes(api: Caller) -> None:
    problems = api.put("/members/Ada", {"name": "Ada Lovelace", "langage": "es"}).json()["problems"]
    assert {each["path"]: each["instead"] for each in problems} == {"name": "attributes.name", "langage": "language"}


def test_what_comes_packed_is_refused_with_a_word(api: Caller) -> None:
    told = api.put("/members/Ada", {"language": "es"}, **{"Content-Encoding": "gzip"})
    assert (told.status_code, told["Accept-Encoding"]) == (415, "identity")


def test_two_members_become_one_and_one_is_erased(api: Caller) -> None:
    assert api.post("/members/Ada/merges", {"other": "Ada"}).status_code == 409
    merged = api.post("/members/Ada/merges", {"other": "Ben"})
    assert merged.status_code == 201, merged.content
    assert api.get("/members/Ben").json()["member"] == "Ada"
    erased = api.delete("/members/Ada")
    assert (erased.status_code, erased.json()["status"]) == (200, "erased")
    assert api.get("/members/Ada").status_code == 404


def test_nothing_is_taken_in_the_name_under_which_an_erased_member_is_shown(api: Caller) -> None:
    name = api.delete("/members/Ada").json()["member"]
    assert name.startswith("erased-")
    visit = {"id": "v-1", "type": "visit", "member": name, "occurred_at": "2027-01-11T11:00:00Z"}
    for told in (api.post("/events", visit), api.put(f"/members/{name}", {"language": "es"})):
        assert told.status_code == 422, told.content
        assert [each["path"] for each in told.json()["problems"]] == ["member"]


def test_a_sign_up_becomes_the_customer_whom_nobody_knew_yet(api: Caller) -> None:
    assert api.post("/members/cust-7/merges", {"other": "Nobody"}).status_code == 404
    assert api.get("/members/cust-7").status_code == 404
    merged = api.post("/members/cust-7/merges", {"other": "Ben"}, **{"Idempotency-Key": "one"})
    assert (merged.status_code, merged.json()["member"]) == (201, "cust-7"), merged.content
    again = api.post("/members/cust-7/merges", {"other": "Ben"}, **{"Idempotency-Key": "one"})
    assert again.json() == merged.json()
    assert api.get("/referrals?member=cust-7").json()["items"][0]["friend"] == "cust-7"


def test_an_order_that_came_before_the_merge_is_put_right() -> None:
    workspace = open_bluebell(FRIENDS)
    api = Caller(secret_of(workspace))
    decide(workspace, [each for each in ada_recommends_ben() if each.external_id != "b-2"])
    sold = decide(workspace, [event("o-1", "purchase", "cust-7", after=timedelta(hours=2), amount_minor=2500)])[0]
    assert api.post("/members/cust-7/merges", {"other": "Ben"}).status_code == 201
    body = {"advocate": "Ada", "friend": "cust-7", "reason": "It came first", "event": public_id("evt", sold.position)}
    made = api.post("/referrals", body).json()["items"]
    assert [(each["friend"], each["status"], list(each["steps"])) for each in made] == [
        ("cust-7", "completed", ["signed_up", "purchased"])
    ]
    assert api.post("/referrals", body).status_code == 409


def test_every_answer_bears_its_id_and_what_is_left(api: Caller) -> None:
    answer = api.get("/members", **{"X-Request-Id": "mine-0001"})
    assert answer["X-Request-Id"] == "mine-0001"
    assert answer["RateLimit"].startswith('"minute";r=')
    assert api.get("/nowhere")["X-Request-Id"]


def test_a_wrong_method_and_a_wrong_body_are_problems(api: Caller) -> None:
    answer = api("PATCH", "/members")
    assert (answer.status_code, answer["Allow"], answer.json()["status"]) == (405, "GET", 405)
    assert api("PUT", "/members/Ada", b"{").status_code == 400
    assert api("PUT", "/members/Ada", b"[" * 2_000_000).status_code == 413
    assert api.get("/nowhere").json()["status"] == 404


def test_a_group_is_listed_by_what_it_asks_now() -> None:
    people = "people: {groups: {regulars: member.points >= 100, friends_of_the_house: {by_hand: true}}}"
    workspace = open_bluebell(f"{FRIENDS}{people}\n")
    amounts = {"Ada": 20_000, "Ben": 2_000, "Chloé": 15_000}
    decide(workspace, [event(f"p-{who}", "purchase", who, amount_minor=amount) for who, amount in amounts.items()])
    api = Caller(secret_of(workspace))
    api.put("/members/Ben/groups", {"names": ["friends_of_the_house"]})

    def listed(query: str) -> list[str]:
        return [row["member"] for row in api.get(f"/members?program=friends&{query}").json()["items"]]

    assert listed("group=regulars") == ["Ada", "Chloé"]
    assert listed("group=regulars&limit=1") == ["Ada"]
    assert listed("group=friends_of_the_house") == ["Ben"]
    assert api.get("/members?program=friends&group=none").status_code == 404
    assert api.get("/members?program=none&group=regulars").status_code == 404
    assert api.get("/members?group=regulars").status_code == 422


def test_a_code_that_is_somebody_elses_is_told_and_nothing_is_changed(api: Caller) -> None:
    assert api.put("/members/Ada", {"codes": ["COFFEE"]}).status_code == 200
    taken = api.put("/members/Dario", {"codes": ["Coffee", "tea"], "tags": ["vip"]})
    assert (taken.status_code, taken.json()["type"]) == (409, "urn:sayso:problem:code-taken")
    assert "'Coffee'" in taken.json()["detail"]
    assert api.get("/members/Dario").status_code == 404
    assert api.put("/members/Dario", {"codes": ["tea"]}).status_code == 200
    assert api.put("/members/Ada", {"codes": ["coffee"]}).status_code == 200, "her own, written otherwise"


def test_a_contact_that_was_handed_in_is_reached_by_staff(api: Caller) -> None:
    code = api.post("/codes", {"member": "Ada"}).json()["code"]
    said = {"name": "Eva Ruiz", "company": "Harbour", "message": "A new machine", "first_name": "Eva"}
    lead = {"friend": "lead-1", "code": code, "email": "eva@example.com", "phone": "+34 600 000 000", "known": said}
    assert api.post("/leads", lead).status_code == 201
    assert api.get("/members/lead-1/contact").json() == {
        "member": "lead-1", "name": "Eva Ruiz", "email": "eva@example.com", "phone": "+34600000000",
        "company": "Harbour", "message": "A new machine",
    }  # fmt: skip
    api.delete("/members/lead-1")
    assert api.get("/members/lead-1/contact").status_code == 404


def test_a_key_that_only_reads_sees_no_address() -> None:
    workspace = open_bluebell(FRIENDS)
    decide(workspace, ada_recommends_ben())
    assert Caller(secret_of(workspace, "read")).get("/members/Ada/contact").status_code == 403
