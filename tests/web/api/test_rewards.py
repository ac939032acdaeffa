"""What people decide about rewards, over the API."""

from typing import Any

import pytest

from sayso.domains.decisions.verify import verify
from sayso.domains.events.models import Event
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, STARS, ada_recommends_ben, decide, event, open_bluebell
from tests.web.api.calling import Caller, secret_of

pytestmark = pytest.mark.django_db(transaction=True)

VOICE = """
{sayso: 1, program: voice, title: Voice, currency: EUR, budget: {amount: 500 EUR}, staff_grants: {limit: 50 EUR per month},
 points: {unit: stars, value: 0.01 EUR, earn: {shopping: {on: purchase, give: 1 per 1 EUR}}},
 rewards: {
  answered: {to: member, on: survey_answered, review: true, give: {credit: 5 EUR}},
  picked: {to: member, on: picked, give: {choice: [{gift_card: 20 EUR}, {credit: 10 EUR}]}},
  coupon: {to: member, on: coupon, give: {coupon: 10 EUR}}}}
"""  # noqa: E501


@pytest.fixture
def bluebell() -> Workspace:
    """Ada answered a survey, may pick, and has a coupon."""
    workspace = open_bluebell(VOICE)
    decide(
        workspace,
        [
            event("1", "survey_answered", "Ada"),
            event("2", "picked", "Ada"),
            event("3", "coupon", "Ada"),
            event("4", "purchase", "Ada", amount_minor=3000),
        ],
    )
    return workspace


@pytest.fixture
def api(bluebell: Workspace) -> Caller:
    """Everything may be asked."""
    return Caller(secret_of(bluebell))


def reward(api: Caller, clause: str) -> dict[str, Any]:
    """Ada's reward of a clause."""
    found = [row for row in api.get("/rewards?member=Ada").json()["items"] if row["clause"] == clause]
    assert len(found) == 1
    return dict(found[0])


def test_the_queue_is_what_is_in_review(api: Caller) -> None:
    assert [row["clause"] for row in api.get("/rewards?state=in_review").json()["items"]] == ["answered"]
    assert api.get("/rewards?state=lost").status_code == 422


def test_approving_pays_once_however_often_it_is_sent(api: Caller, bluebell: Workspace) -> None:
    path = f"/rewards/{reward(api, 'answered')['id']}/approval"
    sent = [api.post(path, {"by": "Eva"}, **{"Idempotency-Key": "a1"}) for _ in range(2)]
    assert [(each.status_code, each.json()["state"], each.json()["by"]) for each in sent] == [
        (201, "issued", "Eva")
    ] * 2
    assert api.get("/members/Ada/wallets").json()["items"][0] == {
        "unit": "EUR", "available": 500, "held": 0, "owed": 0,
    }  # fmt: skip
    late = api.post(path, {"by": "Eva"})
    assert (late.status_code, late.json()["type"]) == (409, "urn:sayso:problem:reward-not-open")
    assert Event.objects.filter(type="reward_approved").count() == 1
    assert verify(bluebell) == []


def test_a_denial_says_why(api: Caller) -> None:
    path = f"/rewards/{reward(api, 'answered')['id']}/denial"
    assert api.post(path, {}).json()["problems"][0]["path"] == "reason"
    assert api.post(path, {"reason": "Twice"}).json()["state"] == "denied"


def test_a_choice_settles_on_what_is_offered(api: Caller) -> None:
    path = f"/rewards/{reward(api, 'picked')['id']}/choice"
    assert api.post(path, {"choice": "donation"}).status_code == 422
    assert api.post(path, {"choice": 7}).status_code == 422
    assert api.post(path, {"choice": "credit"}).json()["gives"] == [{"kind": "credit", "value": 1000}]


def test_what_is_handed_over_by_hand_is_used_and_taken_back(api: Caller, bluebell: Workspace) -> None:
    path = f"/rewards/{reward(api, 'coupon')['id']}"
    assert api.post(f"{path}/redemption", {}).status_code == 409
    issued = api.post(f"{path}/issuance", {"proof": "Voucher 7"})
    assert (issued.status_code, issued.json()["state"]) == (201, "issued"), issued.content
    assert issued.json()["proof"] == "Voucher 7"
    assert api.post(f"{path}/redemption", {}).json()["state"] == "redeemed"
    assert api.post(f"{path}/reversal", {"reason": "A mistake"}).json()["state"] == "reversed"
    assert api.post(f"{path}/reversal", {"reason": "A mistake"}).status_code == 409
    assert verify(bluebell) == []


def test_staff_give_within_their_limit(api: Caller) -> None:
    body = {"member": "Ada", "program": "voice", "give": {"credit": "30 EUR"}, "reason": "Late coffee", "by": "Eva"}
    assert api.post("/rewards", body).json()["state"] == "issued"
    assert api.post("/rewards", body).json()["type"] == "urn:sayso:problem:grant-limit-reached"
    assert api.post("/rewards", {**body, "by": "Dario"}).status_code == 201


@pytest.mark.parametrize(
    ("give", "place"),
    [
        ({"credit": "30 USD"}, "give.credit"),
        ({"credit": "30 EUR", "points": 3}, "give"),
        ({"cashback": "10%"}, "give.cashback"),
        ({"gold": 1}, "give.gold"),
        ({"gift": {"en": "A mug"}}, "give.gift"),
    ],
)
def test_what_does_not_fit_the_program_is_not_given(api: Caller, give: dict[str, Any], place: str) -> None:
    body = {"member": "Ada", "program": "voice", "give": give, "reason": "Late coffee"}
    answer = api.post("/rewards", body)
    assert answer.status_code == 422
    assert place in [each["path"] for each in answer.json()["problems"]], answer.content


def test_points_are_spent_and_never_more_than_there_are(api: Caller) -> None:
    sent = {"points": 20}
    for _ in range(2):
        answer = api.post("/members/Ada/spendings", sent, **{"Idempotency-Key": "s1"})
        assert [row["available"] for row in answer.json()["items"] if row["unit"] == "stars"] == [10]
    assert api.post("/members/Ada/spendings", sent).json()["type"] == "urn:sayso:problem:not-enough"
    assert api.post("/members/Ada/spendings", {"points": -1}).status_code == 422
    assert api.post("/members/Ada/spendings", {"points": 1, "unit": "moons"}).status_code == 422


def test_a_statement_goes_page_by_page_with_its_balances(api: Caller) -> None:
    api.post("/members/Ada/spendings", {"points": 20})
    whole = api.get("/members/Ada/statement").json()
    lines: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api.get(f"/members/Ada/statement?limit=1{cursor and f'&cursor={cursor}'}").json()
        lines += page["items"]
        cursor = page["next"]
    assert lines == whole["items"]
    assert [line["balance"] for line in lines if (line["unit"], line["account"]) == ("stars", "available")] == [30, 10]


def test_why_is_told_to_staff_and_to_members(api: Caller) -> None:
    staff = api.get("/members/Ada/why").json()
    assert any(item["event"] for item in staff["items"])
    member = api.get("/members/Ada/why?audience=member&language=es").json()
    assert not any(item["event"] for item in member["items"])
    assert api.get("/members/Ada/why?clause=nothing").status_code == 404


def test_staff_attribute_and_leads_come_in() -> None:
    workspace = open_bluebell(FRIENDS)
    decide(workspace, ada_recommends_ben())
    api = Caller(secret_of(workspace))
    assert [row["friend"] for row in api.get("/referrals?member=Ada").json()["items"]] == ["Ben"]
    api.put("/members/Dario", {})
    made = api.post("/referrals", {"advocate": "Ada", "friend": "Dario", "reason": "He said so", "by": "Eva"})
    assert (made.status_code, made.json()["items"][0]["status"]) == (201, "open"), made.content
    again = api.post("/referrals", {"advocate": "Ada", "friend": "Dario", "reason": "He said so"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:sayso:problem:nothing-opened")
    assert "recommended in this program before" in again.json()["detail"]
    lead = api.post("/leads", {"friend": "Eva", "code": "ada-10", "email": "eva@example.com"})
    assert lead.json()["items"][0]["advocate"] == "Ada", lead.content
    assert api.post("/leads", {"friend": "Chloé", "code": "none"}).status_code == 404
    one = lead.json()["items"][0]
    assert api.get(f"/referrals/{one['id']}").json() == one


@pytest.mark.parametrize(
    ("units", "asked", "said"),
    [
        ([], {}, "No program of bluebell gives points."),
        (["stars"], {"unit": "stras"}, "No program counts in 'stras', only in stars."),
        (["stars", "beans"], {}, "Name the unit: beans or stars."),
    ],
)
def test_points_that_are_not_clear_are_named_and_that_they_were_asked_for_stands_in_the_log(
    units: list[str], asked: dict[str, str], said: str
) -> None:
    workspace = open_bluebell(*(STARS.replace("stars", unit) for unit in units))
    decide(workspace, [event("1", "signup", "Ada")])
    refused = Caller(secret_of(workspace)).post("/members/Ada/spendings", {"points": 5, **asked})
    assert (refused.status_code, refused.json()["detail"]) == (422, said)
    assert Event.objects.filter(type="points_spent").count() == 1


def test_a_workspace_that_gives_credit_alone_says_under_which_unit_it_is_spent() -> None:
    workspace = open_bluebell(
        "{sayso: 1, program: thanks, title: Thanks, currency: EUR, budget: {amount: 50 EUR},"
        " rewards: {thanks: {to: member, on: purchase, give: {credit: 5 EUR}}}}"
    )
    decide(workspace, [event("1", "purchase", "Ada", amount_minor=100)])
    api = Caller(secret_of(workspace))
    said = "No program of bluebell gives points; credit is spent under the unit EUR."
    assert api.post("/members/Ada/spendings", {"points": 5}).json()["detail"] == said
    assert api.post("/members/Ada/spendings", {"points": 501, "unit": "EUR"}).status_code == 409
    assert api.post("/members/Ada/spendings", {"points": 500, "unit": "EUR"}).status_code == 201
