"""Every route opens to the keys that it names, and to no others: made from the routes themselves."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from ninja.operation import Operation

from sayso.domains.people.models import Member
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.keys import PUBLIC_SCOPES, SECRET_SCOPES, forget_recognised
from sayso.domains.workspaces.models import Workspace
from sayso.web.api.access import Gate
from sayso.web.api.api import api
from sayso.web.api.routes import GATE
from tests.domains.cast import FRIENDS, open_bluebell
from tests.web.api.calling import Caller, secret_of
from tests.web.api.company import MAPPING, Company, open_company

pytestmark = pytest.mark.django_db(transaction=True)

# Routes that a key in a web page opens. Everything else would read or pay.
PUBLIC = {"post_code", "post_identification", "post_link"}
# What a route asks for besides its scope, in a body that is right but for what it names.
BODIES: dict[str, Any] = {
    "post_event": {"id": "1", "type": "purchase", "member": "Ada", "occurred_at": "2027-01-10T12:00:00Z"},
    "put_member": {"country": "ES"},
    "put_tags": {"names": []},
    "put_groups": {"names": []},
    "post_merge": {"other": "Ben"},
    "post_denial": {"reason": "No"},
    "post_reversal": {"reason": "No"},
    "post_choice": {"choice": 0},
    "post_issuance": {"proof": "Voucher"},
    "post_reward": {"member": "Ada", "program": "friends", "give": {"credit": "1 EUR"}, "reason": "Late"},
    "post_spending": {"points": 1},
    "post_referral": {"advocate": "Ada", "friend": "Ben", "reason": "Said so"},
    "post_lead": {"friend": "Ben", "code": "ada-10"},
    "post_code": {"member": "Ada"},
    "post_link": {"program": "friends", "channel": "whatsapp"},
    "post_invitation": {"member": "Ada", "email": "ben@bluebell.example"},
    "post_identification": {"member": "Ada"},
    "post_version": {"document": FRIENDS},
    "put_endpoint": {"url": "https://bluebell.example/sayso"},
    "post_secret": {},
    "post_deliveries_replay": {"since": "2027-01-01T00:00:00Z"},
    "put_mapping": {"mapping": MAPPING},
    "put_source_secret": {"secret": "another-secret-of-theirs"},
    "post_trial": {"body": {}},
    "put_provider": {"way": "by_hand"},
    "post_codes": {"codes": ["A-1"]},
    "put_mail_kind": {"on": False},
    "put_brand": {"name": "Bluebell Coffee"},
    "put_consent_texts": {"texts": {"en": "May we write to you?"}},
}
# What is named there becomes known, or is the asker's own to name.
MAKES_NEW = {
    "put_member", "put_tags", "put_groups", "post_identification", "post_event", "post_version", "put_provider",
    "post_codes", "put_brand", "put_consent_texts", "put_mail_kind",
}  # fmt: skip


def routes() -> Iterator[tuple[str, Operation]]:
    """Every route with its path."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield path, operation


def gate_of(operation: Operation) -> Gate:
    """The gate before a route."""
    gate = getattr(operation.view_func, GATE)
    assert isinstance(gate, Gate)
    return gate


@pytest.fixture
def bluebell() -> Company:
    """Ada recommended Ben."""
    forget_recognised()
    return open_company()


def ask(company: Company, secret: str, path: str, operation: Operation, *, more: dict[str, Any] | None = None) -> Any:
    """Ask a route about what a company has."""
    filled = re.sub(r"{(?:[a-z]+:)?(\w+)}", lambda found: company.names[found[1]], path)
    method = operation.methods[0]
    body = {**BODIES.get(str(operation.operation_id), {}), **(more or {})}
    return Caller(secret)(method, filled, None if method in ("GET", "DELETE") else body)


@pytest.fixture
def rival() -> Workspace:
    """Another company, which knows nobody of Bluebell's."""
    return open_bluebell(name="rival")


def test_every_route_has_a_gate_that_opens_to_some_scope() -> None:
    known = {*SECRET_SCOPES, *PUBLIC_SCOPES}
    assert [path for path, each in routes() if not gate_of(each).scopes or set(gate_of(each).scopes) - known] == []
    open_anyway = [str(each.operation_id) for _, each in routes() if not each.auth_callbacks]
    assert open_anyway == ["post_event"]  # it has its gate in `web.api.intake`, for the front door too


@pytest.mark.parametrize("secret", ["", "sk_test_" + "a" * 43, "Basic"])
def test_without_a_key_nothing_opens(bluebell: Company, secret: str) -> None:
    got = {str(each.operation_id): ask(bluebell, secret, path, each).status_code for path, each in routes()}
    assert {name: status for name, status in got.items() if status != 401} == {}


def test_another_scope_does_not_open(bluebell: Company) -> None:
    opened = []
    for scope in SECRET_SCOPES:
        secret = secret_of(bluebell.workspace, scope)
        for path, each in routes():
            if scope not in gate_of(each).scopes and ask(bluebell, secret, path, each).status_code != 403:
                opened.append((scope, each.operation_id))
    assert opened == []


def test_a_public_key_opens_nothing_that_reads_or_pays(bluebell: Company) -> None:
    secret = secret_of(bluebell.workspace, public=True)
    opened = {str(each.operation_id) for path, each in routes() if ask(bluebell, secret, path, each).status_code != 403}
    assert opened == PUBLIC


def asked_about(company: Company, secret: str, member: str) -> dict[str, Any]:
    """What each route that a public key opens answers about a member, by the route's name."""
    known = Company(company.workspace, {**company.names, "member": member})
    found = {}
    for path, each in routes():
        if (name := str(each.operation_id)) in PUBLIC:
            more = {"member": member} if "member" in BODIES[name] else None
            found[name] = ask(known, secret, path, each, more=more)
    return found


def test_with_an_id_a_public_key_learns_nothing(bluebell: Company) -> None:
    secret = secret_of(bluebell.workspace, public=True)
    adas, nobodys = (public_id("mem", number) for number in (Member.objects.get(ref="Ada").id, 1))
    for answers in (asked_about(bluebell, secret, adas), asked_about(bluebell, secret, adas.lower())):
        assert {name: each.status_code for name, each in answers.items()} == dict.fromkeys(PUBLIC, 404)
        assert [name for name, each in answers.items() if "ada" in each.content.decode().lower()] == []
    one, other = asked_about(bluebell, secret, adas), asked_about(bluebell, secret, nobodys)
    for name in PUBLIC:
        assert one[name].json()["detail"].replace(adas, nobodys) == other[name].json()["detail"]
    assert {each.status_code for each in asked_about(bluebell, secret, "Ada").values()} == {201}


def test_a_public_key_is_told_no_other_name_than_it_sent(bluebell: Company) -> None:
    secret, till = secret_of(bluebell.workspace, public=True), Caller(secret_of(bluebell.workspace))
    assert till.put("/members/Eva", {}).status_code == 200
    assert till.post("/members/Ada/merges", {"other": "Eva"}).status_code == 201
    told = {name: each.json()["member"] for name, each in asked_about(bluebell, secret, "Eva").items()}
    assert told == dict.fromkeys(PUBLIC, "Eva")
    assert till.post("/members/Ada/bans", {"reason": "Twice"}).status_code == 201
    answers = asked_about(bluebell, secret, "Eva")
    assert answers["post_link"].status_code == 409
    assert [name for name, each in answers.items() if "Ada" in each.content.decode()] == []


def test_nothing_of_another_company_is_found(bluebell: Company, rival: Workspace) -> None:
    secret = secret_of(rival)
    found = []
    for path, each in routes():
        names_something = "{" in path or str(each.operation_id) in BODIES
        if names_something and str(each.operation_id) not in MAKES_NEW:
            answer = ask(bluebell, secret, path, each)
            if answer.status_code != 404:
                found.append((each.operation_id, answer.status_code, answer.content[:200]))
    assert found == []


def test_lists_hold_nothing_of_another_company(rival: Workspace, bluebell: Company) -> None:
    secret = secret_of(rival)
    for path, each in routes():
        if each.methods == ["GET"] and "{" not in path and str(each.operation_id) not in ("get_keys", "get_clock"):
            items = ask(bluebell, secret, path, each).json().get("items", [])
            assert items == [], path


def test_only_the_fields_that_are_listed_are_taken(bluebell: Company) -> None:
    secret = secret_of(bluebell.workspace)
    taken = []
    for path, each in routes():
        if any(model.__ninja_param_source__ == "body" for model in each.models):
            for name in ("workspace", "workspace_id", "id", "state", "status", "cost_minor", "position"):
                answer = ask(bluebell, secret, path, each, more={name: 1})
                if answer.status_code != 422 or name not in [every["path"] for every in answer.json()["problems"]]:
                    taken.append((each.operation_id, name, answer.status_code))
    assert taken == []
