"""Transfers: the one kind of row in the books, what it does to balances, and how it is sealed.

Owns the row, its checks, its digest and the chain of seals. Must not know why a program moves value.
A balance is credits minus debits (see `chart`); since each row debits what it credits, every unit sums to zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Final, NamedTuple, TypeAlias

from sayso.core.ledger.chart import CEILING, FLOOR, Kind, LedgerAccount, available, debt
from sayso.core.ledger.units import NotPositive, Unit

GENESIS: Final = bytes(32)
"""The head of a workspace that has sealed nothing yet."""

Balances: TypeAlias = dict[LedgerAccount, int]
Movement: TypeAlias = tuple[LedgerAccount, LedgerAccount, int]
"""(debit, credit, amount): a transfer before it has a number and a cause."""


class Reason(IntEnum):
    """Why value moved. The numbers are stored and sealed: they never change their meaning."""

    EARN = 0
    GRANT = 1
    RELEASE = 2
    ISSUE = 3
    REDEEM = 4
    SPEND = 5
    EXPIRE = 6
    CLAWBACK = 7
    REPAY = 8
    RETURN = 9
    REFILL = 10
    LAPSE = 11
    DONATE = 12
    MOVE_IN = 13
    MERGE = 14
    LOSS = 15
    CORRECT = 16


class SameAccount(ValueError):
    """A transfer debits and credits one and the same ledger account."""


class MixedUnits(ValueError):
    """A transfer and its two ledger accounts are not all of one unit."""


class FloorBroken(Exception):
    """A transfer would take a ledger account past its bound; nothing was changed.

    Attributes:
        account: the ledger account concerned.
        balance: the balance it would have had.
    """

    def __init__(self, account: LedgerAccount, balance: int) -> None:
        self.account = account
        self.balance = balance
        super().__init__(f"{Kind(account[0]).name} of {account[1]} would stand at {balance} {account[2]}")


@dataclass(slots=True)
class Transfer:
    """One movement, unchecked for speed: use `transfer` where the values are not known to be good.

    Attributes:
        id: number of the row within its workspace.
        debit: ledger account whose balance falls.
        credit: ledger account whose balance rises.
        amount: what moves, in minor units or points; positive.
        unit: the unit of both ledger accounts.
        cause: position of the event that decided it.
        about: position of the event that earned it, 0 when none.
        reason: why, a `Reason`.
        at: when, in microseconds since 1970 UTC.
    """

    id: int
    debit: LedgerAccount
    credit: LedgerAccount
    amount: int
    unit: Unit
    cause: int
    about: int
    reason: int
    at: int


class Origin(NamedTuple):
    """Where a transfer comes from: the fields of `Transfer` that say why and when."""

    cause: int
    about: int
    reason: Reason
    at: int


def transfer(number: int, *, debit: LedgerAccount, credit: LedgerAccount, amount: int, origin: Origin) -> Transfer:
    """Build a transfer and check it; its unit is that of its ledger accounts.

    Raises:
        NotPositive: `amount` is not at least 1.
        SameAccount: both sides are the same ledger account.
        MixedUnits: the two sides are of different units.
    """
    row = Transfer(number, debit, credit, amount, debit[2], *origin)
    check(row)
    return row


def check(row: Transfer) -> None:
    """Refuse a transfer that is not one movement of one unit; raises as `transfer` does."""
    if row.amount <= 0:
        raise NotPositive(f"transfer {row.id} moves {row.amount} {row.unit}")
    if row.debit == row.credit:
        raise SameAccount(f"transfer {row.id} debits and credits {row.debit}")
    if not row.unit == row.debit[2] == row.credit[2]:
        raise MixedUnits(f"transfer {row.id} of {row.unit} moves {row.debit[2]} to {row.credit[2]}")


def apply(balances: Balances, row: Transfer) -> None:
    """Move the balances of a checked transfer's two ledger accounts, in place, or change nothing.

    Raises:
        FloorBroken: the debited balance would fall below its floor, or a debt would be repaid past zero.
    """
    debit, credit, amount = row.debit, row.credit, row.amount
    left = balances.get(debit, 0) - amount
    if left < 0 and debit[0] in FLOOR:
        raise FloorBroken(debit, left)
    if credit[0] in CEILING and balances.get(credit, 0) + amount > 0:
        raise FloorBroken(credit, balances.get(credit, 0) + amount)
    balances[debit] = left
    balances[credit] = balances.get(credit, 0) + amount


def balances(transfers: Iterable[Transfer]) -> Balances:
    """Sum transfers, in any order and without looking at bounds: what every stored balance must equal."""
    sums: Balances = {}
    for row in transfers:
        sums[row.debit] = sums.get(row.debit, 0) - row.amount
        sums[row.credit] = sums.get(row.credit, 0) + row.amount
    return sums


def owed(balances: Mapping[LedgerAccount, int], *, member: int, unit: Unit) -> int:
    """Return what a member owes: zero or positive."""
    return -balances.get(debt(member, unit), 0)


def claw_back(
    balances: Mapping[LedgerAccount, int], *, member: int, unit: Unit, amount: int, to: LedgerAccount
) -> list[Movement]:
    """Split a clawback: the wallet gives what it has, the rest becomes debt (SEMANTICS 7).

    Args:
        balances: balances before the clawback.
        member: whose wallet and debt.
        unit: what is taken back.
        amount: how much of it, at least 0.
        to: the ledger account that gets it back: a budget or the world.
    """
    wallet = available(member, unit)
    taken = min(amount, balances.get(wallet, 0))
    parts = ((wallet, to, taken), (debt(member, unit), to, amount - taken))
    return [part for part in parts if part[2] > 0]


def repay(balances: Mapping[LedgerAccount, int], *, member: int, unit: Unit, earned: int) -> list[Movement]:
    """Return the movement by which an earning already in the wallet pays off debt first (SEMANTICS 7), if any.

    Args:
        balances: balances in which the debt stands.
        member: whose wallet and debt.
        unit: what was earned.
        earned: how much has just become available, at least 0.
    """
    amount = min(earned, owed(balances, member=member, unit=unit))
    return [(available(member, unit), debt(member, unit), amount)] if amount > 0 else []


def digest(row: Transfer, workspace: int) -> bytes:
    """Return the SHA-256 of all fields of a transfer and the number of its workspace: 32 bytes.

    Units carry their length, so that no two rows are written alike; a field that must be an integer and is not
    raises `ValueError`.
    """
    debit_kind, debit_owner, debit_unit = row.debit
    credit_kind, credit_owner, credit_unit = row.credit
    text = (
        f"sayso transfer 1|{workspace:d}|{row.id:d}|{debit_kind:d}|{debit_owner:d}|{len(debit_unit)}:{debit_unit}|"
        f"{credit_kind:d}|{credit_owner:d}|{len(credit_unit)}:{credit_unit}|{row.amount:d}|{len(row.unit)}:{row.unit}|"
        f"{row.cause:d}|{row.about:d}|{row.reason:d}|{row.at:d}"
    )
    return sha256(text.encode()).digest()


def seal(previous_head: bytes, digests: Iterable[bytes]) -> bytes:
    """Return the workspace's next head over one batch: SHA-256 of the head before it and its digests in order.

    Args:
        previous_head: the head so far, 32 bytes; `GENESIS` for the first batch.
        digests: one `digest` of 32 bytes for each transfer of the batch.

    Raises:
        ValueError: a part is not 32 bytes long, which would let two batches be written alike.
    """
    chain = sha256(b"sayso seal 1|")
    for part in (previous_head, *digests):
        if len(part) != 32:
            raise ValueError(f"a head or digest has 32 bytes, not {len(part)}")
        chain.update(part)
    return chain.digest()
