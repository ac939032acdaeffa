"""A naive model of the books: every transfer booked by hand, and what rewards reserve counted from the rewards alone.

Owns the model that the property tests hold the engine against. It must not ask the engine how it books anything.
"""

from collections import Counter
from collections.abc import Iterable

from sayso.core.engine.memory import MemoryStore
from sayso.core.engine.rows import Item, Reward
from sayso.core.ledger.chart import Kind, LedgerAccount
from sayso.core.ledger.transfers import Purpose, Transfer

PENDING = frozenset({"held", "in_review", "approved"})
HANDED_OVER = frozenset({"issued", "redeemed", "expired"})
MONEY = frozenset({"credit", "cashback"})
THEIRS = frozenset({Kind.AVAILABLE, Kind.HELD, Kind.DEBT})
NEVER_BELOW = frozenset({Kind.BUDGET, Kind.AVAILABLE, Kind.HELD, Kind.PROMISED})


class NaiveBooks:
    """Accounts as plain numbers, moved one transfer at a time."""

    def __init__(self) -> None:
        self.accounts: Counter[LedgerAccount] = Counter()
        self.booked = 0
        self.given: Counter[tuple[int, str, int]] = Counter()
        self.taken: Counter[tuple[int, str, int]] = Counter()

    def book(self, store: MemoryStore) -> None:
        """Book what is new, and find every rule of the books kept at each single step."""
        for row in store.transfers[self.booked :]:
            self._book_one(row)
        self.booked = len(store.transfers)

    def _book_one(self, row: Transfer) -> None:
        assert row.amount > 0
        assert row.debit != row.credit
        assert row.unit == row.debit[2] == row.credit[2]
        self.accounts[row.debit] -= row.amount
        self.accounts[row.credit] += row.amount
        if row.debit[0] in NEVER_BELOW:
            assert self.accounts[row.debit] >= 0, f"{row} takes too much"
        if Kind.DEBT in (row.debit[0], row.credit[0]):
            assert row.reason in (Purpose.CLAWBACK, Purpose.REPAY, Purpose.MERGE), f"{row} touches a debt"
            assert all(balance <= 0 for (kind, *_), balance in self.accounts.items() if kind == Kind.DEBT)
        self._weigh(row)

    def _weigh(self, row: Transfer) -> None:
        """Note what one event gave to a member, and what was taken back for it."""
        if row.reason in (Purpose.EARN, Purpose.RELEASE):
            self.given[row.about, row.unit, row.credit[1]] += row.amount
        elif row.reason == Purpose.CLAWBACK and row.debit[0] in THEIRS:
            self.taken[row.about, row.unit, row.debit[1]] += row.amount

    def taken_beyond_given(self, store: MemoryStore) -> list[tuple[int, str, int]]:
        """What more was taken back of than was given, by event, unit and member; who was merged counts as the other."""
        left: Counter[tuple[int, str, int]] = Counter()
        for sign, booked in ((1, self.given), (-1, self.taken)):
            for (about, unit, member), amount in booked.items():
                left[about, unit, survivor(store, member)] += sign * amount
        return [key for key, amount in left.items() if amount < 0]

    def faults(self, store: MemoryStore) -> list[str]:
        """Where the store's books differ from this model's."""
        found = [] if dict(self.accounts) == store.facts.balances.rows else ["a balance is not what was booked"]
        if self.accounts[Kind.DONATED, 0, "EUR"] != donations(store.facts.rewards.rows.values()):
            found.append("what is donated is not what rewards gave to good causes")
        found += [f"{unit} sums to {total}" for unit, total in self._sums().items() if total]
        reserved = Counter[LedgerAccount]()
        for reward in store.facts.rewards.rows.values():
            reserved.update(reserves(reward))
        for account in {*reserved, *(each for each in self.accounts if each[0] in (Kind.HELD, Kind.PROMISED))}:
            if self.accounts[account] != reserved[account]:
                found.append(f"{account} holds {self.accounts[account]}, rewards reserve {reserved[account]}")
        return found

    def _sums(self) -> Counter[str]:
        sums: Counter[str] = Counter()
        for (_, _, unit), balance in self.accounts.items():
            sums[unit] += balance
        return sums


def survivor(store: MemoryStore, member: int) -> int:
    """Whom a member is now, after every merge."""
    while into := store.facts.members.rows[member].merged_into:
        member = into
    return member


def reserves(reward: Reward) -> Counter[LedgerAccount]:
    """What a reward keeps in reserve for its member, by its state."""
    member = reward.beneficiary
    if reward.state in PENDING:
        money = _in(reward.items, MONEY)
        return Counter(
            {
                (Kind.HELD, member, "EUR"): money,
                (Kind.HELD, member, "stars"): _in(reward.items, frozenset({"points"})),
                (Kind.PROMISED, member, "EUR"): reward.cost_minor - money,
            }
        )
    if reward.state == "issued":
        return Counter({(Kind.PROMISED, member, "EUR"): _in(reward.items, frozenset({"coupon"}))})
    return Counter()


def donations(rewards: Iterable[Reward]) -> int:
    """What rewards that were handed over, and stand, gave to good causes."""
    return sum(_in(reward.items, frozenset({"donation"})) for reward in rewards if reward.state in HANDED_OVER)


def _in(items: tuple[Item, ...], kinds: frozenset[str]) -> int:
    return sum(item.value for item in items if item.kind in kinds)
