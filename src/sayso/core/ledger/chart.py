"""The chart of ledger accounts: which kinds there are, how one is named and which bound its balance keeps.

Owns the kinds and their bounds. Must not hold a balance. A ledger account is a plain tuple of plain values,
because it is built and hashed several times for each event.

A balance is credits minus debits, for every ledger account; a transfer moves its amount from debit to credit.
So a wallet of 30 points has the balance 30, and a member who owes 30 points has the balance -30 in `DEBT`:
the missing part of a clawback is debited there, and a repayment credits it back towards zero.
"""

from enum import IntEnum
from typing import Final, TypeAlias

from sayso.core.ledger.units import Unit


class Kind(IntEnum):
    """What a ledger account holds. The numbers are stored and sealed: they never change their meaning."""

    WORLD = 0  # everything outside: where value comes from and goes to
    BUDGET = 1  # what rewards may still draw
    AVAILABLE = 2  # a member's wallet
    HELD = 3  # earned by a member, not theirs to spend yet
    DEBT = 4  # what a member owes, as a negative balance
    REDEEMED = 5
    EXPIRED = 6
    DONATED = 7
    PROMISED = 8  # rewards granted but not yet handed over, at cost
    LOSS = 9  # what a third party already issued and a clawback cannot recover


LedgerAccount: TypeAlias = tuple[int, int, Unit]
"""(kind, owner, unit): the owner is a member's id, a budget's number, or 0 where nobody owns it."""

FLOOR: Final[frozenset[int]] = frozenset(map(int, (Kind.BUDGET, Kind.AVAILABLE, Kind.HELD, Kind.PROMISED)))
"""Kinds whose balance never falls below zero (SEMANTICS 7; a budget cannot be overspent)."""

CEILING: Final[frozenset[int]] = frozenset({int(Kind.DEBT)})
"""Kinds whose balance never rises above zero: nobody repays more than they owe."""

_WORLD, _BUDGET, _AVAILABLE, _HELD, _DEBT, _REDEEMED, _EXPIRED, _DONATED, _PROMISED, _LOSS = map(int, Kind)


def world(unit: Unit) -> LedgerAccount:
    """Name the outside world's ledger account, the only one that may go anywhere."""
    return (_WORLD, 0, unit)


def budget(number: int, unit: Unit) -> LedgerAccount:
    """Name the ledger account of the budget with this number."""
    return (_BUDGET, number, unit)


def available(member: int, unit: Unit) -> LedgerAccount:
    """Name the wallet that a member can spend from."""
    return (_AVAILABLE, member, unit)


def held(member: int, unit: Unit) -> LedgerAccount:
    """Name the ledger account of what a member has earned and must still wait for."""
    return (_HELD, member, unit)


def debt(member: int, unit: Unit) -> LedgerAccount:
    """Name the ledger account of what a member owes; its balance is zero or negative."""
    return (_DEBT, member, unit)


def redeemed(unit: Unit) -> LedgerAccount:
    """Name the ledger account of what members have spent or been handed."""
    return (_REDEEMED, 0, unit)


def expired(unit: Unit) -> LedgerAccount:
    """Name the ledger account of what lapsed unspent."""
    return (_EXPIRED, 0, unit)


def donated(unit: Unit) -> LedgerAccount:
    """Name the ledger account of what members gave away."""
    return (_DONATED, 0, unit)


def promised(member: int, unit: Unit) -> LedgerAccount:
    """Name the ledger account of a member's rewards that are granted and not yet handed over, at cost."""
    return (_PROMISED, member, unit)


def loss(unit: Unit) -> LedgerAccount:
    """Name the ledger account of what was issued by a third party and cannot be taken back (SEMANTICS 32)."""
    return (_LOSS, 0, unit)
