"""Receiving: a good event becomes an arrival; a bad one is told everything that is wrong with it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.core.engine.events import Arrival
from sayso.core.program.calendar import datetime_of
from sayso.core.program.problems import Problem
from sayso.domains.events.fingerprint import fingerprint
from sayso.domains.events.receive import receive

BASKET: dict[str, Any] = {
    "id": "b-1", "type": "purchase", "member": "900", "occurred_at": "2017-01-01T11:53:26Z", "amount_minor": 1240,
    "currency": "USD", "referral_code": None, "refers_to": None, "props": {"store": "330"},
}  # fmt: skip
NOON = 1_483_271_606_000_000


def received(**changes: Any) -> Arrival | list[Problem]:
    return receive({**BASKET, **changes}, source="till", latest=NOON)


def arrived(**changes: Any) -> Arrival:
    found = received(**changes)
    assert isinstance(found, Arrival), found
    return found


def test_a_basket_arrives() -> None:
    assert arrived() == Arrival("till", "b-1", "purchase", "900", NOON, 1240, "USD", props={"store": "330"})
    assert datetime_of(arrived(occurred_at="2017-01-01T06:53:26-05:00").occurred_at) == datetime_of(NOON)
    assert arrived(amount_minor=0).amount_minor == 0
    assert arrived(amount_minor=None, currency=None, props=None).props == {}


WRONG = [
    ({"amont_minor": 5}, "amont_minor", "amount_minor"),
    ({"id": None}, "id", ""),
    ({"id": 5}, "id", '"5"'),
    ({"id": "x" * 201}, "id", ""),
    ({"id": "a\0b"}, "id", ""),
    ({"id": "a\ud800"}, "id", ""),
    ({"member": ""}, "member", ""),
    ({"member": ["900"]}, "member", "\"['900']\""),
    ({"member": "erased-131072"}, "member", ""),
    ({"member": "erased-131072", "type": "member_updated", "props": {"email": "ada@example.com"}}, "member", ""),
    ({"type": "Purchase!"}, "type", "purchase"),
    ({"type": "timer"}, "type", ""),
    ({"type": "program_published"}, "type", ""),
    ({"type": "clock_moved"}, "type", ""),
    ({"occurred_at": "yesterday"}, "occurred_at", "2027-01-31T11:53:26Z"),
    ({"occurred_at": "2017-01-01T11:53:26"}, "occurred_at", "2027-01-31T11:53:26Z"),
    ({"occurred_at": 1483271606}, "occurred_at", "2027-01-31T11:53:26Z"),
    ({"occurred_at": "2017-01-01T12:53:26Z"}, "occurred_at", ""),
    ({"occurred_at": "1969-12-31T23:59:59Z"}, "occurred_at", ""),
    ({"occurred_at": "0001-01-01T00:00:00+23:59"}, "occurred_at", ""),
    ({"amount_minor": -1}, "amount_minor", ""),
    ({"amount_minor": 10**13 + 1}, "amount_minor", ""),
    ({"amount_minor": 12.5}, "amount_minor", "1240"),
    ({"amount_minor": True}, "amount_minor", "1240"),
    ({"amount_minor": "1240"}, "amount_minor", "1240"),
    ({"currency": "usd"}, "currency", "EUR"),
    ({"currency": None}, "currency", "EUR"),
    ({"referral_code": 7}, "referral_code", '"7"'),
    ({"props": [1]}, "props", ""),
    ({"props": {"a": "x" * 17_000}}, "props", ""),
    ({"props": {"a": [[[[[[[[1]]]]]]]]}}, "props", ""),
    ({"props": {"a": "\0"}}, "props", ""),
    ({"props": {"a\0": 1}}, "props", ""),
    ({"props": {"a": "\ud800"}}, "props", ""),
    ({"props": {"a": 10**30}}, "props", ""),
    ({"props": {"a": float("nan")}}, "props", ""),
    ({"props": {"a": object()}}, "props", ""),
    ({"props": {"touches": "C-1"}}, "props.touches", ""),
    ({"props": {"touches": [{"code": "C-1"}]}}, "props.touches", ""),
    ({"props": {"touches": [{"code": "C-1", "at": "2017-01-01T11:53:26Z"}] * 51}}, "props.touches", ""),
    ({"props": {"attributes": []}}, "props.attributes", ""),
    ({"props": {"email": "ada"}}, "props.email", "ada@example.com"),
    ({"props": {"phone": "600"}}, "props.phone", "+34 600 000 000"),
    ({"props": {"device": 5}}, "props.device", ""),
]


@pytest.mark.parametrize(("changes", "path", "instead"), WRONG)
def test_what_is_wrong_is_told_with_its_place(changes: dict[str, Any], path: str, instead: str) -> None:
    found = received(**changes)
    assert isinstance(found, list)
    assert [(problem.path, problem.instead) for problem in found] == [(path, instead)]
    assert found[0].message


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = receive({"id": 1, "amount_minor": -5, "colour": "red"}, source="till", latest=None)
    assert isinstance(found, list)
    assert [problem.path for problem in found] == [
        "type",
        "id",
        "member",
        "occurred_at",
        "amount_minor",
        "currency",
        "colour",
    ]
    assert isinstance(receive([1], source="till", latest=None), list)


OWN = [
    (
        "rate_set",
        {"from": "USD", "to": "EUR", "rate": "0.92"},
        "rate",
        ["-1", "0", "1_0.5", "-0.5", "1e3", "", None, "٣"],
    ),
    ("rate_set", {"from": "USD", "to": "EUR", "rate": 0.92}, "from", ["usd", 5, None]),
    ("survey_answered", {"score": 9}, "score", ["9", 9.5, True, [9]]),
    ("member_updated", {"language": "es", "country": "ES", "tags": ["vip"]}, "language", [7, ["es"]]),
    ("member_updated", {}, "country", [{"code": "ES"}, 34]),
    ("member_updated", {}, "tags", [[7], [{}]]),
    ("member_merged", {"other": "Ben"}, "other", [None, 5]),
    ("points_spent", {"points": 5}, "points", [None, 0, -5, "5", True]),
    ("points_moved_in", {"unit": "stars", "amount": 5}, "amount", [None, 0, -5, "5", 5.5]),
    ("points_moved_in", {"unit": "stars", "amount": 5}, "expires_at", ["2027-01-01", -1, 2**63 - 1]),
    ("referral_attributed", {"advocate": "Ada"}, "advocate", [None, ["Ada"]]),
    (
        "referral_moved_in",
        {"advocate": "Ada", "program": "friends"},
        "steps",
        [[], {"joined": "soon"}, {"joined": 10**18}, {"joined": "9999-12-31T23:00:00-09:00"}],
    ),
    ("program_paused", {"program": "friends"}, "program", [None, 5]),
    ("reward_denied", {"reward": 65537}, "reward", [True, -1, "65537"]),
    ("reward_chosen", {"clause": "thanks", "choice": "gift"}, "choice", [None, -1, True, {}]),
    ("reward_granted", {"program": "f", "give": {"points": 5}, "reason": "r", "by": "Eva"}, "give", [None, "5", 5]),
]


@pytest.mark.parametrize(("kind", "good", "name", "wrong"), OWN)
def test_types_that_mean_something_have_their_shape(kind: str, good: Any, name: str, wrong: list[Any]) -> None:
    assert arrived(type=kind, props=good).props == good
    for value in wrong:
        found = received(type=kind, props={**good, name: value})
        assert isinstance(found, list), value
        assert [problem.path for problem in found] == [f"props.{name}"]
    assert arrived(type="visited", props={name: wrong[-1]}).props == {name: wrong[-1]}


def test_nobody_sends_in_the_name_of_sayso() -> None:
    found = receive(BASKET, source="sayso", latest=NOON)
    assert isinstance(found, list)
    assert [problem.path for problem in found] == ["source"]


def test_a_name_that_only_looks_like_that_of_an_erased_member_is_the_company_s() -> None:
    assert [arrived(member=name).ref for name in ("erased-", "erased-b7", "7-erased-7")] == [
        "erased-",
        "erased-b7",
        "7-erased-7",
    ]


def test_a_test_workspace_takes_any_moment_and_a_live_one_five_minutes_ahead() -> None:
    later = {**BASKET, "occurred_at": "2099-01-01T00:00:00Z"}
    assert isinstance(receive(later, source="till", latest=None), Arrival)
    last = receive({**later, "occurred_at": "9999-12-31T23:59:59Z"}, source="till", latest=None)
    assert isinstance(last, list)
    assert last[0].message == "occurred_at lies after the year 8999."
    assert isinstance(received(occurred_at="2017-01-01T11:58:26Z"), Arrival)


def test_deep_and_braced_texts_are_not_mistaken_for_depth() -> None:
    assert arrived(props={"a": "{[{[{[{[{[", "b": [[[[[[[1]]]]]]], "c": "\\u0000"}).props["b"] == [[[[[[[1]]]]]]]


@pytest.mark.parametrize("depth", [9, 400, 900])
def test_props_that_are_nested_too_deep_are_refused_however_deep(depth: int) -> None:
    for text in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
        problems = received(props={"a": json.loads(text)})
        assert [each.path for each in problems] == ["props"]  # type: ignore[union-attr]


def test_identities_are_read_in_one_form() -> None:
    props = {"email": "Ben.X+shop@GoogleMail.com", "phone": "600 000 000", "country": "ES", "device": "d-1"}
    arrival = arrived(props=props)
    assert arrival.identities == (
        ("email", "ben.x+shop@googlemail.com"), ("mailbox", "benx@gmail.com"), ("phone", "+34600000000"),
        ("device", "d-1"),
    )  # fmt: skip
    assert arrival.props == props


def test_a_disposable_mailbox_is_marked_whatever_the_sender_says() -> None:
    assert arrived(props={"email": "ben@mailinator.com"}).props["email_disposable"] is True
    assert arrived(props={"email": "ben@example.com", "email_disposable": True}).props["email_disposable"] is False


def test_the_fingerprint_is_of_what_was_sent() -> None:
    one = arrived(props={"email": "ben@mailinator.com", "store": "1"})
    other = arrived(props={"store": "1", "email": "ben@mailinator.com", "email_disposable": False})
    assert fingerprint(one) == fingerprint(other)
    changes: list[dict[str, Any]] = [{}, {"amount_minor": 1}, {"props": {}}, {"member": "1"}]
    assert len({fingerprint(arrived(**change)) for change in changes}) == 4


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_nothing_that_is_sent_breaks_the_receiving(raw: Any) -> None:
    for each in (raw, {**BASKET, "props": raw}, {**BASKET, "id": raw}, {**BASKET, "occurred_at": raw}):
        found = receive(each, source="till", latest=None)
        assert isinstance(found, Arrival) or all(isinstance(problem, Problem) for problem in found)
