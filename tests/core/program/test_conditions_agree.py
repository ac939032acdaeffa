"""The code of a condition, its explanation and a naive reading of its tree decide alike."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sayso.core.program.condition_code import compile_tree
from sayso.core.program.condition_failure import failure_of
from sayso.core.program.tree import All, AnyOf, Arithmetic, Call, Compare, Flag, Name, Node, Term, Value, leaves

DAY = 86_400_000_000
TODAY = 20_000
TYPES = {"whole": "points", "decimal": "ratio", "money": "spent", "date": "born", "moment": "joined", "text": "country"}


def name(kind: str) -> st.SearchStrategy[Name]:
    fields = st.sampled_from([TYPES[kind], f"other_{TYPES[kind]}"])
    return st.builds(Name, st.just("member"), fields, st.just(kind))


def arithmetic(operand: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    return st.builds(Arithmetic, st.sampled_from(["+", "-", "*", "/"]), operand, operand, st.just("decimal"))


small = st.integers(-3, 3)
tenths = small.map(lambda number: Decimal(number) / 10)
numbers = st.one_of(
    name("whole"),
    name("decimal"),
    name("money"),
    st.builds(Value, small, st.just("whole")),
    st.builds(Value, tenths, st.just("decimal")),
    st.builds(
        Call, st.sampled_from(["days_since", "days_until"]), st.one_of(name("date"), name("moment")), st.just("whole")
    ),
)
terms = st.recursive(numbers, arithmetic, max_leaves=4)
ordered = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
times = st.one_of(name("date"), name("moment"), st.builds(Value, st.integers(19_998, 20_002), st.just("date")))
texts = st.one_of(name("text"), st.builds(Value, st.sampled_from(["NL", "ES"]), st.just("text")))
tags = st.builds(Name, st.just("member"), st.just("tags"), st.just("tags"))
membership = st.sampled_from(["in", "not in"])
leaf = st.one_of(
    st.builds(Compare, ordered, terms, terms),
    st.builds(Compare, ordered, times, times),
    st.builds(Compare, st.sampled_from(["==", "!="]), texts, texts),
    st.builds(Compare, membership, texts, tags),
    st.builds(Compare, membership, numbers, st.builds(Value, st.tuples(small, tenths), st.just("decimal"))),
    st.builds(Flag, st.builds(Name, st.just("member"), st.just("vip"), st.just("bool")), st.booleans()),
)
nodes = st.recursive(
    leaf,
    lambda inner: st.builds(
        lambda kind, parts: kind(tuple(parts)), st.sampled_from([All, AnyOf]), st.lists(inner, min_size=1, max_size=3)
    ),
)
values: dict[str, st.SearchStrategy[Any]] = {
    "points": small,
    "ratio": st.one_of(small, tenths, st.sampled_from([0.1, 0.3, float("inf")])),
    "spent": small,
    "born": st.integers(19_998, 20_002),
    "joined": st.integers(19_998 * DAY, 20_002 * DAY),
    "country": st.sampled_from(["NL", "ES"]),
    "tags": st.sets(st.sampled_from(["NL", "vip"])),
    "vip": st.booleans(),
}
strange = st.sampled_from([None, "x", True, 1.5, Decimal("0.1"), Decimal("NaN"), ()])
row = st.fixed_dictionaries(
    {
        f"member.{prefix}{field}": st.one_of(kind, kind, strange)
        for prefix in ("", "other_")
        for field, kind in values.items()
    }
)


def naive_value(term: Term, row: dict[str, Any]) -> Any:
    if isinstance(term, Value):
        return tuple(map(Fraction, term.value)) if isinstance(term.value, tuple) else exact(term.value)
    if isinstance(term, Name):
        return naive_fact(row[term.path], term.type)
    if isinstance(term, Call):
        day = naive_day(term.argument, row)
        return None if day is None else (TODAY - day if term.function == "days_since" else day - TODAY)
    left, right = naive_value(term.left, row), naive_value(term.right, row)
    if left is None or right is None or (term.operator == "/" and right == 0):
        return None
    return {"+": left + right, "-": left - right, "*": left * right, "/": right and left / right}[term.operator]


def exact(value: Any) -> Any:
    return value if isinstance(value, str | bool) else Fraction(str(value))


def naive_fact(value: Any, kind: str) -> Any:
    if kind in ("whole", "money", "date", "moment"):
        return Fraction(value) if type(value) is int else None
    if kind == "decimal":
        number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        return exact(value) if number and str(value).lower() not in ("nan", "inf") else None
    if kind == "tags":
        return set(value) if isinstance(value, set | tuple) else None
    return value if type(value) is {"text": str, "bool": bool}[kind] else None


def naive_day(term: Term, row: dict[str, Any]) -> Any:
    value = naive_value(term, row)
    return value // DAY if value is not None and term.type == "moment" else value


def naive(node: Node, row: dict[str, Any]) -> bool:
    if isinstance(node, All):
        return all(naive(part, row) for part in node.parts)
    if isinstance(node, AnyOf):
        return any(naive(part, row) for part in node.parts)
    if isinstance(node, Flag):
        return naive_value(node.name, row) == node.expected and naive_value(node.name, row) is not None
    by_day = {node.left.type, node.right.type} == {"date", "moment"}
    left, right = ((naive_day if by_day else naive_value)(side, row) for side in (node.left, node.right))
    if left is None or right is None:
        return False
    if "in" in node.operator:
        return (left in right) == (node.operator == "in")
    order = (left > right) - (left < right)
    signs = {"==": (0,), "!=": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}
    return order in signs[node.operator]


@given(nodes, row)
def test_code_and_explanation_agree_with_a_naive_reading(node: Node, row: dict[str, Any]) -> None:
    decide = compile_tree(
        node, lambda name: lambda scope: scope[name.path], today=lambda _: TODAY, day_of=lambda moment: moment // DAY
    )
    failure = failure_of(node, lambda name: row[name.path], today=lambda: TODAY, day_of=lambda moment: moment // DAY)
    expected = naive(node, row)
    assert decide(row) is expected
    assert (failure is None) is expected
    if failure is not None:
        assert not naive(list(leaves(node))[failure.leaf], row)
