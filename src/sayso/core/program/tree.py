"""The shape of a condition once it is read: a tree in negation normal form.

`conditions` makes it; the engine's code, the people filter, the sentences and "why not" are four readings of it.
`not` has been pushed down into the leaves, so a leaf whose fact is unknown is simply not met (SEMANTICS 42).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Type = Literal["bool", "whole", "decimal", "money", "text", "date", "moment", "tags", "any"]
Operator = Literal["==", "!=", "<", "<=", ">", ">=", "in", "not in"]
Constant = bool | int | Decimal | str | tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A declared name, `member.orders_90d`."""

    role: str
    field: str
    type: Type

    @property
    def path(self) -> str:
        """As it is written."""
        return f"{self.role}.{self.field}"


@dataclass(frozen=True, slots=True)
class Value:
    """A literal; money is in minor units of the program's currency, a date is a day ordinal, a moment microseconds."""

    value: Constant
    type: Type


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two terms joined by `+ - * /`."""

    operator: Literal["+", "-", "*", "/"]
    left: "Term"
    right: "Term"
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """A declared function of one term, `days_since(member.joined)`."""

    function: Literal["days_since", "days_until"]
    argument: "Term"
    type: Type


Term = Name | Value | Arithmetic | Call


@dataclass(frozen=True, slots=True)
class Compare:
    """A leaf: two terms compared."""

    operator: Operator
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Flag:
    """A leaf: a yes-or-no name that must be `expected`."""

    name: Name
    expected: bool


@dataclass(frozen=True, slots=True)
class All:
    """Every part must be met."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part must be met."""

    parts: tuple["Node", ...]


Leaf = Compare | Flag
Node = All | AnyOf | Leaf


def leaves(node: Node) -> Iterator[Leaf]:
    """The leaves from left to right; their order numbers them in stored reasons."""
    if isinstance(node, All | AnyOf):
        for part in node.parts:
            yield from leaves(part)
    else:
        yield node


def names(node: Node | Term) -> Iterator[Name]:
    """Every name that the condition asks for."""
    match node:
        case Name():
            yield node
        case Flag():
            yield node.name
        case All() | AnyOf():
            for part in node.parts:
                yield from names(part)
        case Compare() | Arithmetic():
            yield from names(node.left)
            yield from names(node.right)
        case Call():
            yield from names(node.argument)
