"""Reading the books: every member's balance, one member's statement."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from sayso.core.ledger.chart import Kind
from sayso.core.ledger.transfers import Purpose
from sayso.domains.ledger.models import Balance, Lot, Transfer
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.page import Page

_OF_MEMBERS = (Kind.AVAILABLE, Kind.HELD, Kind.DEBT, Kind.PROMISED)
_IN_WALLETS = (Kind.AVAILABLE, Kind.HELD, Kind.DEBT)


@dataclass(frozen=True, slots=True)
class MemberBalance:
    """What one member has of one unit, in minor units or points."""

    ref: str
    available: int
    held: int


@dataclass(frozen=True, slots=True)
class Wallet:
    """What one member has of one unit, in minor units or points.

    Attributes:
        held: earned, and not theirs to spend yet.
        owed: what is missing from a clawback; later earnings repay it first (SEMANTICS 7).
    """

    unit: str
    available: int
    held: int
    owed: int


@dataclass(frozen=True, slots=True)
class Line:
    """One movement of one ledger account of a member.

    Attributes:
        account: `available`, `held`, `debt` or `promised`.
        amount: what it changed by, negative where it fell.
        balance: what stood there afterwards.
        reason: why value moved, `earn` or `clawback`.
        cause, about: positions of the event that decided it, and of the one that earned it (0 when none).
    """

    at: datetime | None
    account: str
    unit: str
    amount: int
    balance: int
    reason: str
    cause: int
    about: int


def balances(workspace: Workspace, unit: str) -> list[MemberBalance]:
    """Return what every member has of a unit, members with nothing included, by the company's names for them.

    A member who was merged is counted as whom they became.
    """
    statement = (
        "SELECT m.ref, COALESCE(SUM(CASE WHEN b.kind = %s THEN b.balance END), 0), "
        "COALESCE(SUM(CASE WHEN b.kind = %s THEN b.balance END), 0) "
        "FROM people_member m LEFT JOIN ledger_balance b "
        "ON b.owner = m.id AND b.workspace_id = m.workspace_id AND b.unit = %s "
        "WHERE m.workspace_id = %s AND m.status <> 'merged' GROUP BY m.id, m.ref ORDER BY m.ref"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [int(Kind.AVAILABLE), int(Kind.HELD), unit, workspace.pk])
        return [MemberBalance(ref, int(available), int(held)) for ref, available, held in cursor.fetchall()]


def turnover(workspace: Workspace) -> dict[tuple[str, Purpose], int]:
    """Return how much was moved altogether, by unit and reason, in minor units or points."""
    sums = Transfer.objects.filter(workspace=workspace).values_list("unit", "reason").annotate(moved=Sum("amount"))
    return {(unit, Purpose(reason)): int(moved) for unit, reason, moved in sums.order_by("unit", "reason")}


def units(workspace: Workspace) -> list[str]:
    """Return the units in which the workspace keeps books."""
    return list(Balance.objects.filter(workspace=workspace).values_list("unit", flat=True).distinct().order_by("unit"))


def lots_of(workspace: Workspace, members: Collection[int]) -> list[Lot]:
    """Return the lots of some members, the one that expires first at the head."""
    lots = list(Lot.objects.filter(workspace=workspace, member__in=members))
    return sorted(lots, key=lambda lot: (lot.unit, lot.expires_at is None, lot.expires_at))


def wallets_of(workspace: Workspace, members: Collection[int]) -> list[Wallet]:
    """Return what a member has of each unit that they ever had anything of.

    Args:
        workspace: whose books.
        members: the member's number, and those of members merged into them.
    """
    rows = Balance.objects.filter(owner__in=members, workspace=workspace, kind__in=_IN_WALLETS)
    sums: dict[str, dict[int, int]] = {}
    for kind, unit, balance in rows.values_list("kind", "unit", "balance"):
        of_unit = sums.setdefault(unit, dict.fromkeys(_IN_WALLETS, 0))
        of_unit[kind] += balance
    return [
        Wallet(unit, held[Kind.AVAILABLE], held[Kind.HELD], -held[Kind.DEBT]) for unit, held in sorted(sums.items())
    ]


def statement_of(workspace: Workspace, members: Collection[int]) -> list[Line]:
    """Return every movement on the ledger accounts of a member, oldest first.

    Args:
        workspace: whose books.
        members: the member's number, and those of members merged into them.
    """
    rows = _movements(workspace, members).order_by("id")
    return list(_lines(rows, members, {}))


def statement_page(workspace: Workspace, members: Collection[int], page: Page) -> tuple[list[Line], int]:
    """Return a part of what `statement_of` returns, and the number behind which the next part begins; 0 at the end.

    Args:
        workspace: whose books.
        members: as in `statement_of`.
        page: at most so many movements, after one; a movement between two accounts of the member makes two lines.
    """
    rows = list(_movements(workspace, members).filter(id__gt=page.after).order_by("id")[: page.limit])
    lines = list(_lines(rows, members, _sums_until(workspace, members, page.after)))
    return lines, rows[-1].id if len(rows) == page.limit else 0


def _movements(workspace: Workspace, members: Collection[int]) -> "QuerySet[Transfer]":
    mine = Q(debit_owner__in=members, debit_kind__in=_OF_MEMBERS) | Q(
        credit_owner__in=members, credit_kind__in=_OF_MEMBERS
    )
    return Transfer.objects.filter(mine, workspace=workspace)


def _sums_until(workspace: Workspace, members: Collection[int], last: int) -> dict[tuple[int, str], int]:
    """What each account of a member held after a movement, added up by the database."""
    sums: dict[tuple[int, str], int] = {}
    for side, sign in (("debit", -1), ("credit", 1)) if last else ():
        mine = {f"{side}_owner__in": members, f"{side}_kind__in": _OF_MEMBERS}
        rows = Transfer.objects.filter(workspace=workspace, id__lte=last, **mine)
        for kind, unit, moved in rows.values_list(f"{side}_kind", "unit").annotate(moved=Sum("amount")):
            sums[kind, unit] = sums.get((kind, unit), 0) + sign * int(moved)
    return sums


def _lines(rows: Iterable[Transfer], members: Collection[int], sums: dict[tuple[int, str], int]) -> Iterator[Line]:
    for row in rows:
        sides = ((row.debit_kind, row.debit_owner, -row.amount), (row.credit_kind, row.credit_owner, row.amount))
        for kind, owner, amount in sides:
            if owner not in members or kind not in _OF_MEMBERS:
                continue
            sums[kind, row.unit] = balance = sums.get((kind, row.unit), 0) + amount
            name, reason = Kind(kind).name.lower(), Purpose(row.reason).name.lower()
            yield Line(
                at=row.at,
                account=name,
                unit=row.unit,
                amount=amount,
                balance=balance,
                reason=reason,
                cause=row.cause,
                about=row.about,
            )
