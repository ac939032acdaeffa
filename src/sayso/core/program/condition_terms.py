"""The terms of a condition: names, literals, arithmetic and functions, each with its type.

Owns how a term is typed, and how a literal becomes a value of the type that it meets. It must not know comparisons.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal, cast

from sayso.core.program.calendar import moment_of
from sayso.core.program.condition_syntax import ConditionProblem, offset_of
from sayso.core.program.tree import Arithmetic, Call, Name, Term, Type, Value
from sayso.core.program.values import Money, minor_digits, money_meant
from sayso.core.program.vocabulary import FUNCTIONS, Vocabulary, nearest

LARGEST = 10**15
NUMBERS = frozenset({"whole", "decimal"})
TIMES = frozenset({"date", "moment"})
_SIGNS: dict[type[ast.operator], Literal["+", "-", "*", "/"]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_CALCULATE: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}
SPOKEN: dict[Type, str] = {
    "bool": "a yes or no",
    "whole": "a whole number",
    "decimal": "a number",
    "money": "an amount of money",
    "text": "a text",
    "date": "a date",
    "moment": "a moment",
    "tags": "a list of tags",
    "any": "anything",
}


class Wrong(Exception):
    """This part cannot be read any further; its problem is already noted."""


@dataclass(slots=True)
class Reading:
    """One condition while it is read: its text, its vocabulary, and the problems found so far."""

    text: str
    vocabulary: Vocabulary
    problems: list[ConditionProblem] = field(default_factory=list)

    def note(self, node: ast.expr, message: str, instead: str = "") -> None:
        """Remember a problem and go on."""
        self.problems.append(ConditionProblem(offset_of(self.text, node), message, instead))

    def wrong(self, node: ast.expr, message: str, instead: str = "") -> Wrong:
        """Remember a problem after which this part makes no sense."""
        self.note(node, message, instead)
        return Wrong()

    def source(self, node: ast.expr) -> str:
        """How a part is written."""
        return ast.unparse(node)


def term(reading: Reading, node: ast.expr) -> Term:
    """Read one term.

    Raises:
        Wrong: it is none.
    """
    match node:
        case ast.Constant():
            return _literal(reading, node)
        case ast.Attribute(value=ast.Name(id=role), attr=attribute):
            return _name(reading, node, role, attribute)
        case ast.Name(id=word):
            raise reading.wrong(node, f"Nobody knows whose {word} is meant.", _whose(reading, word))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _join(reading, node, "-", (Value(0, "whole"), term(reading, operand)))
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return term(reading, operand)
        case ast.BinOp(left=left, right=right) if type(node.op) in _SIGNS:
            sides = (term(reading, left), term(reading, right))
            return _join(reading, node, _SIGNS[type(node.op)], sides)
        case ast.Call():
            return _call(reading, node)
    raise reading.wrong(node, f"{reading.source(node)} has no place in a condition; it compares names and values.")


def _literal(reading: Reading, node: ast.Constant) -> Value:
    value = node.value
    if isinstance(value, bool):
        return Value(value, "bool")
    if isinstance(value, int) and value <= LARGEST:
        return Value(value, "whole")
    if isinstance(value, float) and value <= LARGEST:
        return Value(Decimal(repr(value)), "decimal")
    if isinstance(value, str):
        return Value(value, "text")
    if isinstance(value, int | float):
        raise reading.wrong(node, f"This number is larger than {LARGEST}.")
    raise reading.wrong(node, f"{reading.source(node)} is no value; write a number, a text in quotes, or True.")


def _whose(reading: Reading, word: str) -> str:
    if word.lower() in ("true", "yes"):
        return "True"
    if word.lower() in ("false", "no"):
        return "False"
    role = reading.vocabulary.holder(word)
    if role:
        return f"{role}.{word}"
    if nearest(word, reading.vocabulary.roles) == word:
        known = reading.vocabulary.fields(word)
        return f"{word}.{known[0]}" if known else ""
    return f'"{word}"'


def _name(reading: Reading, node: ast.expr, role: str, attribute: str) -> Name:
    vocabulary = reading.vocabulary
    if role not in vocabulary.roles:
        near = nearest(role, vocabulary.roles)
        allowed = ", ".join(sorted(vocabulary.roles))
        message = f"Nothing is known about {role} here, only about {allowed}."
        reading.note(node, message, f"{near}.{attribute}" if near else "")
        return Name(role, attribute, "any")
    kind = vocabulary.type_of(role, attribute)
    if kind is None:
        near = vocabulary.nearest(role, attribute)
        reading.note(node, f"There is no {role}.{attribute}.", f"{role}.{near}" if near else "")
        return Name(role, attribute, "any")
    return Name(role, attribute, kind)


def _call(reading: Reading, node: ast.Call) -> Call:
    function = node.func.id if isinstance(node.func, ast.Name) else reading.source(node.func)
    if function not in FUNCTIONS:
        near = nearest(function, FUNCTIONS)
        known = " and ".join(FUNCTIONS)
        raise reading.wrong(node, f"There is no function {function}, only {known}.", f"{near}(…)" if near else "")
    if len(node.args) != 1 or node.keywords:
        raise reading.wrong(node, f"{function} takes one moment.", f"{function}(member.joined)")
    argument = term(reading, node.args[0])
    if isinstance(argument, Value):
        argument = as_time(reading, node.args[0], argument)
    if (argument.type == "any" and not reading.problems) or argument.type not in (*TIMES, "any"):
        given = f"{reading.source(node.args[0])} is {SPOKEN[argument.type]}"
        message = f"{function} counts days from a moment, and {given}."
        raise reading.wrong(node, message, f"{function}(member.joined)")
    return Call(cast(Literal["days_since", "days_until"], function), argument, "whole")


# --- arithmetic -------------------------------------------------------------------------------------------------


def _join(reading: Reading, node: ast.expr, sign: Literal["+", "-", "*", "/"], sides: tuple[Term, Term]) -> Term:
    left, right = (_money_text(reading, node, side) for side in sides)
    if isinstance(left, Value) and isinstance(right, Value) and {left.type, right.type} <= NUMBERS:
        return _fold(reading, node, sign, (left, right))
    money = "money" in (left.type, right.type)
    if money and sign in "+-":
        left, right = (_as_money_operand(reading, side) for side in (left, right))
    else:
        left, right = (replace(side, type="decimal") if side.type == "any" else side for side in (left, right))
    kind = _joined_type(sign, left.type, right.type)
    if kind is None:
        spoken = f"{SPOKEN[left.type]} and {SPOKEN[right.type]}"
        advice = "days_since(…)" if {left.type, right.type} & TIMES else ""
        raise reading.wrong(node, f"{spoken.capitalize()} cannot be joined by {sign}.", advice)
    return Arithmetic(sign, left, right, kind)


def _joined_type(sign: str, left: Type, right: Type) -> Type | None:
    numbers, both = {left, right} <= NUMBERS, (left, right)
    if numbers:
        return "decimal" if sign == "/" or "decimal" in both else "whole"
    if both == ("money", "money"):
        return {"+": "money", "-": "money", "/": "decimal"}.get(sign)  # type: ignore[return-value]
    if left == "money" and right in NUMBERS and sign in "*/":
        return "money"
    return "money" if right == "money" and left in NUMBERS and sign == "*" else None


def _money_text(reading: Reading, node: ast.expr, side: Term) -> Term:
    if isinstance(side, Value) and side.type == "text":
        return as_money(reading, node, side)
    return side


def _as_money_operand(reading: Reading, side: Term) -> Term:
    if side.type == "any":
        return replace(side, type="money")
    if isinstance(side, Value) and side.type in NUMBERS:
        return minor(side, reading.vocabulary.currency)
    return side


def _fold(reading: Reading, node: ast.expr, sign: str, sides: tuple[Value, Value]) -> Value:
    left, right = (Decimal(cast("int | Decimal", side.value)) for side in sides)
    if sign == "/" and not right:
        raise reading.wrong(node, "Nothing can be divided by zero.")
    result = _CALCULATE[sign](left, right)
    if abs(result) > LARGEST:
        raise reading.wrong(node, f"This number is larger than {LARGEST}.")
    whole = result == result.to_integral_value()
    return Value(int(result), "whole") if whole else Value(result, "decimal")


# --- literals of the type that they meet ------------------------------------------------------------------------


def minor(literal: Value, currency: str) -> Value:
    """A plain number as an amount of the program's currency, in its minor unit (SEMANTICS 3)."""
    amount = Decimal(cast("int | Decimal", literal.value)).scaleb(minor_digits(currency))
    return Value(int(amount) if amount == amount.to_integral_value() else amount, "money")


def as_money(reading: Reading, node: ast.expr, literal: Value) -> Value:
    """A text such as "20 EUR" as an amount, which must be of the program's currency (SEMANTICS 3).

    Raises:
        Wrong: it is no amount, or of another currency.
    """
    currency = reading.vocabulary.currency
    try:
        money = Money.parse(str(literal.value))
    except ValueError:
        message = f'"{literal.value}" is not an amount of money.'
        meant = money_meant(str(literal.value))
        raise reading.wrong(node, message, f'"{meant}"' if meant else f'20 or "20 {currency}"') from None
    if currency and money.currency != currency:
        message = f"The program counts in {currency}, and {money} is of another currency."
        raise reading.wrong(node, message, f'"{Money.parse(f"{money.major:f} {currency}")}"')
    return Value(money.minor, "money")


def as_time(reading: Reading, node: ast.expr, literal: Value) -> Value:
    """A text such as "2027-01-31" as a date, or "2027-01-31T09:00:00Z" as a moment.

    Raises:
        Wrong: it is neither, or the moment names no time zone.
    """
    text = str(literal.value)
    try:
        if len(text) == len("2027-01-31"):
            return Value(date.fromisoformat(text).toordinal(), "date")
        when = datetime.fromisoformat(text)
        if when.tzinfo is not None:
            return Value(moment_of(when.astimezone(UTC)), "moment")
    except (ValueError, OverflowError):
        pass
    raise reading.wrong(node, f'"{text}" is not a date.', '"2027-01-31" or "2027-01-31T09:00:00Z"')
