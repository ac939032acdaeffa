"""Transfers: the one kind of row in the books, what it does to balances, and how it is sealed.

Owns the row, its checks, its digest and the chain of seals. Must not know why a program moves value.
A balance is credits minus debits (see `chart`); since each row debits what it credits, every unit sums to zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Final, TypeAlias

from sayso.core.ledger.chart import CEILING, FLOOR, Kind, LedgerAccount
from sayso.core.ledger.units import NotPositive, Unit

GENESIS: Final = bytes(32)
"""The head of a workspace that has sealed nothing yet."""

Balances: TypeAlias = dict[LedgerAccount, int]


class Purpose(IntEnum):
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


@dataclass(slots=True, init=False)
class Transfer:
    """One movement; `moved` checks it and gives what both sides hold afterwards.

    Attributes:
        id: number of the row within its workspace.
        debit: ledger account whose balance falls.
        credit: ledger account whose balance rises.
        amount: what moves, in minor units or points; positive.
        unit: the unit of both ledger accounts.
        cause: position of the event that decided it.
        about: position of the event that earned it, 0 when none.
        reason: why, a `Purpose`.
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

    # Written out, as the engine's events are: what a dataclass makes is not compiled.
    def __init__(  # noqa: PLR0913, PLR0917
        self,
        id: int,
        debit: LedgerAccount,
        credit: LedgerAccount,
        amount: int,
        unit: Unit,
        cause: int,
        about: int,
        reason: int,
        at: int,
    ) -> None:
        self.id = id
        self.debit = debit
        self.credit = credit
        self.amount = amount
        self.unit = unit
        self.cause = cause
        self.about = about
        self.reason = reason
        self.at = at


def moved(debit: LedgerAccount, credit: LedgerAccount, amount: int, before: tuple[int, int]) -> tuple[int, int]:
    """Return the balances of both ledger accounts after a movement.

    Args:
        debit: whose balance falls.
        credit: whose balance rises.
        amount: what moves.
        before: what the two hold.

    Raises:
        NotPositive: `amount` is not at least 1.
        SameAccount: both sides are the same ledger account.
        MixedUnits: the two sides are of different units.
        FloorBroken: the debited balance would fall below its floor, or a debt would be repaid past zero.
    """
    if amount <= 0:
        raise NotPositive(f"{amount} {debit[2]} is no amount to move")
    if debit == credit:
        raise SameAccount(f"{debit} is both sides of a transfer")
    if debit[2] != credit[2]:
        raise MixedUnits(f"a transfer from {debit} to {credit} has two units")
    left, grown = before[0] - amount, before[1] + amount
    if left < 0 and debit[0] in FLOOR:
        raise FloorBroken(debit, left)
    if grown > 0 and credit[0] in CEILING:
        raise FloorBroken(credit, grown)
    return left, grown


def balances(transfers: Iterable[Transfer]) -> Balances:
    """Sum transfers, in any order and without looking at bounds: what every stored balance must equal."""
    sums: Balances = {}
    for row in transfers:
        sums[row.debit] = sums.get(row.debit, 0) - row.amount
        sums[row.credit] = sums.get(row.credit, 0) + row.amount
    return sums


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
