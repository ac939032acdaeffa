"""Backtesting a draft: the whole stored history decided again under it, beside what really happened.

Owns the reading of what really happened. The books are only read; what the draft would have made stays in memory.
"""

from collections.abc import Callable, Iterator

from django.db import connection

from sayso.core.engine.backtest import LogOutcome, Recorded, Report, backtest, frontier_of, standing_in
from sayso.core.program.calendar import moment_of
from sayso.core.program.review import check_program
from sayso.domains.decisions.dialect import open_tables
from sayso.domains.decisions.history import recorded_history
from sayso.domains.decisions.rows import TIMERS
from sayso.domains.ledger.rows import BALANCES
from sayso.domains.programs.publish import ProgramRefused
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.rewards.rows import REWARDS
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.promises import one_moment

_MOVED = """SELECT debit_kind, debit_owner, credit_kind, credit_owner, unit, reason, COUNT(*), SUM(amount)
    FROM ledger_transfer WHERE workspace_id = %s
    GROUP BY debit_kind, debit_owner, credit_kind, credit_owner, unit, reason"""


def backtest_draft(*, workspace: Workspace, text: str | bytes, progress: Callable[[int], None]) -> Report:
    """Decide the history of a workspace again with a draft in place of every version of its program.

    Args:
        workspace: whose history; it is read as it stands at one moment, whatever is decided meanwhile.
        text: the draft.
        progress: is told the place in the log that was reached.

    Raises:
        ProgramRefused: the draft has problems.
    """
    parsed = check_program(text)
    if parsed.document is None or parsed.errors:
        raise ProgramRefused(parsed.errors)
    with one_moment():
        workspace.refresh_from_db()
        running = rulebook_of(head_of(workspace))
        candidate = standing_in(running, parsed.document, parsed.conditions)
        return backtest(_log(workspace, progress), running=running, candidate=candidate, stored=_stored(workspace))


def _log(workspace: Workspace, progress: Callable[[int], None]) -> Iterator[Recorded]:
    for each in recorded_history(workspace):
        if each.event.position % 1000 == 0:
            progress(each.event.position)
        yield each


def _stored(workspace: Workspace) -> LogOutcome:
    """What the books and rewards hold."""
    tables = open_tables(connection, workspace.pk)
    rewards = REWARDS.to_rows(tables.where(REWARDS, "TRUE", []))
    balances = BALANCES.to_rows(tables.where(BALANCES, "TRUE", []))
    timers = TIMERS.to_rows(tables.where(TIMERS, "TRUE", []))
    outcome = LogOutcome(
        {row.id: row for row in rewards},
        {(row.kind, row.owner, row.unit): row.balance for row in balances},
        frontier=frontier_of(timers, moment_of(workspace.clock) if workspace.clock else 0),
    )
    tables.cursor.execute(_MOVED, [workspace.pk])
    for debit_kind, debit, credit_kind, credit, unit, reason, count, total in tables.cursor.fetchall():
        outcome.moved[(debit_kind, debit, unit), (credit_kind, credit, unit), reason] = (count, int(total))
    return outcome
