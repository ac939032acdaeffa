"""What a filter over people asks of the two databases: attributes, tags, exact numbers, local days.

Owns every expression that differs between them. PostgreSQL calculates by itself: its numbers are exact, and a
quotient stays a pair until it is compared. SQLite has neither exact decimals nor time zones, so it asks the core's own
functions. Whatever is unknown is NULL. It must not know what is asked for.
"""

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from sayso.core.program.calendar import FIRST_WITH_A_DAY, HOUR, LAST_WITH_A_DAY, Calendar
from sayso.core.program.condition_failure import COMPARE, number
from sayso.core.program.tree import Type
from sayso.domains.people.fragments import Sql, joined, sql
from sayso.domains.people.zones import offsets_of

SIGNS = {"==": "=", "!=": "<>", "in": "IN", "not in": "NOT IN"}
_DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Exact:
    """A number that is calculated with; PostgreSQL keeps what it is divided by apart, which is never zero but NULL."""

    value: Sql
    divisor: Sql | None = None


class Dialect(ABC):
    """The expressions of one database, for one time zone."""

    def __init__(self, zone: str) -> None:
        self.zone = zone

    def prepare(self, connection: BaseDatabaseWrapper) -> None:  # noqa: B027 - only one of the two needs anything
        """Make a connection ready for the expressions."""

    def with_zone(self, statement: Sql) -> Sql:
        """Return a statement with what its expressions need of the time zone."""
        return statement

    @abstractmethod
    def attribute(self, key: str, kind: Type) -> Sql:
        """Return a member's attribute where it is of the type."""

    @abstractmethod
    def tags(self, column: Sql) -> Sql:
        """Return the tags in a column of the member's row."""

    @abstractmethod
    def has_tag(self, tags: Sql, tag: Sql) -> Sql:
        """Return whether a text is among tags."""

    @abstractmethod
    def number(self, value: int | Decimal) -> Exact:
        """Return a literal to calculate with."""

    @abstractmethod
    def operand(self, value: Sql) -> Exact:
        """Return a number of a row to calculate with."""

    @abstractmethod
    def calculate(self, sign: str, left: Exact, right: Exact) -> Exact:
        """Return what two numbers come to; dividing by zero is unknown."""

    @abstractmethod
    def compare(self, sign: str, left: Exact, right: Exact) -> Sql:
        """Return how two numbers compare."""

    @abstractmethod
    def day(self, moment: Sql) -> Sql:
        """Return the local day in which a moment falls."""

    @abstractmethod
    def start(self, day: Sql) -> Sql:
        """Return the moment at which a local day begins."""


def dialect_of(connection: BaseDatabaseWrapper, zone: str) -> Dialect:
    """Return the dialect of the database behind a connection."""
    return PostgreSQL(zone) if connection.vendor == "postgresql" else SQLite(zone)


class PostgreSQL(Dialect):
    """jsonb, numeric, and the zone's offsets in sorted arrays, each read once for a statement."""

    _DAYS_BEFORE_1970 = 719_162
    _WHOLE = "CASE WHEN jsonb_typeof({0}) = 'number' AND strpos({1}, '.') = 0 THEN CAST({1} AS numeric) END"
    _FITTING: Mapping[Type, str] = {
        "bool": "CASE jsonb_typeof({0}) WHEN 'boolean' THEN {0} = 'true' END",
        "text": "CASE jsonb_typeof({0}) WHEN 'string' THEN {1} END",
        "decimal": "CASE jsonb_typeof({0}) WHEN 'number' THEN CAST({1} AS numeric) END",
        "tags": "CASE jsonb_typeof({0}) WHEN 'array' THEN {0} END",
    }

    def __init__(self, zone: str) -> None:
        super().__init__(zone)
        self._asks_zone = False

    def with_zone(self, statement: Sql) -> Sql:
        if not self._asks_zone:
            return statement
        offsets = offsets_of(self.zone)
        given = "WITH zone AS (SELECT {}::bigint[] AS shifts, {}::bigint[] AS since, {}::bigint[] AS local) {}"
        return sql(given, list(offsets.shifts), list(offsets.since), list(offsets.local), statement)

    def attribute(self, key: str, kind: Type) -> Sql:
        value = sql("(m.attributes -> CAST({} AS text))", key)
        text = sql("(m.attributes ->> CAST({} AS text))", key)
        return sql(self._FITTING.get(kind, self._WHOLE), value, text)

    def tags(self, column: Sql) -> Sql:
        return sql(self._FITTING["tags"], column)

    def has_tag(self, tags: Sql, tag: Sql) -> Sql:
        return sql("({} @> to_jsonb({}))", tags, tag)

    def number(self, value: int | Decimal) -> Exact:
        return Exact(sql("CAST({} AS numeric)", value))

    def operand(self, value: Sql) -> Exact:
        return Exact(sql("CAST({} AS numeric)", value))

    def calculate(self, sign: str, left: Exact, right: Exact) -> Exact:
        if sign == "/":
            divisor = sql("NULLIF({}, 0)", _times(right.value, left.divisor))
            return Exact(_times(left.value, right.divisor), divisor)
        divisors = left.divisor and right.divisor and _times(left.divisor, right.divisor)
        divisor_of_both = divisors or left.divisor or right.divisor
        if sign == "*":
            return Exact(_times(left.value, right.value), divisor_of_both)
        one, other = _times(left.value, right.divisor), _times(right.value, left.divisor)
        return Exact(sql(f"({{}} {sign} {{}})", one, other), divisor_of_both)

    def compare(self, sign: str, left: Exact, right: Exact) -> Sql:
        # Both sides times the squares of both divisors, which are above zero and so keep the order.
        one = _times(left.value, left.divisor, right.divisor, right.divisor)
        other = _times(right.value, right.divisor, left.divisor, left.divisor)
        return sql(f"({{}} {SIGNS.get(sign, sign)} {{}})", one, other)

    def day(self, moment: Sql) -> Sql:
        self._asks_zone = True
        shift = "(SELECT shifts FROM zone)[1 + width_bucket(CAST({0} AS bigint), (SELECT since FROM zone))]"
        # Counted from the first day of the calendar, so that nothing is below zero and division rounds down.
        return sql(
            f"CASE WHEN {{0}} BETWEEN {FIRST_WITH_A_DAY} AND {LAST_WITH_A_DAY} "
            f"THEN (CAST({{0}} AS bigint) + {shift} + {self._DAYS_BEFORE_1970 * _DAY}) / {_DAY} + 1 END",
            moment,
        )

    def start(self, day: Sql) -> Sql:
        self._asks_zone = True
        local = sql(f"((CAST({{}} AS bigint) - {self._DAYS_BEFORE_1970 + 1}) * {_DAY})", day)
        return sql("({0} - (SELECT shifts FROM zone)[1 + width_bucket({0}, (SELECT local FROM zone))])", local)


def _times(first: Sql, *others: Sql | None) -> Sql:
    """A number times those of the others that are there."""
    factors = (first, *(other for other in others if other is not None))
    return joined("*", factors) if len(factors) > 1 else first


class SQLite(Dialect):
    """JSON functions; fractions as texts such as 1/3, and days, by functions of Python."""

    _WHOLE = "CASE json_type(m.attributes, {0}) WHEN 'integer' THEN json_extract(m.attributes, {0}) END"
    _FITTING: Mapping[Type, str] = {
        "bool": "CASE json_type(m.attributes, {0}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END",
        "text": "CASE json_type(m.attributes, {0}) WHEN 'text' THEN json_extract(m.attributes, {0}) END",
        "decimal": "CASE WHEN json_type(m.attributes, {0}) IN ('integer', 'real') "
        "THEN json_extract(m.attributes, {0}) END",
        "tags": "CASE json_type(m.attributes, {0}) WHEN 'array' THEN json_extract(m.attributes, {0}) END",
    }

    def prepare(self, connection: BaseDatabaseWrapper) -> None:
        connection.ensure_connection()
        for name, count, function in (
            ("sayso_calculate", 3, _calculated), ("sayso_compare", 3, _compared), ("sayso_day", 2, _day_of),
            ("sayso_start", 2, _start_of),
        ):  # fmt: skip
            connection.connection.create_function(name, count, function, deterministic=True)

    def attribute(self, key: str, kind: Type) -> Sql:
        return sql(self._FITTING.get(kind, self._WHOLE), f'$."{key}"')

    def tags(self, column: Sql) -> Sql:
        return sql("CASE json_type({0}) WHEN 'array' THEN {0} END", column)

    def has_tag(self, tags: Sql, tag: Sql) -> Sql:
        found = "EXISTS (SELECT 1 FROM json_each({0}) AS tag WHERE tag.type = 'text' AND tag.value = {1})"
        return sql(f"(CASE WHEN {{0}} IS NOT NULL AND {{1}} IS NOT NULL THEN {found} END)", tags, tag)

    def number(self, value: int | Decimal) -> Exact:
        return Exact(sql("{}", str(value)))

    def operand(self, value: Sql) -> Exact:
        return Exact(value)

    def calculate(self, sign: str, left: Exact, right: Exact) -> Exact:
        return Exact(sql("sayso_calculate({}, {}, {})", sign, left.value, right.value))

    def compare(self, sign: str, left: Exact, right: Exact) -> Sql:
        return sql("sayso_compare({}, {}, {})", sign, left.value, right.value)

    def day(self, moment: Sql) -> Sql:
        return sql("sayso_day({}, {})", moment, self.zone)

    def start(self, day: Sql) -> Sql:
        return sql("sayso_start({}, {})", day, self.zone)


_CALCULATE: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv
}  # fmt: skip
_calendar = cache(Calendar)


def _fraction(value: int | float | str) -> Fraction:
    """A number of a row, or a fraction as text."""
    if isinstance(value, str):
        return Fraction(value)
    exact = number(value)
    assert exact is not None
    return Fraction(exact)


def _calculated(sign: str, left: Any, right: Any) -> str | None:
    if left is None or right is None or (sign == "/" and not _fraction(right)):
        return None
    return str(_CALCULATE[sign](_fraction(left), _fraction(right)))


def _compared(sign: str, left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return None
    return COMPARE[sign](_fraction(left), _fraction(right))


def _day_of(moment: int | None, zone: str) -> int | None:
    if moment is None or not FIRST_WITH_A_DAY <= moment <= LAST_WITH_A_DAY:
        return None
    return _calendar(zone).day(moment)


def _start_of(day: int | None, zone: str) -> int | None:
    return None if day is None else _calendar(zone).start(day)
