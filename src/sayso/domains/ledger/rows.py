"""How the books stand in their tables: plain values, since the core keeps them as tuples and mappings.

Owns the columns. It must not read or write them, nor decide a movement.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sayso.core.ledger.transfers import Transfer
from sayso.domains.workspaces.stored import stored


class BalanceRow(NamedTuple):
    """What one ledger account holds."""

    owner: int
    kind: int
    unit: str
    balance: int


class LotRow(NamedTuple):
    """What one member has left of one unit that expires at one moment."""

    member: int
    unit: str
    expires_at: int
    remaining: int


class TransferRow(NamedTuple):
    """One movement with its digest; the fields mean what they mean in `ledger.models.Transfer`."""

    id: int
    debit_kind: int
    debit_owner: int
    credit_kind: int
    credit_owner: int
    unit: str
    amount: int
    cause: int
    about: int
    reason: int
    at: int
    digest: bytes

    def as_transfer(self) -> Transfer:
        """Return the movement as the core knows it."""
        return Transfer(
            self.id,
            (self.debit_kind, self.debit_owner, self.unit),
            (self.credit_kind, self.credit_owner, self.unit),
            *(self.amount, self.unit, self.cause, self.about, self.reason, self.at),
        )


class SealRow(NamedTuple):
    """The head after one batch; the fields mean what they mean in `ledger.models.Seal`."""

    number: int
    first_position: int
    last_position: int
    transfers: int
    head: bytes


BALANCES = stored(BalanceRow, "ledger_balance", ("owner", "kind", "unit"))
LOTS = stored(LotRow, "ledger_lot", ("member", "unit", "expires_at"))
TRANSFERS = stored(TransferRow, "ledger_transfer", ("id",))
SEALS = stored(SealRow, "ledger_seal", ("number",))


def transfer_values(transfers: Iterable[Transfer], digests: Iterable[bytes]) -> list[tuple[object, ...]]:
    """Return transfers as values in the order of the columns, each with its digest."""
    return [
        (
            each.id, each.debit[0], each.debit[1], each.credit[0], each.credit[1], each.unit,
            each.amount, each.cause, each.about, each.reason, each.at, digest,
        )
        for each, digest in zip(transfers, digests, strict=True)
    ]  # fmt: skip
