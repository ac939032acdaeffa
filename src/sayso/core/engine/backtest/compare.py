"""Comparing what a log came to under two rulebooks.

Owns which differences count and how they are added up. It must not decide anything, nor write a sentence.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Any

from sayso.core.engine.backtest.outcome import TERMS, LogOutcome, RewardKey, key_of, terms_of
from sayso.core.engine.backtest.report import (
    NAMED,
    BoundLine,
    ClauseLine,
    MemberLine,
    RewardLine,
    UnitLine,
)
from sayso.core.engine.decision import Verdict
from sayso.core.engine.facts import Facts
from sayso.core.engine.rows import Reward
from sayso.core.engine.rulebook import Rulebook
from sayso.core.engine.states import COMMITTED, HANDED_OVER, UNPAID
from sayso.core.ledger.chart import Kind
from sayso.core.ledger.transfers import Purpose
from sayso.core.ledger.units import is_currency

STANDING = frozenset((*UNPAID, *HANDED_OVER))
COSTING = frozenset((*COMMITTED, *HANDED_OVER))
# What a member receives from the program, and what it takes back; moving, spending and settling are neither.
_RECEIVED = frozenset(map(int, (Purpose.EARN, Purpose.GRANT)))
_TAKEN_BACK = frozenset(map(int, (Purpose.CLAWBACK, Purpose.RETURN)))
_TEN = 10

Pair = tuple[int, int]


@dataclass(slots=True)
class Difference:
    """Rewards that differ, by key."""

    gained: dict[RewardKey, Reward] = field(default_factory=dict)
    lost: dict[RewardKey, Reward] = field(default_factory=dict)
    changed: dict[RewardKey, tuple[Reward, Reward]] = field(default_factory=dict)

    @property
    def keys(self) -> list[RewardKey]:
        """Every key concerned."""
        return [*self.gained, *self.lost, *self.changed]


def differing(before: LogOutcome, after: LogOutcome) -> Difference:
    """The rewards of two outcomes that differ: by program, clause, cause and beneficiary (SEMANTICS 43)."""
    found = Difference()
    earlier = {key_of(row): row for row in before.rewards.values()}
    for row in after.rewards.values():
        key = key_of(row)
        was = earlier.pop(key, None)
        if was is None:
            found.gained[key] = row
        elif terms_of(was) != terms_of(row):
            found.changed[key] = (was, row)
    found.lost = earlier
    return found


def count_differing(before: Mapping[Any, Any], after: Mapping[Any, Any], nothing: Any) -> int:
    """How many entries differ; an absent one holds nothing."""
    keys = before.keys() | after.keys()
    return sum(before.get(key, nothing) != after.get(key, nothing) for key in keys)


@dataclass(slots=True)
class Namer:
    """How rows are named outside: events by their sender's id, members by the company's name for them."""

    facts: Facts
    rulebook: Rulebook
    events: dict[int, tuple[str, str]] = field(default_factory=dict)

    def know(self, keys: Iterable[RewardKey]) -> None:
        """Look up the events that these rewards are for, all at once."""
        wanted = {key.cause for key in keys}
        if wanted:
            rows = self.facts.positions.rows.items()
            self.events = {position: name for name, position in rows if position in wanted}

    def member(self, number: int) -> str:
        """The company's name for a member."""
        row = self.facts.members.rows.get(number)
        return row.ref if row is not None else str(number)

    def currency(self, program: str) -> str:
        """The currency of a program's money."""
        held = self.rulebook.programs.get(program)
        return held[-1].currency if held else ""

    def line(self, key: RewardKey, reward: Reward, was: Reward | None = None) -> RewardLine:
        """A reward as a line of the report, with the terms that differ from what it was."""
        source, external_id = self.events.get(key.cause, ("", str(key.cause)))
        terms = {}
        if was is not None:
            pairs = zip(TERMS, terms_of(was), terms_of(reward), strict=True)
            terms = {name: (old, new) for name, old, new in pairs if old != new}
        member, currency = self.member(key.beneficiary), self.currency(key.program)
        return RewardLine(
            program=key.program,
            clause=key.clause,
            source=source,
            external_id=external_id,
            member=member,
            state=reward.state,
            cost_minor=reward.cost_minor,
            currency=currency,
            terms=terms,
        )


def reward_lines(found: Difference, namer: Namer) -> dict[str, tuple[RewardLine, ...]]:
    """The first of each kind of difference, in the order of their causes."""

    def first(keys: Iterable[RewardKey]) -> list[RewardKey]:
        return sorted(keys, key=lambda key: (key.cause, key))[:NAMED]

    named = {kind: first(getattr(found, kind)) for kind in ("gained", "lost", "changed")}
    namer.know(key for keys in named.values() for key in keys)
    return {
        "gained": tuple(namer.line(key, found.gained[key]) for key in named["gained"]),
        "lost": tuple(namer.line(key, found.lost[key]) for key in named["lost"]),
        "changed": tuple(namer.line(key, found.changed[key][1], found.changed[key][0]) for key in named["changed"]),
    }


# --- by clause, in all ----------------------------------------------------------------------------------------------


def clause_lines(before: LogOutcome, after: LogOutcome, found: Difference, namer: Namer) -> tuple[ClauseLine, ...]:
    """Each clause's rewards before and after."""
    totals = [_by_clause(outcome.rewards.values()) for outcome in (before, after)]
    kinds = [_count(found.gained), _count(found.lost), _count(found.changed)]
    lines = []
    for clause in sorted(totals[0].keys() | totals[1].keys()):
        (count, cost), (count_now, cost_now) = (total.get(clause, (0, 0)) for total in totals)
        changes = [kind.get(clause, 0) for kind in kinds]
        currency = namer.currency(clause[0])
        lines.append(ClauseLine(*clause, currency, (count, count_now), (cost, cost_now), *changes))
    return tuple(lines)


def _by_clause(rewards: Iterable[Reward]) -> dict[tuple[str, str], Pair]:
    totals: dict[tuple[str, str], Pair] = {}
    for row in rewards:
        count, cost = totals.get((row.program, row.clause), (0, 0))
        stands, costs = row.state in STANDING, row.cost_minor if row.state in COSTING else 0
        totals[row.program, row.clause] = (count + stands, cost + costs)
    return totals


def _count(keys: Iterable[RewardKey]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for key in keys:
        counts[key.program, key.clause] += 1
    return counts


def costs(clauses: Iterable[ClauseLine]) -> dict[str, Pair]:
    """What all rewards cost, by currency."""
    totals: dict[str, Pair] = {}
    for line in clauses:
        was, now = totals.get(line.currency, (0, 0))
        totals[line.currency] = (was + line.cost_minor[0], now + line.cost_minor[1])
    return totals


def bound_lines(before: LogOutcome, after: LogOutcome) -> tuple[BoundLine, ...]:
    """Every limit, cap and budget that stopped something in either."""
    keys = sorted(before.bounds.keys() | after.bounds.keys())
    return tuple(
        BoundLine(program, clause, Verdict(verdict).name.lower(), before.bounds[key], after.bounds[key])
        for key in keys
        for program, clause, verdict in (key,)
    )


# --- by member ------------------------------------------------------------------------------------------------------


def points_received(outcome: LogOutcome) -> dict[tuple[int, str], int]:
    """What each member received of each unit of points, less what was taken back."""
    sums: dict[tuple[int, str], int] = defaultdict(int)
    for (debit, credit, reason), (_, amount) in outcome.moved.items():
        if is_currency(debit[2]):
            continue
        if reason in _RECEIVED and credit[0] in (Kind.AVAILABLE, Kind.HELD):
            sums[credit[1], credit[2]] += amount
        elif reason in _TAKEN_BACK and debit[0] in (Kind.AVAILABLE, Kind.HELD, Kind.DEBT):
            sums[debit[1], debit[2]] -= amount
    return sums


@dataclass(frozen=True, slots=True)
class Received:
    """Points that members received, before and after, by member and unit."""

    before: dict[tuple[int, str], int]
    after: dict[tuple[int, str], int]

    @classmethod
    def of(cls, before: LogOutcome, after: LogOutcome) -> "Received":
        """Add up what both outcomes moved."""
        return cls(points_received(before), points_received(after))

    def changes(self) -> Iterator[tuple[int, str, int]]:
        """Member, unit and change, where there is one."""
        for key in self.before.keys() | self.after.keys():
            if change := self.after.get(key, 0) - self.before.get(key, 0):
                yield *key, change


def unit_lines(received: Received, rulebook: Rulebook) -> tuple[UnitLine, ...]:
    """Points before and after, and what the difference costs."""
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for at, side in enumerate((received.before, received.after)):
        for (_, unit), count in side.items():
            totals[unit][at] += count
    gained, lost = defaultdict[str, int](int), defaultdict[str, int](int)
    for _, unit, change in received.changes():
        (gained if change > 0 else lost)[unit] += abs(change)
    lines = []
    for unit, (was, now) in sorted(totals.items()):
        currency, value = _value(rulebook, unit)
        worth = None if value is None else value * (now - was)
        lines.append(UnitLine(unit, (was, now), gained[unit], lost[unit], currency, worth))
    return tuple(lines)


def _value(rulebook: Rulebook, unit: str) -> tuple[str, int | None]:
    """What one point costs, as the latest version that says so has it."""
    for held in rulebook.programs.values():
        points = held[-1].document.points
        if points and points.unit == unit and points.value:
            return points.value.currency, points.value.minor
    return "", None


def member_lines(
    before: LogOutcome, after: LogOutcome, received: Received, namer: Namer
) -> tuple[tuple[MemberLine, ...], tuple[MemberLine, ...]]:
    """The ten who gain most and the ten who lose most."""
    lines = list(_members(before, after, received, namer))
    best = nlargest(_TEN, (line for line in lines if line[1] > 0), key=lambda line: (line[1], -line[0]))
    worst = nlargest(_TEN, (line for line in lines if line[1] < 0), key=lambda line: (-line[1], -line[0]))
    return tuple(_line(each, namer) for each in best), tuple(_line(each, namer) for each in worst)


_Change = tuple[int, int, dict[str, int], dict[str, int]]


def _members(before: LogOutcome, after: LogOutcome, received: Received, namer: Namer) -> Iterator[_Change]:
    """For each member: number, worth, money by currency, points by unit."""
    money: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    points: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for outcome, sign in ((before, -1), (after, 1)):
        for row in outcome.rewards.values():
            if row.state in COSTING:
                money[row.beneficiary][namer.currency(row.program)] += sign * _money_in(row)
    for owner, unit, change in received.changes():
        points[owner][unit] = change
    values = {unit: _value(namer.rulebook, unit)[1] or 1 for held in points.values() for unit in held}
    for number in money.keys() | points.keys():
        mine, theirs = money.get(number, {}), points.get(number, {})
        worth = sum(mine.values()) + sum(count * values[unit] for unit, count in theirs.items())
        if worth:
            yield number, worth, {k: v for k, v in mine.items() if v}, {k: v for k, v in theirs.items() if v}


def _money_in(row: Reward) -> int:
    """What a reward is worth beyond points, which are counted as points; of an open choice, its dearest option."""
    certain = sum(item.cost for item in row.items if item.kind != "points")
    return certain + max((item.cost for item in row.options if item.kind != "points"), default=0)


def _line(change: _Change, namer: Namer) -> MemberLine:
    number, worth, money, points = change
    return MemberLine(namer.member(number), money, points, worth)
