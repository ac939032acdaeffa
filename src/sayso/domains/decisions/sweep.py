"""Firing what fell due for those who had no event of their own.

Owns the order in which the idle are served. Timers of active members fire with their events; whichever comes first
deletes the timer in its transaction, so it happens once.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F, Q

from sayso.core.engine.log import Ran
from sayso.core.program.calendar import Moment, moment_of
from sayso.domains.decisions.batch import retrying
from sayso.domains.decisions.models import Timer
from sayso.domains.decisions.pausing import is_paused
from sayso.domains.decisions.rows import TIMERS
from sayso.domains.decisions.store import DatabaseStore
from sayso.domains.workspaces.head import locked

# Small enough that live events come in between.
CHUNK = 500


@dataclass(slots=True)
class Swept:
    """How far a sweep has come: timers fired so far, and how many of them failed and were set aside."""

    fired: int = 0
    failed: int = 0
    done: bool = False


def sweep(workspace: int, *, now: datetime) -> Swept:
    """Fire the due timers of a workspace, earliest first, until none is due.

    Args:
        workspace: the workspace's number.
        now: the time; a test workspace goes by its own clock.
    """
    swept = Swept()
    while not swept.done:
        retrying(lambda: _chunk(workspace, moment_of(now), swept))
    return swept


def sweep_all(now: datetime) -> bool:
    """Fire a chunk of the due timers of every workspace that has any; whether there may be more.

    A test workspace goes by its own clock, which may be ahead of the time or behind it.
    """
    # Found over all workspaces by the moment: a worker serves every one.
    due = Q(workspace__is_test=False, due_at__lte=now) | Q(workspace__is_test=True, due_at__lte=F("workspace__clock"))
    waiting = Timer.objects.filter(due).order_by().values_list("workspace_id", flat=True).distinct()
    swept = [_sweep_chunk(workspace, moment_of(now)) for workspace in waiting]
    return not all(each.done for each in swept)


def _sweep_chunk(workspace: int, now: Moment) -> Swept:
    swept = Swept()
    retrying(lambda: _chunk(workspace, now, swept))
    return swept


def _chunk(workspace: int, now: Moment, swept: Swept) -> None:
    with locked(connection, workspace) as head:
        if is_paused(head.failing):
            # What waits undecided may take back what falls due.
            swept.done = True
            return
        store = DatabaseStore(connection, head, now=now)
        condition = f"due_at <= %s ORDER BY due_at, id LIMIT {CHUNK}"
        due = TIMERS.to_rows(store.tables.where(TIMERS, condition, [store.log.clock]))
        ran = store.sweep(dict.fromkeys(timer.subject for timer in due)) if due else Ran()
    swept.fired += len(ran.decided)
    swept.failed += sum(each.decision is None for each in ran.decided)
    swept.done = not ran.decided
