"""A member's movements, the latest first, as they themselves look at them.

Owns that order, and that what rewards cost the company is not among them. It must not add anything up.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from sayso.core.ledger.chart import Kind
from sayso.core.ledger.transfers import Purpose
from sayso.domains.ledger.models import Transfer
from sayso.domains.workspaces.models import Workspace

# What counts most for its owner stands first.
_SEEN = (Kind.AVAILABLE, Kind.HELD, Kind.DEBT)


@dataclass(frozen=True, slots=True)
class Movement:
    """What one transfer did for a member.

    Attributes:
        number: of the transfer.
        account: `available`, `held` or `debt`.
        amount: what it changed by, negative where it fell.
        reason: why value moved, `earn` or `clawback`.
        cause, about: positions of the event that decided it, and of the one that earned it (0 for none).
    """

    number: int
    at: datetime | None
    account: str
    unit: str
    amount: int
    reason: str
    cause: int
    about: int


def movements_of(
    workspace: Workspace, members: Collection[int], *, limit: int, before: int = 0
) -> tuple[list[Movement], int]:
    """Return the latest movements, and the number before which the next ones are found; 0 where there are no more.

    Args:
        workspace: whose books.
        members: the member's number, and those of members merged into them.
        limit: how many at most.
        before: only those with a lower number; 0 for the latest.
    """
    mine = Q(debit_owner__in=members, debit_kind__in=_SEEN) | Q(credit_owner__in=members, credit_kind__in=_SEEN)
    rows = Transfer.objects.filter(mine, workspace=workspace)
    if before:
        rows = rows.filter(id__lt=before)
    found = list(rows.order_by("-id")[: limit + 1])
    shown = found[:limit]
    return [_movement(row, members) for row in shown], shown[-1].id if len(found) > limit else 0


def _movement(row: Transfer, members: Collection[int]) -> Movement:
    """A transfer as its member sees it: what it did to what they may spend, else to what is on its way or owed."""
    sides = ((row.credit_kind, row.credit_owner, row.amount), (row.debit_kind, row.debit_owner, -row.amount))
    mine = [(kind, amount) for kind, owner, amount in sides if owner in members and kind in _SEEN]
    kind, amount = min(mine, key=lambda side: _SEEN.index(Kind(side[0])))
    account, reason = Kind(kind).name.lower(), Purpose(row.reason).name.lower()
    return Movement(
        number=row.id,
        at=row.at,
        account=account,
        unit=row.unit,
        amount=amount,
        reason=reason,
        cause=row.cause,
        about=row.about,
    )
