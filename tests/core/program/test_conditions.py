"""Conditions: what is read, what is refused and with which advice, and why one is not met."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from sayso.core.program.calendar import Calendar, moment_of
from sayso.core.program.conditions import Condition, ConditionError, parse_condition
from sayso.core.program.tree import All, AnyOf, Compare, Flag, Name, Node, Value
from sayso.core.program.vocabulary import Vocabulary

VOCABULARY = Vocabulary.build(
    currency="EUR",
    facts={"orders_90d": "whole", "spent_year": "money"},
    attributes={"vip": "bool", "born": "date", "ratio": "decimal"},
    steps=["signed_up"],
)
ORDERS = Name("member", "orders_90d", "whole")
AMOUNT = Name("event", "amount", "money")
TAGS = Name("member", "tags", "tags")
NEW = Name("friend", "is_new", "bool")
BERLIN = Calendar("Europe/Berlin")
TODAY = 740_000


def tree(text: str) -> Node:
    return parse_condition(text, VOCABULARY).tree


def resolve(name: Name) -> Callable[[Any], object]:
    return lambda scope: scope.get(name.path)


def met(text: str, **scope: object) -> bool:
    condition = parse_condition(text, VOCABULARY)
    seen = {key.replace("__", "."): value for key, value in scope.items()}
    decide = condition.compile(resolve, today=lambda _: TODAY, day_of=BERLIN.day)
    failure = condition.explain_failure(resolve, seen, today=lambda _: TODAY, day_of=BERLIN.day)
    assert decide(seen) is (failure is None)
    return decide(seen)


def failure(text: str, **scope: object) -> tuple[int, object, str | None]:
    condition: Condition = parse_condition(text, VOCABULARY)
    seen = {key.replace("__", "."): value for key, value in scope.items()}
    found = condition.explain_failure(resolve, seen, today=lambda _: TODAY, day_of=BERLIN.day)
    assert found is not None
    return found.leaf, found.seen, found.missing.path if found.missing else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'member.orders_90d >= 1 and "staff" not in member.tags',
            All((Compare(">=", ORDERS, Value(1, "whole")), Compare("not in", Value("staff", "text"), TAGS))),
        ),
        ("friend.is_new", Flag(NEW, True)),
        ("not friend.is_new", Flag(NEW, False)),
        ("friend.is_new == False", Flag(NEW, False)),
        ("event.amount >= 20", Compare(">=", AMOUNT, Value(2000, "money"))),
        ('event.amount >= "20 EUR"', Compare(">=", AMOUNT, Value(2000, "money"))),
        ("event.amount >= 0.005", Compare(">=", AMOUNT, Value(Decimal("0.5"), "money"))),
        ("event.amount in (20, 2.50)", Compare("in", AMOUNT, Value((2000, 250), "money"))),
        ("event.score >= 9", Compare(">=", Name("event", "score", "decimal"), Value(9, "whole"))),
        ('event.store == "330"', Compare("==", Name("event", "store", "text"), Value("330", "text"))),
        ("event.gift", Flag(Name("event", "gift", "bool"), True)),
        (
            'member.born == "2027-01-31"',
            Compare("==", Name("member", "born", "date"), Value(740_012, "date")),
        ),
        (
            "not (1 <= member.orders_90d < 5)",
            AnyOf((Compare(">", Value(1, "whole"), ORDERS), Compare(">=", ORDERS, Value(5, "whole")))),
        ),
        (
            'not (friend.is_new or "staff" in member.tags)',
            All((Flag(NEW, False), Compare("not in", Value("staff", "text"), TAGS))),
        ),
        ("member.orders_90d > 2 * 3 - 1", Compare(">", ORDERS, Value(5, "whole"))),
    ],
)
def test_conditions_become_trees_in_negation_normal_form(text: str, expected: Node) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "offset", "words", "instead"),
    [
        ("member.order_90d >= 1", 0, "no member.order_90d", "member.orders_90d"),
        ("orders_90d >= 1", 0, "whose orders_90d", "member.orders_90d"),
        ("frend.is_new", 0, "about frend", "friend.is_new"),
        ('member.tags == "vip"', 0, "list of tags", '"vip" in member.tags'),
        ("member.orders_90d", 0, "compared with", "member.orders_90d >= 1"),
        ('event.amount >= "20 USD"', 16, "another currency", '"20 EUR"'),
        ('event.amount >= "much"', 16, "not an amount", '20 or "20 EUR"'),
        ("event.amount = 20", 13, "equals sign", "=="),
        ("friend.is_new && member.vip", 14, "joined by words", "and"),
        ("friend.is_new AND member.vip", 14, "written small", "and"),
        ("!friend.is_new", 0, "Negation", "not"),
        ("member.country == NL", 18, "whose NL", '"NL"'),
        ("member.vip == true", 14, "whose true", "True"),
        ("member.country == 3", 0, "cannot be compared", '"3"'),
        ('member.orders_90d >= "3"', 0, "cannot be compared", "3"),
        ('member.born >= "last year"', 15, "not a date", '"2027-01-31" or "2027-01-31T09:00:00Z"'),
        ("member.joined - member.born > 3", 0, "joined by -", "days_since(…)"),
        ("day_since(member.joined) > 3", 0, "no function", "days_since(…)"),
        ("1 < 2", 0, "always the same", ""),
        ("event.a == event.b", 0, "what kind", ""),
        ('"staff', 0, "does not end", ""),
        ("(member.vip", 0, "bracket", ""),
        ('__import__("os").system("x")', 0, "no function", ""),
        ("[x for x in y]", 0, "no place", ""),
        ("lambda: 1", 0, "no place", ""),
        ("member.vip.x", 0, "no place", ""),
        ("event.amount >= 20 # big", 19, "comment", ""),
        ('member.country == "\\x41"', 19, "backslash", ""),
        ("member.points / 0 > 1 and 1 / 0 < member.points", 26, "divided by zero", ""),
        ("event.amount in ()", 16, "empty", ""),
        ("   ", 0, "empty", ""),
        ('"日本" == member.countryy', 8, "no member.countryy", "member.country"),
        ("member.spent_year >= member.orders_90d", 0, "cannot be compared", ""),
        ("member.points > 99999999999999999999", 16, "larger", ""),
        ("member.country > member.tier", 0, "Only numbers", "== or !="),
    ],
)
def test_what_is_no_condition_says_where_and_what_to_write(text: str, offset: int, words: str, instead: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition(text, VOCABULARY)
    problem = caught.value.problems[0]
    assert (problem.offset, problem.instead) == (offset, instead)
    assert words in problem.message


def test_all_problems_of_a_condition_are_told_at_once() -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition('orders_90d >= 1 and frend.is_new and event.amount >= "20 USD"', VOCABULARY)
    assert [problem.offset for problem in caught.value.problems] == [0, 20, 53]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 33 + "friend.is_new" + ")" * 33,
        "not " * 250 + "friend.is_new",
        " and ".join(["friend.is_new"] * 60),
        "friend.is_new" + " " * 2000,
        "-" * 150 + "1 < member.points" + "-" * 150 + "1",
        "friend.is_new\x00",
        "friend.is\u200bnew",
        "\ud800",
        "f'{member.vip}'",
        "member.vip if member.vip else member.vip",
        "(x := member.vip)",
        "member.tags[0]",
        "member.points ** 9 ** 9 > 1",
        "member.points > 1e400",
        "1j < member.points",
        "member.country == b'NL'",
        "9" * 1999,
    ],
)
def test_bounds_hold(text: str) -> None:
    with pytest.raises(ConditionError):
        parse_condition(text, VOCABULARY)


def test_only_the_roles_of_the_place_may_be_named() -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition("friend.is_new", VOCABULARY.within({"member", "event"}))
    assert "only about event, member" in caught.value.problems[0].message


def test_a_condition_knows_its_names() -> None:
    condition = parse_condition("event.amount / member.orders_90d > 3 or friend.is_new", VOCABULARY)
    assert condition.names == {AMOUNT, ORDERS, NEW}


def test_unknown_and_values_of_another_type_are_not_met_either_way() -> None:
    for value in (None, "5", 5.0, True, [5]):
        assert not met("member.orders_90d >= 1", member__orders_90d=value)
        assert not met("not member.orders_90d >= 1", member__orders_90d=value)
    assert not met("friend.is_new")
    assert not met("not friend.is_new")
    assert not met('"staff" not in member.tags')
    assert met('"staff" not in member.tags', member__tags=set())


def test_numbers_of_an_events_own_props_are_compared_as_they_are_written() -> None:
    assert met("event.score >= 8.1", event__score=8.1)
    assert met("event.score in (8, 9)", event__score=9)
    assert met("event.price * event.pieces == 0.3", event__price=0.1, event__pieces=3)
    assert not met("event.score >= 1", event__score=float("nan"))
    assert not met("event.score >= 1", event__score=True)


def test_division_is_exact_and_by_zero_unknown() -> None:
    assert met("member.points / 3 * 3 == 1", member__points=1)
    assert met("member.spent_year / member.orders_90d >= 10", member__spent_year=3000, member__orders_90d=3)
    assert not met("member.spent_year / member.orders_90d >= 10", member__spent_year=3000, member__orders_90d=0)
    assert met('event.amount > member.orders_90d * "10 EUR"', event__amount=2001, member__orders_90d=2)


def test_days_are_calendar_days_of_the_workspace() -> None:
    # SEMANTICS 9. Half past eleven at night in UTC is the next day in Berlin.
    late = moment_of(datetime(2027, 1, 30, 23, 30, tzinfo=UTC))
    assert met('member.joined == "2027-01-31"', member__joined=late)
    assert met("days_since(member.joined) == " + str(TODAY - date(2027, 1, 31).toordinal()), member__joined=late)
    assert met("days_until(member.born) == 5", member__born=TODAY + 5)
    assert met('member.joined < "2027-01-31T00:00:00Z"', member__joined=late)


def test_a_failure_names_the_leaf_and_the_value() -> None:
    text = 'member.orders_90d >= 1 and "staff" not in member.tags'
    assert failure(text, member__orders_90d=0, member__tags=()) == (0, 0, None)
    assert failure(text, member__orders_90d=3, member__tags={"staff", "vip"}) == (1, ("staff", "vip"), None)
    assert failure(text, member__tags=()) == (0, None, "member.orders_90d")
    assert failure("friend.is_new", friend__is_new=False) == (0, False, None)
    assert failure("member.points / 4 > 9", member__points=10) == (0, Decimal("2.5"), None)


def test_of_alternatives_the_nearest_fails() -> None:
    text = "member.orders_90d >= 5 and member.vip or event.amount >= 100 or friend.is_new"
    assert failure(text, member__orders_90d=1, member__vip=False, event__amount=50) == (2, 50, None)
    assert failure(text, member__orders_90d=6, member__vip=False, friend__is_new=None) == (1, False, None)


def test_each_name_is_fetched_at_most_once() -> None:
    fetched: list[str] = []

    def counting(name: Name) -> Callable[[Any], object]:
        def fetch(scope: object) -> object:
            fetched.append(name.path)
            return scope

        return fetch

    condition = parse_condition("member.points > 1 and (member.points < 5 or event.score > member.points)", VOCABULARY)
    assert condition.compile(counting, today=lambda _: TODAY, day_of=BERLIN.day)(7) is False
    assert sorted(fetched) == ["event.score", "member.points"]


@pytest.mark.parametrize("moment", [2**63 - 1, -(2**63 - 1), moment_of(datetime(9999, 12, 31, 23, tzinfo=UTC))])
def test_a_moment_beyond_the_calendar_has_no_day_and_meets_nothing(moment: int) -> None:
    for text in ("days_since(member.joined) >= 0", "days_since(member.joined) < 0", 'member.joined != "2027-01-31"'):
        assert not met(text, member__joined=moment)
    assert met("member.joined > member.born or member.joined == member.joined", member__joined=moment)
