"""Why a condition is not met: the leaf that fails and the value it saw.

Owns the slow reading of the tree, and which value fits which type. The fast reading is `condition_code`'s.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from sayso.core.program.calendar import FIRST_WITH_A_DAY, LAST_WITH_A_DAY, Day, Moment
from sayso.core.program.tree import (
    AnyOf,
    Arithmetic,
    Call,
    Compare,
    Flag,
    Leaf,
    Name,
    Node,
    Term,
    Type,
    Value,
    leaves,
    names,
)

Seen = bool | int | Decimal | str | tuple[str, ...]

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
}
_CALCULATE: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


@dataclass(frozen=True, slots=True)
class Failure:
    """The leaf that is not met.

    leaf: its number in the order of `tree.leaves`.
    seen: the value of its side that asks for a name (the left one where both do); None when it is unknown.
    missing: the first name of the leaf that is unknown.
    """

    leaf: int
    seen: Seen | None
    missing: Name | None = None


def number(value: object) -> int | Decimal | None:
    """A value as an exact number; None when it is none. A float means the decimal that it is written as."""
    if type(value) is int:
        return value
    if isinstance(value, float):
        value = Decimal(repr(value))
    return value if isinstance(value, Decimal) and value.is_finite() else None


def collection(value: object) -> frozenset[object] | None:
    """A value as a set of tags; None when it is none."""
    if isinstance(value, frozenset):
        return value
    if isinstance(value, set | list | tuple):
        return frozenset(item for item in value if isinstance(item, str))
    return None


def fitting(value: object, kind: Type) -> Any:
    """A value if it is of the type, in the form in which it is compared; else None, which is unknown."""
    match kind:
        case "decimal":
            return number(value)
        case "tags":
            return collection(value)
        case "bool":
            return value if isinstance(value, bool) else None
        case "text":
            return value if isinstance(value, str) else None
    return value if type(value) is int else None


@dataclass(frozen=True, slots=True)
class _Sight:
    """How values are seen for one scope."""

    fetch: Callable[[Name], object]
    today: Callable[[], Day]
    day_of: Callable[[Moment], Day]

    def value(self, term: Term) -> Any:
        """The value of a term; None when it is unknown."""
        match term:
            case Name(type=kind):
                return fitting(self.fetch(term), kind)
            case Value(value=value):
                return value
            case Call(function=function, argument=argument):
                day = self.day(argument)
                return None if day is None else (self.today() - day) * (1 if function == "days_since" else -1)
            case Arithmetic():
                return self._calculate(term)

    def _calculate(self, term: Arithmetic) -> Fraction | int | None:
        left, right = (self.value(side) for side in (term.left, term.right))
        if left is None or right is None:
            return None
        if term.operator == "/":
            return Fraction(left) / Fraction(right) if right else None
        return cast(Fraction, _CALCULATE[term.operator](Fraction(left), Fraction(right)))

    def day(self, term: Term) -> Day | None:
        """The local day of a date or a moment."""
        value = self.value(term)
        if value is None or term.type != "moment":
            return value  # type: ignore[no-any-return]
        return self.day_of(value) if FIRST_WITH_A_DAY <= value <= LAST_WITH_A_DAY else None

    def met(self, leaf: Leaf) -> bool:
        """Whether a leaf is met."""
        if isinstance(leaf, Flag):
            return self.value(leaf.name) is leaf.expected
        read = self.day if by_day(leaf) else self.value
        left, right = read(leaf.left), read(leaf.right)
        return left is not None and right is not None and COMPARE[leaf.operator](left, right)

    def failure(self, leaf: Leaf, index: int) -> Failure:
        """What a leaf that is not met has seen."""
        missing = next((name for name in names(leaf) if self.value(name) is None), None)
        if missing is not None:
            return Failure(index, None, missing)
        if isinstance(leaf, Flag):
            return Failure(index, self.value(leaf.name))
        side = leaf.right if isinstance(leaf.left, Value) else leaf.left
        return Failure(index, _storable(self.value(side)))


def by_day(leaf: Compare) -> bool:
    """A moment is compared with a date by its local day."""
    return {leaf.left.type, leaf.right.type} == {"date", "moment"}


def failure_of(
    tree: Node, fetch: Callable[[Name], object], *, today: Callable[[], Day], day_of: Callable[[Moment], Day]
) -> Failure | None:
    """The leaf because of which the tree is not met; None when it is met (see `Condition.explain_failure`)."""
    return _search(_Sight(fetch, today, day_of), tree, 0)[1]


def _search(sight: _Sight, node: Node, first: int) -> tuple[int, Failure | None]:
    """How far a part is from being met, and its failing leaf; `first` is the number of its first leaf."""
    if isinstance(node, Compare | Flag):
        if sight.met(node):
            return 0, None
        failure = sight.failure(node, first)
        return (2 if failure.missing else 1), failure
    found = []
    for part in node.parts:
        found.append(_search(sight, part, first))
        first += sum(1 for _ in leaves(part))
    if isinstance(node, AnyOf):
        return min(found, key=lambda one: one[0])
    return sum(distance for distance, _ in found), next((failure for _, failure in found if failure), None)


def _storable(value: Any) -> Seen | None:
    if isinstance(value, frozenset):
        return tuple(sorted(value))
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else round(Decimal(value.numerator) / value.denominator, 4)
    return cast("Seen | None", value)
