"""The promises of the books, each as a query over all of them, and the seals recomputed row by row.

Owns promises 1, 2, 6, 8 and 12 of DESIGN 8. It must not repair anything.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from sayso.core.ledger.chart import CEILING, FLOOR, Kind
from sayso.core.ledger.transfers import GENESIS, Purpose, digest, seal
from sayso.domains.ledger.models import Seal
from sayso.domains.ledger.rows import SEALS, TRANSFERS, SealRow, TransferRow
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.promises import MOST_NAMED, Broken, Check, run_checks
from sayso.domains.workspaces.stored import StoredRows

CHUNK = 10_000
SPAN_BITS = 16


def _list(kinds: frozenset[int] | tuple[int, ...]) -> str:
    return ", ".join(str(int(kind)) for kind in sorted(kinds))


_MOVES = """(
    SELECT debit_kind AS kind, debit_owner AS owner, unit, id, -amount AS amount
    FROM ledger_transfer WHERE workspace_id = %(workspace)s
    UNION ALL
    SELECT credit_kind, credit_owner, unit, id, amount
    FROM ledger_transfer WHERE workspace_id = %(workspace)s
)"""

CHECKS = (
    Check(
        1,
        "transfer",
        "it moves {0} from kind {1} to kind {2}",
        f"""SELECT id, amount, debit_kind, credit_kind FROM ledger_transfer
        WHERE workspace_id = %(workspace)s AND (amount <= 0 OR unit = ''
        OR (debit_kind = credit_kind AND debit_owner = credit_owner)
        OR debit_kind NOT IN ({_list(tuple(Kind))}) OR credit_kind NOT IN ({_list(tuple(Kind))}))
        ORDER BY id""",  # noqa: S608
    ),
    Check(
        2,
        "balance",
        "kind {0} holds {2} {1}, its transfers sum to {3}",
        f"""SELECT s.owner, s.kind, s.unit, SUM(s.stored), SUM(s.summed) FROM (
            SELECT owner, kind, unit, balance AS stored, 0 AS summed
            FROM ledger_balance WHERE workspace_id = %(workspace)s
            UNION ALL
            SELECT owner, kind, unit, 0, amount FROM {_MOVES} AS moves
        ) AS s GROUP BY s.owner, s.kind, s.unit HAVING SUM(s.stored) <> SUM(s.summed) ORDER BY s.owner, s.kind""",  # noqa: S608
    ),
    Check(
        2,
        "transfer",
        "it takes kind {0} of {1} to {2} {3}",
        f"""SELECT id, kind, owner, running, unit FROM (
            SELECT id, kind, owner, unit, SUM(amount) OVER (PARTITION BY kind, owner, unit ORDER BY id) AS running
            FROM {_MOVES} AS moves WHERE kind IN ({_list(FLOOR | CEILING)})
        ) AS steps
        WHERE (kind IN ({_list(FLOOR)}) AND running < 0) OR (kind IN ({_list(CEILING)}) AND running > 0)
        ORDER BY id""",  # noqa: S608
    ),
    Check(
        6,
        "event",
        "{1} {0} were taken back of {2} that it earned",
        f"""SELECT about, unit, SUM(back), SUM(given) FROM (
            SELECT about, unit, 0 AS back, amount AS given FROM ledger_transfer
            WHERE workspace_id = %(workspace)s AND about > 0 AND credit_kind = {int(Kind.AVAILABLE)}
            AND reason IN ({_list((Purpose.EARN, Purpose.RELEASE))})
            UNION ALL
            SELECT about, unit, amount, 0 FROM ledger_transfer
            WHERE workspace_id = %(workspace)s AND about > 0 AND reason = {int(Purpose.CLAWBACK)}
            AND debit_kind IN ({_list((Kind.AVAILABLE, Kind.DEBT))})
        ) AS moves GROUP BY about, unit HAVING SUM(back) > SUM(given) ORDER BY about""",  # noqa: S608
    ),
    Check(
        12,
        "member",
        "has {1} {0} available, and lots of {2}",
        f"""SELECT s.owner, s.unit, SUM(s.held), SUM(s.lots) FROM (
            SELECT owner, unit, balance AS held, 0 AS lots FROM ledger_balance
            WHERE workspace_id = %(workspace)s AND kind = {int(Kind.AVAILABLE)}
            AND NOT (LENGTH(unit) = 3 AND unit = UPPER(unit))
            UNION ALL
            SELECT member, unit, 0, remaining FROM ledger_lot WHERE workspace_id = %(workspace)s
        ) AS s GROUP BY s.owner, s.unit HAVING SUM(s.held) <> SUM(s.lots) ORDER BY s.owner""",  # noqa: S608
    ),
)


def verify_books(workspace: Workspace, *, kept_head: bytes = b"") -> Iterator[Broken]:
    """Yield what breaks a promise of the books; `kept_head` as for `decisions.verify.verify`."""
    yield from run_checks(CHECKS, workspace.pk)
    yield from verify_chain(workspace)
    if kept_head not in (b"", GENESIS) and not Seal.objects.filter(head=kept_head, workspace=workspace).exists():
        yield Broken(
            8, "seal", kept_head.hex(), "no seal has this head, which was kept: what came before it is changed"
        )


def verify_chain(workspace: Workspace) -> Iterator[Broken]:
    """Recompute every digest and every seal, and name what does not fit (promise 8).

    A changed transfer is named by its own digest; one that is missing, added or put in another's place by the seal
    over its batch.
    """
    workspace.refresh_from_db()
    head, number, named = GENESIS, 0, 0
    transfers = _Reader(TRANSFERS, workspace.pk, "id")
    for row in _Reader(SEALS, workspace.pk, "number"):
        one = SealRow(*row)
        number += 1
        digests = []
        while (found := transfers.peek()) is not None and found[0] >> SPAN_BITS <= one.last_position:
            transfer = TransferRow(*next(transfers))
            digests.append(bytes(transfer.digest))
            if digest(transfer.as_transfer(), workspace.pk) != digests[-1]:
                yield Broken(8, "transfer", str(transfer.id), "its values are not the ones that were sealed")
        expected = seal(head, digests)
        if one.number != number or len(digests) != one.transfers or expected != bytes(one.head):
            yield Broken(8, "seal", str(one.number), f"it does not follow from its {len(digests)} transfers")
            named += 1
        head = bytes(one.head)
        if named >= MOST_NAMED:
            return
    beyond = sum(1 for _ in transfers)
    if beyond:
        yield Broken(8, "seal", str(number), f"{beyond} transfers stand behind the last seal")
    if head != bytes(workspace.head) or number != workspace.seals:
        yield Broken(8, "workspace", workspace.name, f"its head is not the seal {number}")


class _Reader(Iterator[tuple[Any, ...]]):
    """The rows of a table in the order of one column, read by chunks."""

    def __init__(self, table: StoredRows[Any], workspace: int, column: str) -> None:
        names = ", ".join(f'"{name}"' for name in table.names)
        self.statement = (
            f"SELECT {names} FROM {table.table} WHERE workspace_id = %s AND {column} > %s "  # noqa: S608
            f"ORDER BY {column} LIMIT {CHUNK}"
        )
        self.workspace, self.last, self.at, self.ended = workspace, -1, 0, False
        self.rows: list[tuple[Any, ...]] = []

    def peek(self) -> tuple[Any, ...] | None:
        """Return the row that comes next; None after the last."""
        if self.at == len(self.rows) and not self.ended:
            with connection.cursor() as cursor:
                cursor.execute(self.statement, [self.workspace, self.last])
                self.rows, self.at = cursor.fetchall(), 0
            self.ended = not self.rows
        return None if self.ended else self.rows[self.at]

    def __next__(self) -> tuple[Any, ...]:
        row = self.peek()
        if row is None:
            raise StopIteration
        self.at += 1
        self.last = row[0]
        return row
