"""A mapping says where things stand in a message, and nothing of it is run."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from sayso.domains.connectors.incoming.mapping import MappingNotUsable, check_mapping
from sayso.domains.connectors.incoming.translate import Made, Message, NotReadable, read_body, translate
from tests.domains.connectors.incoming.messages import CHECKOUT, CHECKOUT_MAPPING, NOW, body_of


def made(mapping: Any, content: Any, **headers: str) -> list[Made]:
    """What a mapping makes of a message."""
    message = Message("msg_1", read_body(body_of(content)), headers, NOW)
    return translate(check_mapping(mapping), message)


def one_rule(when: dict[str, Any], **event: Any) -> dict[str, Any]:
    """A mapping of one rule."""
    return {"rules": {"only": {"when": when, "event": {"type": "visit", "member": "Ada", **event}}}}


def test_a_checkout_becomes_a_purchase() -> None:
    (one,) = made(CHECKOUT_MAPPING, CHECKOUT)
    assert not one.problems
    assert one.event == {
        "type": "purchase",
        "id": "order-7",
        "member": "Ben",
        "occurred_at": "2027-01-10T11:59:00+00:00",
        "amount_minor": 2590,
        "currency": "EUR",
        "props": {"channel": "web", "order": 7},
    }


def test_what_no_rule_is_for_makes_nothing() -> None:
    assert made(CHECKOUT_MAPPING, {**CHECKOUT, "type": "invoice.paid"}) == []
    assert made(CHECKOUT_MAPPING, {**CHECKOUT, "data": {"object": {"customer": None}}}) == []


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"a.b": 1}, True),
        ({"a.b": True}, False),
        ({"a.b": "1"}, False),
        ({"a.b": [2, 1]}, True),
        ({"list.1": "y"}, True),
        ({"list.2": {"exists": False}}, True),
        ({"list.-1": {"exists": True}}, False),
        ({"nothing": {"exists": False}}, True),
        ({"nothing.at.all": {"exists": True}}, False),
        ({"header:X-Topic": "orders/paid"}, True),
        ({"header:x-topic": "orders/made"}, False),
        ({}, True),
        ({"a.b": 1, "list.0": "y"}, False),
    ],
)
def test_conditions_are_equalities(when: dict[str, Any], holds: bool) -> None:
    content = {"a": {"b": 1}, "list": ["x", "y"], "nothing": None}
    assert bool(made(one_rule(when), content, **{"x-topic": "orders/paid"})) is holds


@pytest.mark.parametrize(
    ("major", "currency", "minor"),
    [("12.40", "EUR", 1240), (12.4, "eur", 1240), (1240, "JPY", 1240), ("0.123", "KWD", 123), (8.95, "EUR", 895)],
)
def test_whole_units_become_minor_ones_exactly(major: Any, currency: str, minor: int) -> None:
    mapping = one_rule({}, amount_major={"path": "total"}, currency={"path": "currency"})
    (one,) = made(mapping, {"total": major, "currency": currency})
    assert (one.event["amount_minor"], one.problems) == (minor, [])


@pytest.mark.parametrize("total", ["12.345", "twelve", True, {}, "1e999999999", "NaN", 10**40, "1_000", "٣"])
def test_what_is_no_amount_is_a_problem_with_its_field(total: Any) -> None:
    mapping = one_rule({}, amount_major={"path": "total"}, currency="EUR")
    (one,) = made(mapping, {"total": total})
    assert [each.path for each in one.problems] == ["amount_minor"]


def test_defaults_prefixes_and_names_with_dots() -> None:
    picked = {"path": ["a.b", 0], "prefix": "p-"}
    (one,) = made(one_rule({}, id=picked, props={"x": {"path": "no", "or": 5}, "y": {"path": "no"}}), {"a.b": [3]})
    assert (one.event["id"], one.event["props"]) == ("p-3", {"x": 5})


def test_an_event_without_an_id_of_its_own_is_named_by_its_message_and_rule() -> None:
    (one,) = made(one_rule({}), {})
    assert one.event["id"] == "msg_1/only"
    assert one.event["occurred_at"] == "2027-01-10T12:00:00+00:00"


def test_several_rules_make_several_events() -> None:
    rules = {name: one_rule({})["rules"]["only"] for name in ("one", "two")}
    assert [each.event["id"] for each in made({"rules": rules}, {})] == ["msg_1/one", "msg_1/two"]


def test_exact_decimals_become_plain_numbers_in_props() -> None:
    (one,) = made(one_rule({}, props={"x": {"path": "x"}}), {"x": [1.5, {"y": 2.0}]})
    assert one.event["props"]["x"] == [1.5, {"y": 2}]
    assert not isinstance(one.event["props"]["x"][0], Decimal)


def test_what_is_nested_too_deep_is_a_problem_with_its_field() -> None:
    (one,) = made(one_rule({}, props={"x": {"path": "a"}}), {"a": json.loads("[" * 700 + "]" * 700)})
    assert [each.path for each in one.problems] == ["props.x"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a": NaN}', b"9" * 10_000, b"1e" + b"9" * 30])
def test_what_is_no_json_is_not_readable(body: bytes) -> None:
    with pytest.raises(NotReadable):
        read_body(body)


@pytest.mark.parametrize(
    ("mapping", "path"),
    [
        ([], ""),
        ({"rules": {}}, "rules"),
        ({"rules": {"a": {"when": {}}}}, "rules.a.event"),
        (one_rule({}, colour="red"), "rules.only.event.colour"),
        (one_rule({}, type="Visit"), "rules.only.event"),
        (one_rule({}, type="reward_granted"), "rules.only.event"),
        (one_rule({}, type="member_erased"), "rules.only.event"),
        (one_rule({}, type="program_published"), "rules.only.event"),
        (one_rule({}, amount_minor=5), "rules.only.event"),
        (one_rule({}, amount_minor=5, amount_major=5, currency="EUR"), "rules.only.event"),
        (one_rule({}, id={"path": "a", "as": "python"}), "rules.only.event.id.Pick.as"),
        (one_rule({"a": {"regex": ".*"}}), "rules.only.when.a"),
        ({"rules": {str(number): one_rule({})["rules"]["only"] for number in range(51)}}, "rules"),
    ],
)
def test_what_is_no_mapping_is_refused_with_the_place(mapping: Any, path: str) -> None:
    with pytest.raises(MappingNotUsable) as refused:
        check_mapping(mapping)
    assert any(each.path.startswith(path) for each in refused.value.problems)
