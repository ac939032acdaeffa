"""What a backtest found: how much was compared, and every difference, by clause, by member and in all.

Owns the shape of the report. How it reads is `text`'s; it must not compare.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from sayso.core.program.calendar import datetime_of

# A report names so many of each kind of difference; it counts all of them.
NAMED = 100


@dataclass(frozen=True, slots=True)
class Compared:
    """How much was compared.

    Attributes:
        events: events of the log that were decided again, timers not among them.
        decisions: those whose reasons were compared with the reasons given then.
        people: decisions of people among them.
        erased: members of the history who were erased since; what their events said is gone, and with it what hung
            on their attributes, codes and decisions, so differences about them are not the candidate's.
    """

    events: int
    decisions: int
    rewards: int
    transfers: int
    balances: int
    people: int
    erased: int


@dataclass(frozen=True, slots=True)
class RewardLine:
    """One reward that the candidate gives, does not give, or gives differently.

    Attributes:
        source, external_id: the event that opened the referral or earned the reward, as its sender named it.
        member: the company's name for whoever gets it.
        state, cost_minor: under the candidate; before it, for one that is lost.
        terms: each term that differs, with its value before and after; empty for a reward that is gained or lost.
    """

    program: str
    clause: str
    source: str
    external_id: str
    member: str
    state: str
    cost_minor: int
    currency: str
    terms: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """One clause of `rewards`: how many it gives and what they cost in minor units, before and after.

    Attributes:
        count: rewards that stand: granted or waiting, and not denied, reversed or expired.
    """

    program: str
    clause: str
    currency: str
    count: tuple[int, int]
    cost_minor: tuple[int, int]
    gained: int
    lost: int
    changed: int


@dataclass(frozen=True, slots=True)
class UnitLine:
    """Points of one unit that members received, less what was taken back, before and after.

    Attributes:
        gained: what some members get more, added up; `lost`: what others get less.
        value_minor: what all of the difference costs in minor units of `currency`; None where points have no value.
    """

    unit: str
    received: tuple[int, int]
    gained: int
    lost: int
    currency: str = ""
    value_minor: int | None = None


@dataclass(frozen=True, slots=True)
class MemberLine:
    """What the candidate changes for one member.

    Attributes:
        money_minor: change in the cost of their rewards by currency, points not counted.
        points: change in points received, by unit.
        worth: both in one figure, to rank by: minor units, points at their value, or at one minor unit each.
    """

    member: str
    money_minor: dict[str, int]
    points: dict[str, int]
    worth: int


@dataclass(frozen=True, slots=True)
class BoundLine:
    """How often a limit, a cap or the budget stopped or shortened something, before and after."""

    program: str
    clause: str
    bound: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person's decision about a reward that the candidate does not give."""

    external_id: str
    decision: str
    program: str
    clause: str
    member: str


@dataclass(frozen=True, slots=True)
class Report:
    """What would have been different, had the candidate run from the program's first publication on.

    Attributes:
        programs: what was compared, `bring-a-friend`.
        decided_otherwise: compared decisions whose reasons differ.
        gained, lost, changed: rewards; their counts are exact, at most `NAMED` of each are listed.
        balances_differing, movements_differing: ledger accounts, and kinds of movement between two of them.
        winners, losers: the ten members who gain and lose most.
        failed: events that the candidate cannot decide, as (external id, why).
        period: the first and the last moment of the log, microseconds UTC.
        zone: the workspace's time zone, by its IANA name.
    """

    programs: tuple[str, ...]
    period: tuple[int, int]
    zone: str
    compared: Compared
    decided_otherwise: int
    counts: dict[str, int]
    gained: tuple[RewardLine, ...]
    lost: tuple[RewardLine, ...]
    changed: tuple[RewardLine, ...]
    clauses: tuple[ClauseLine, ...]
    points: tuple[UnitLine, ...]
    cost_minor: dict[str, tuple[int, int]]
    bounds: tuple[BoundLine, ...]
    winners: tuple[MemberLine, ...]
    losers: tuple[MemberLine, ...]
    balances_differing: int
    movements_differing: int
    unmatched: tuple[PersonLine, ...]
    unmatched_count: int
    failed: tuple[tuple[str, str], ...]

    @property
    def unchanged(self) -> bool:
        """Whether nothing at all is different."""
        found = (self.decided_otherwise, self.balances_differing, self.movements_differing, self.unmatched_count)
        bounds = any(line.before != line.after for line in self.bounds)
        return not (any(found) or any(self.counts.values()) or bounds)

    def as_dict(self) -> dict[str, Any]:
        """The report for machines: plain values, amounts in minor units, moments in RFC 3339 UTC."""
        return asdict(self) | {
            "period": [datetime_of(moment).isoformat() for moment in self.period],
            "unchanged": self.unchanged,
        }
