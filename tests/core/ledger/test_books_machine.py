"""A wallet with lots and debt against a naive model that remembers the birth of every single point."""

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sayso.core.ledger import chart, lots
from sayso.core.ledger.chart import LedgerAccount
from sayso.core.ledger.transfers import (
    Balances,
    Movement,
    Origin,
    Reason,
    Transfer,
    apply,
    balances,
    claw_back,
    owed,
    repay,
    transfer,
)

ADA, UNIT = 1, "stars"
WORLD, WALLET = chart.world(UNIT), chart.available(ADA, UNIT)


@dataclass
class Point:
    """One point of the naive model."""

    earning: int
    expires_at: int
    fate: str = "available"


class Books(RuleBasedStateMachine):
    """Ada earns, spends, loses and repays points, in any order."""

    @initialize()
    def open_books(self) -> None:
        self.now = 1
        self.rows: list[Transfer] = []
        self.balances: Balances = {}
        self.lots: lots.Lots = {}
        self.earnings: list[list[int]] = []  # expires_at, and how much of it may still be taken back
        self.points: list[Point] = []
        self.owed = 0

    def book(self, movement: Movement, *, reason: Reason) -> None:
        debit, credit, amount = movement
        origin = Origin(len(self.rows) + 1, 0, reason, self.now)
        row = transfer(len(self.rows) + 1, debit=debit, credit=credit, amount=amount, origin=origin)
        apply(self.balances, row)
        self.rows.append(row)

    def purse(self) -> list[Point]:
        """The naive model's available points, first to expire first."""
        return sorted((p for p in self.points if p.fate == "available"), key=lambda p: p.expires_at or 10**9)

    @rule(amount=st.integers(1, 20), months=st.integers(0, 4))
    def earn(self, amount: int, months: int) -> None:
        expires_at = self.now + months if months else lots.NEVER
        self.book((WORLD, WALLET, amount), reason=Reason.EARN)
        repayments = repay(self.balances, member=ADA, unit=UNIT, earned=amount)
        for movement in repayments:
            self.book(movement, reason=Reason.REPAY)
        kept = amount - sum(movement[2] for movement in repayments)
        if kept:
            self.lots = lots.earn(self.lots, expires_at=expires_at, amount=kept)
        self.earnings.append([expires_at, amount])
        for _ in range(amount):
            self.points.append(Point(len(self.earnings), expires_at, "repaid" if self.owed else "available"))
            self.owed = max(0, self.owed - 1)

    @precondition(lambda self: self.lots)
    @rule(share=st.integers(1, 100))
    def spend(self, share: int) -> None:
        amount = max(1, sum(self.lots.values()) * share // 100)
        self.lots, _ = lots.spend(self.lots, amount=amount)
        self.book((WALLET, chart.redeemed(UNIT), amount), reason=Reason.SPEND)
        for point in self.purse()[:amount]:
            point.fate = "spent"

    @rule(months=st.integers(1, 3))
    def time_passes(self, months: int) -> None:
        self.now += months
        self.lots, lapsed = lots.expire(self.lots, now=self.now)
        if lapsed:
            self.book((WALLET, chart.expired(UNIT), lapsed), reason=Reason.EXPIRE)
        for point in self.purse():
            if point.expires_at != lots.NEVER and point.expires_at <= self.now:
                point.fate = "expired"

    @precondition(lambda self: any(left for _, left in self.earnings))
    @rule(pick=st.integers(0, 50), share=st.integers(1, 100))
    def refund(self, pick: int, share: int) -> None:
        open_earnings = [earning for earning in self.earnings if earning[1]]
        earning = open_earnings[pick % len(open_earnings)]
        amount = max(1, earning[1] * share // 100)
        earning[1] -= amount
        before = sum(self.lots.values())
        self.lots, taken = lots.take_back(self.lots, expires_at=earning[0], amount=amount)
        for movement in claw_back(self.balances, member=ADA, unit=UNIT, amount=amount, to=WORLD):
            self.book(movement, reason=Reason.CLAWBACK)
        assert sum(self.lots.values()) == before - taken
        self.take_naively(earning[0], amount)

    def take_naively(self, expires_at: int, amount: int) -> None:
        for _ in range(amount):
            purse = self.purse()
            of_that_lot = [point for point in purse if point.expires_at == expires_at]
            if purse:
                (of_that_lot or purse)[0].fate = "taken"
            else:
                self.owed += 1

    def count(self, fate: str) -> int:
        return sum(1 for point in self.points if point.fate == fate)

    @invariant()
    def books_agree_with_every_single_point(self) -> None:
        naive: dict[int, int] = {}
        for point in self.purse():
            naive[point.expires_at] = naive.get(point.expires_at, 0) + 1
        assert self.lots == naive
        assert self.balance(WALLET) == sum(naive.values())
        assert self.balance(chart.redeemed(UNIT)) == self.count("spent")
        assert self.balance(chart.expired(UNIT)) == self.count("expired")
        assert owed(self.balances, member=ADA, unit=UNIT) == self.owed

    @invariant()
    def books_are_whole(self) -> None:
        assert sum(self.balances.values()) == 0
        assert self.balances == balances(self.rows)

    def balance(self, account: LedgerAccount) -> int:
        return self.balances.get(account, 0)


TestBooks = Books.TestCase
