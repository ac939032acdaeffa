"""What a log came to under one rulebook: rewards, books, and how often a bound was met.

Owns how a replay is added up, and how a reward is recognised across rulebooks. It must not compare.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sayso.core.engine.decision import Decided, Verdict
from sayso.core.engine.events import SPAN
from sayso.core.engine.facts import Facts
from sayso.core.engine.rows import Reason, Reward, Timer
from sayso.core.ledger.chart import LedgerAccount
from sayso.core.ledger.transfers import Transfer
from sayso.core.program.calendar import Moment

# What stops or shortens a grant because something scarce is used up.
BOUNDS = frozenset(
    map(int, (Verdict.LIMIT_REACHED, Verdict.CAPPED, Verdict.BUDGET_WAITS, Verdict.BUDGET_SPENT, Verdict.LAPSED))
)

Movement = tuple[LedgerAccount, LedgerAccount, int]
"""(debit, credit, reason): transfers that differ in number, cause and amount only are added up."""
Sums = tuple[int, int]
"""How many transfers, and what they add up to."""
Bound = tuple[str, str, int]
"""(program, clause, verdict)."""


class RewardKey(NamedTuple):
    """What makes a reward the same one under another rulebook (SEMANTICS 19, 43).

    Attributes:
        cause: the position in the log of what it is for: the event that opened the referral, or the one that earned it.
    """

    program: str
    clause: str
    cause: int
    beneficiary: int


def key_of(reward: Reward) -> RewardKey:
    """A reward's key: its own number and its referral's depend on what else an event made, positions do not."""
    return RewardKey(reward.program, reward.clause, cause_of(reward), reward.beneficiary)


def cause_of(reward: Reward) -> int:
    """The position of the event that a reward is for."""
    return reward.cause // SPAN if reward.cause == reward.referral else reward.cause


@dataclass(slots=True)
class LogOutcome:
    """What a log came to.

    Attributes:
        rewards: by number.
        moved: the transfers by debit, credit and reason.
        bounds: how often a limit, a cap or a budget stopped something; as far as decisions are known.
        frontier: everything due before this moment has fired, microseconds UTC.
        failed: events that could not be decided, as (their sender's id, why).
    """

    rewards: Mapping[int, Reward] = field(default_factory=dict)
    balances: Mapping[LedgerAccount, int] = field(default_factory=dict)
    moved: dict[Movement, Sums] = field(default_factory=dict)
    bounds: Counter[Bound] = field(default_factory=Counter)
    frontier: Moment = 0
    failed: list[tuple[str, str]] = field(default_factory=list)

    def hear(self, decided: Decided) -> None:
        """Add a decision of a replay."""
        decision = decided.decision
        if decision is None:
            self.failed.append((decided.event.external_id, decided.failure))
            return
        if decision.transfers:
            self.book(decision.transfers)
        self.note(decision.reasons)

    def book(self, transfers: Iterable[Transfer]) -> None:
        """Add transfers."""
        moved = self.moved
        for each in transfers:
            key = each.debit, each.credit, each.reason
            known = moved.get(key)
            moved[key] = (1, each.amount) if known is None else (known[0] + 1, known[1] + each.amount)

    def note(self, reasons: Iterable[Reason]) -> None:
        """Count the bounds among the reasons of a decision."""
        for each in reasons:
            if each.verdict in BOUNDS:
                self.bounds[each.program, each.clause, each.verdict] += 1

    @property
    def transfers(self) -> int:
        """How many transfers there were."""
        return sum(count for count, _ in self.moved.values())


def frontier_of(timers: Iterable[Timer], clock: Moment) -> Moment:
    """Up to which moment everything due has fired: the first that is still pending, else the clock itself."""
    return min((clock + 1, *(timer.due_at for timer in timers)))


def stored_in(facts: Facts, transfers: Iterable[Transfer], clock: Moment) -> LogOutcome:
    """What a store in memory holds, as a backtest compares it.

    Args:
        clock: what the store's clock shows, microseconds UTC.
    """
    pending = (timer for held in facts.timers.rows.values() for timer in held.values())
    outcome = LogOutcome(facts.rewards.rows, facts.balances.rows, frontier=frontier_of(pending, clock))
    outcome.book(transfers)
    return outcome


def terms_of(reward: Reward) -> tuple[Any, ...]:
    """Everything about a reward that two rulebooks may settle differently; numbers of rows and timers are left out."""
    return (
        reward.version, reward.state, _plain(reward.items), _plain(reward.options), reward.cost_minor,
        reward.base_minor, reward.granted_at, reward.due_at, reward.taken_back, reward.trigger,
        reward.referral // SPAN, reward.by,
    )  # fmt: skip


TERMS = (
    "version", "state", "items", "options", "cost_minor", "base_minor", "granted_at", "due_at", "taken_back",
    "trigger", "referral", "by",
)  # fmt: skip


def _plain(items: Iterable[Any]) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(item) for item in items)
