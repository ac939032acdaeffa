"""From a filter over people to one statement that finds the members who meet it.

Owns the reading of the tree, and where the values that members and their tallies hold stand in the tables. Points and
tiers stand in rooms above this one: whoever asks says how they are looked up. The statement only ever finds who meets
the filter, for an unknown value makes a leaf neither met nor, turned around, met (SEMANTICS 42).
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import cast

from django.db import connection

from sayso.core.program.calendar import Calendar, Day, Moment
from sayso.core.program.condition_failure import by_day
from sayso.core.program.filters import (
    Absent,
    Attribute,
    Balance,
    Constant,
    Counted,
    Latest,
    Own,
    PeopleFilter,
    Place,
    Score,
    Tier,
)
from sayso.core.program.tree import All, AnyOf, Arithmetic, Call, Compare, Flag, Name, Node, Term, Value
from sayso.domains.people.dialects import SIGNS, Dialect, Exact, dialect_of
from sayso.domains.people.fragments import Sql, joined, sql
from sayso.domains.workspaces.page import Page


@dataclass(frozen=True)
class PeopleAsOf:
    """Of whom, and as of when, something is asked.

    Attributes:
        workspace: the workspace's number.
        zone: its time zone.
        now: facts are those just before this moment, in microseconds UTC.
        currencies: those of its programs, and the empty one; what happened in any other is not counted.
    """

    workspace: int
    zone: str
    now: Moment
    currencies: tuple[str, ...]

    @cached_property
    def calendar(self) -> Calendar:
        """The workspace's days."""
        return Calendar(self.zone)

    @property
    def today(self) -> Day:
        """The local day of the moment."""
        return self.calendar.day(self.now)


Lookup = Callable[[Balance | Tier, PeopleAsOf], Sql]


def matching_members(wanted: PeopleFilter, asked: PeopleAsOf, page: Page, *, lookup: Lookup) -> list[int]:
    """Return the numbers of members who take part (SEMANTICS 16, 38, 39) and meet a filter, rising.

    Args:
        wanted: the filter.
        asked: of which workspace, and as of when.
        page: which of them.
        lookup: how the points and the tier of the member `m.id` are looked up in tables of higher rooms.
    """
    return _numbers(wanted, asked, sql("m.id > {}", page.after), lookup, limit=page.limit)


def meets_filter(wanted: PeopleFilter, asked: PeopleAsOf, member: int, *, lookup: Lookup) -> bool:
    """Whether one member takes part and meets a filter; the parameters are those of `matching_members`.

    Args:
        wanted: the filter.
        asked: of which workspace, and as of when.
        member: their number.
        lookup: as there.
    """
    return bool(_numbers(wanted, asked, sql("m.id = {}", member), lookup, limit=1))


def _numbers(wanted: PeopleFilter, asked: PeopleAsOf, which: Sql, lookup: Lookup, *, limit: int) -> list[int]:
    dialect = dialect_of(connection, asked.zone)
    condition = _Writer(dialect, asked, lookup).node(wanted, wanted.tree)
    statement = dialect.with_zone(
        sql(
            "SELECT m.id FROM people_member m WHERE m.workspace_id = {} AND m.status = 'active' AND {} AND {} "
            "ORDER BY m.id LIMIT {}",
            *(asked.workspace, which, condition, limit),
        )
    )
    dialect.prepare(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement.text, list(statement.parameters))
        return [number for (number,) in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class _Writer:
    """A filter in the writing."""

    dialect: Dialect
    asked: PeopleAsOf
    lookup: Lookup

    # --- the tree -----------------------------------------------------------------------------------------------

    def node(self, wanted: PeopleFilter, node: Node) -> Sql:
        if isinstance(node, All | AnyOf):
            word = "AND" if isinstance(node, All) else "OR"
            return joined(word, (self.node(wanted, part) for part in node.parts))
        return _Leaf(self, wanted).write(node)

    # --- where values stand -------------------------------------------------------------------------------------

    def value(self, place: Place, name: Name) -> Sql:
        match place:
            case Own():
                return self._own(place)
            case Attribute(key=key):
                return self.dialect.attribute(key, name.type)
            case Counted():
                return self._counted(place)
            case Absent(counted=counted):
                return sql("({} = 0)", self._counted(counted))
            case Latest():
                return self.dialect.start(self.latest_day(place))
            case Score(signals=signals):
                return self._score(signals)
            case Constant(text=text):
                return sql("CAST({} AS text)", text)
            case Balance() | Tier():
                return self.lookup(place, self.asked)

    def _own(self, place: Own) -> Sql:
        column = Sql(f"m.{place.column}")
        if place.column in ("tags", "groups"):
            return self.dialect.tags(column)
        return column if place.column == "joined_at" else sql("NULLIF({}, '')", column)

    def _counted(self, place: Counted) -> Sql:
        asked = self.asked
        first = asked.calendar.window(asked.now, place.within) if place.within else 0
        summed, currencies = ("total", (place.currency,)) if place.currency else ("count", asked.currencies)
        days = sql("t.day BETWEEN {} AND {}", first, asked.today)
        tallies = self._tallies(place.measure, currencies)
        return sql(f'COALESCE((SELECT SUM(t."{summed}") {{}} AND {{}}), 0)', tallies, days)

    def latest_day(self, place: Latest) -> Sql:
        tallies = self._tallies(place.measure, self.asked.currencies)
        return sql('(SELECT MAX(t.day) {} AND t."count" > 0)', tallies)

    def _tallies(self, measure: str, currencies: tuple[str, ...]) -> Sql:
        """Those of the member, in an order of columns in which the table's key finds them."""
        among = joined(",", (sql("{}", currency) for currency in currencies))
        return sql(
            "FROM events_tally t "
            "WHERE t.subject = m.id AND t.measure = {} AND t.currency IN {} AND t.workspace_id = {}",
            *(measure, among, self.asked.workspace),
        )

    def _score(self, signals: tuple[tuple[int, PeopleFilter], ...]) -> Sql:
        given = [
            sql("CASE WHEN {} THEN {} ELSE 0 END", self.node(signal, signal.tree), points) for points, signal in signals
        ]
        return joined("+", given or [Sql("0")])


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One comparison in the writing."""

    writer: _Writer
    wanted: PeopleFilter

    def write(self, leaf: Compare | Flag) -> Sql:
        if isinstance(leaf, Flag):
            return sql("({} = {})", self.side(leaf.name), leaf.expected)
        if leaf.right.type == "tags":
            has = self.writer.dialect.has_tag(self.side(leaf.right), self.side(leaf.left))
            return sql("(NOT {})", has) if leaf.operator == "not in" else has
        if by_day(leaf):
            return self._native(leaf, self.day(leaf.left), self.day(leaf.right))
        if _calculates(leaf.left) or _calculates(leaf.right):
            return self._exact_leaf(leaf)
        return self._native(leaf, self.side(leaf.left), self.side(leaf.right))

    def _native(self, leaf: Compare, left: Sql, right: Sql) -> Sql:
        return sql(f"({{}} {SIGNS.get(leaf.operator, leaf.operator)} {{}})", left, right)

    def side(self, term: Term) -> Sql:
        """A term in the form in which rows hold it; nothing is calculated."""
        match term:
            case Value(value=tuple() as values):
                return joined(",", (self.side(Value(each, term.type)) for each in values))
            case Value():
                return sql("CAST({} AS text)" if term.type == "text" else "{}", term.value)
            case Name():
                return self.writer.value(self.wanted.places[term.path], term)
            case Call(function=function, argument=argument):
                today, day = self.writer.asked.today, self.day(argument)
                return sql("({} - {})", today, day) if function == "days_since" else sql("({} - {})", day, today)
            case Arithmetic():
                raise AssertionError("what is calculated is exact")

    def day(self, term: Term) -> Sql:
        """The local day of a date or a moment."""
        if term.type != "moment":
            return self.side(term)
        if isinstance(term, Value):
            return self.side(self._days(term))
        place = self.wanted.places[term.path] if isinstance(term, Name) else None
        return self.writer.latest_day(place) if isinstance(place, Latest) else self.writer.dialect.day(self.side(term))

    def _days(self, moments: Value) -> Value:
        """A moment, or each of several, as its local day."""
        day, given = self.writer.asked.calendar.day, moments.value
        return Value(tuple(map(day, map(int, given))) if isinstance(given, tuple) else day(int(given)), "date")

    # --- exact numbers ------------------------------------------------------------------------------------------

    def _exact_leaf(self, leaf: Compare) -> Sql:
        left, dialect = self._exact(leaf.left), self.writer.dialect
        if not (isinstance(leaf.right, Value) and isinstance(leaf.right.value, tuple)):
            return dialect.compare(leaf.operator, left, self._exact(leaf.right))
        sign, word = ("==", "OR") if leaf.operator == "in" else ("!=", "AND")
        others = (self._exact(Value(each, leaf.right.type)) for each in leaf.right.value)
        return joined(word, (dialect.compare(sign, left, other) for other in others))

    def _exact(self, term: Term) -> Exact:
        dialect = self.writer.dialect
        if isinstance(term, Arithmetic):
            return dialect.calculate(term.operator, self._exact(term.left), self._exact(term.right))
        if isinstance(term, Value):
            return dialect.number(cast("int | Decimal", term.value))
        return dialect.operand(self.side(term))


def _calculates(term: Term) -> bool:
    """Whether a term is more than a whole number, a text or a moment as it stands."""
    if isinstance(term, Value):
        values = term.value if isinstance(term.value, tuple) else (term.value,)
        return not all(isinstance(value, int | str) for value in values)
    return isinstance(term, Arithmetic) or term.type == "decimal"
