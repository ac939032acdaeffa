"""Conditions: from text to a typed tree in negation normal form.

Owns what may be compared with what, and `Condition`, which the engine compiles and asks. It must not know where a
name's value comes from.
"""

import ast
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

from sayso.core.program.calendar import Day, Moment
from sayso.core.program.condition_code import compile_tree
from sayso.core.program.condition_failure import Failure, failure_of
from sayso.core.program.condition_syntax import ConditionError, ConditionProblem, syntax_of
from sayso.core.program.condition_terms import (
    NUMBERS,
    SPOKEN,
    TIMES,
    Reading,
    Wrong,
    as_money,
    as_time,
    minor,
    term,
)
from sayso.core.program.tree import All, AnyOf, Compare, Flag, Name, Node, Operator, Term, Value, names
from sayso.core.program.values import Money
from sayso.core.program.vocabulary import Vocabulary

__all__ = ["Condition", "ConditionError", "ConditionProblem", "Failure", "parse_condition"]

_OPERATORS: dict[type[ast.cmpop], Operator] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_OPPOSITE: dict[Operator, Operator] = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "in": "not in",
    "not in": "in",
}
_ORDERED = frozenset({"<", "<=", ">", ">="})

_Listing = ast.Tuple | ast.List | ast.Set
Resolve = Callable[[Name], Callable[[Any], object]]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that has been read: its text, its tree, and every name that it asks for."""

    text: str
    tree: Node
    names: frozenset[Name]

    def compile(
        self, resolve: Resolve, *, today: Callable[[Any], Day], day_of: Callable[[Moment], Day]
    ) -> Callable[[Any], bool]:
        """Make a function that decides the condition for one scope.

        resolve: gives, for a name, the function that fetches its value from a scope; None means unknown. Money is
            whole minor units, a moment microseconds since 1970, a date the ordinal of a day, tags any collection.
        today: the local day of a scope, for days_since and days_until.
        day_of: the local day in which a moment falls (SEMANTICS 9).

        A leaf whose value is unknown, or of another type than the name's, is not met (SEMANTICS 42). Each name is
        fetched at most once for a scope.
        """
        return compile_tree(self.tree, resolve, today=today, day_of=day_of)

    def explain_failure(
        self, resolve: Resolve, scope: object, *, today: Callable[[Any], Day], day_of: Callable[[Moment], Day]
    ) -> Failure | None:
        """The leaf because of which the condition is not met, with the value seen; None when it is met.

        The parameters are those of `compile`. Of parts that must all be met it is the first that fails. Of parts of
        which one would do it is the part that comes nearest: the one with the fewest failing leaves, where a leaf
        whose fact is unknown counts twice, and the first of several that come equally near. Each name is fetched at
        most once.
        """
        seen: dict[Name, object] = {}

        def fetch(name: Name) -> object:
            if name not in seen:
                seen[name] = resolve(name)(scope)
            return seen[name]

        return failure_of(self.tree, fetch, today=lambda: today(scope), day_of=day_of)


def parse_condition(text: str, vocabulary: Vocabulary) -> Condition:
    """Read a condition against the names that it may use.

    Raises:
        ConditionError: it cannot be read; all problems found, with their place in `text`.
    """
    reading = Reading(text, vocabulary)
    tree: Node | None = None
    with suppress(Wrong):
        tree = _node(reading, syntax_of(text), True)
    if reading.problems or tree is None:
        raise ConditionError(*reading.problems)
    return Condition(text, tree, frozenset(names(tree)))


def _node(reading: Reading, node: ast.expr, expected: bool) -> Node:
    """Read a part; `expected` is False under an odd number of `not`, which is so pushed down into the leaves."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _node(reading, operand, not expected)
        case ast.BoolOp(op=operator, values=values):
            parts = _all_readable(reading, [partial(_node, reading, part, expected) for part in values])
            return _group(parts, together=isinstance(operator, ast.And) == expected)
        case ast.Compare(left=left, ops=operators, comparators=comparators):
            sides = [left, *comparators]
            pairs = zip(operators, sides, sides[1:], strict=False)
            parts = _all_readable(reading, [partial(_compare, reading, pair, expected) for pair in pairs])
            return _group(parts, together=expected)
    return _flag(reading, node, expected)


def _all_readable(reading: Reading, readers: list[Callable[[], Node]]) -> list[Node]:
    """Read every part even when one is wrong, so that all problems are told at once."""
    parts = []
    for read in readers:
        try:
            parts.append(read())
        except Wrong:
            continue
    if len(parts) < len(readers):
        raise Wrong
    return parts


def _group(parts: list[Node], *, together: bool) -> Node:
    kind = All if together else AnyOf
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _flag(reading: Reading, node: ast.expr, expected: bool) -> Node:
    found = term(reading, node)
    if isinstance(found, Name) and found.type in ("bool", "any"):
        return Flag(replace(found, type="bool"), expected)
    if isinstance(found, Value):
        raise reading.wrong(node, "A value alone is no condition; compare it with a name.")
    instead = f"{reading.source(node)} >= 1" if found.type in NUMBERS else ""
    raise reading.wrong(node, f"{reading.source(node)} is {SPOKEN[found.type]}; say what it is compared with.", instead)


def _compare(reading: Reading, pair: tuple[ast.cmpop, ast.expr, ast.expr], expected: bool) -> Node:
    operator, left_node, right_node = pair
    if type(operator) not in _OPERATORS:
        raise reading.wrong(left_node, "Two things are the same with ==, and different with !=.", "==")
    sign = _OPERATORS[type(operator)]
    sign = sign if expected else _OPPOSITE[sign]
    if sign in ("in", "not in"):
        leaf: Compare | Flag = _membership(reading, sign, left_node, right_node)
    else:
        leaf = _comparison(reading, sign, left_node, right_node)
    if isinstance(leaf, Compare) and isinstance(leaf.left, Value) and isinstance(leaf.right, Value):
        raise reading.wrong(left_node, "This compares two values and is always the same; compare a name with a value.")
    return leaf


# --- in ---------------------------------------------------------------------------------------------------------


def _membership(reading: Reading, sign: Operator, left_node: ast.expr, right_node: ast.expr) -> Compare:
    if isinstance(right_node, _Listing):
        return _among(reading, sign, left_node, right_node)
    left, right = term(reading, left_node), term(reading, right_node)
    if right.type not in ("tags", "any") or isinstance(right, Value):
        instead = f'{reading.source(left_node)} {sign} ("…", "…")'
        message = f"{reading.source(right_node)} is {SPOKEN[right.type]}, and nothing is in it."
        raise reading.wrong(right_node, message, instead)
    if left.type not in ("text", "any"):
        raise reading.wrong(left_node, f"Tags are texts, and {reading.source(left_node)} is {SPOKEN[left.type]}.")
    return Compare(sign, replace(left, type="text"), replace(right, type="tags"))


def _among(reading: Reading, sign: Operator, left_node: ast.expr, right_node: _Listing) -> Compare:
    left = term(reading, left_node)
    if not right_node.elts:
        raise reading.wrong(right_node, "The list is empty.")
    fitted = [_fit(reading, (left_node, element), left, term(reading, element)) for element in right_node.elts]
    left = fitted[0][0]
    values = [right for _, right in fitted]
    if not all(isinstance(value, Value) for value in values) or len({one.type for one, _ in fitted}) > 1:
        raise reading.wrong(right_node, "A list holds values of one kind.")
    constants = tuple(cast(Value, value).value for value in values)
    return Compare(sign, left, Value(cast("tuple[str | int, ...]", constants), values[0].type))


# --- the six comparisons ----------------------------------------------------------------------------------------


def _comparison(reading: Reading, sign: Operator, left_node: ast.expr, right_node: ast.expr) -> Compare | Flag:
    left, right = term(reading, left_node), term(reading, right_node)
    left, right = _fit(reading, (left_node, right_node), left, right)
    kinds = {left.type, right.type}
    if "tags" in kinds:
        tags, other = (left_node, right_node) if left.type == "tags" else (right_node, left_node)
        word = "in" if sign == "==" else "not in"
        instead = f"{_quoted(reading, other)} {word} {reading.source(tags)}"
        message = f"{reading.source(tags)} is {SPOKEN['tags']}; ask whether one is in it."
        raise reading.wrong(left_node, message, instead)
    if sign in _ORDERED and not kinds <= NUMBERS | TIMES | {"money"}:
        raise reading.wrong(left_node, f"Only numbers, amounts and dates are compared with {sign}.", "== or !=")
    if kinds == {"bool"}:
        for name, value in ((left, right), (right, left)):
            if isinstance(name, Name) and isinstance(value, Value):
                return Flag(name, (sign == "==") == value.value)
    return Compare(sign, left, right)


def _quoted(reading: Reading, node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return f'"{node.value}"'
    return reading.source(node)


def _fit(reading: Reading, nodes: tuple[ast.expr, ast.expr], left: Term, right: Term) -> tuple[Term, Term]:
    """Bring both sides to types that can be compared; a literal takes the type of what it meets."""
    left, right = _fit_side(reading, nodes[0], left, right), _fit_side(reading, nodes[1], right, left)
    left, right = _fit_side(reading, nodes[0], left, right), _fit_side(reading, nodes[1], right, left)
    kinds = {left.type, right.type}
    if "any" in kinds and not reading.problems:
        raise reading.wrong(nodes[0], "Nobody knows what kind of value stands on either side; compare with a value.")
    alike = len(kinds) == 1 or kinds <= NUMBERS or kinds <= TIMES or "tags" in kinds or "any" in kinds
    if not alike:
        spoken = f"{SPOKEN[left.type]} cannot be compared with {SPOKEN[right.type]}."
        raise reading.wrong(nodes[0], spoken[0].upper() + spoken[1:], _comparable(reading, nodes, left, right))
    return left, right


def _fit_side(reading: Reading, node: ast.expr, side: Term, other: Term) -> Term:
    if isinstance(side, Value):
        if other.type == "money" and side.type in NUMBERS:
            return minor(side, reading.vocabulary.currency)
        if other.type == "money" and side.type == "text":
            return as_money(reading, node, side)
        if other.type in TIMES and side.type == "text":
            return as_time(reading, node, side)
        if other.type == "any" and side.type == "text" and _looks_like_money(side):
            return as_money(reading, node, side)
    elif side.type == "any" and other.type != "any":
        return replace(side, type="decimal" if other.type in NUMBERS else other.type)
    return side


def _looks_like_money(literal: Value) -> bool:
    try:
        Money.parse(str(literal.value))
    except ValueError:
        return False
    return True


def _comparable(reading: Reading, nodes: tuple[ast.expr, ast.expr], left: Term, right: Term) -> str:
    """The same comparison with the literal in the form that the other side needs, where that is plain."""
    for node, literal, other in ((nodes[1], right, left), (nodes[0], left, right)):
        if isinstance(literal, Value) and literal.type == "text" and other.type in NUMBERS:
            bare = str(literal.value)
            return bare if bare.replace(".", "", 1).isdigit() else ""
        if isinstance(literal, Value) and literal.type in NUMBERS and other.type == "text":
            return f'"{reading.source(node)}"'
    return ""
