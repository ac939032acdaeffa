"""Firing what fell due for those who had no event of their own.

Owns the order in which the idle are served. Timers of active members fire with their events; whichever comes first
deletes the timer in its transaction, so it happens once.
"""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import DataError, IntegrityError, connection
from django.db.models import Exists, OuterRef

from sayso.core.engine.log import Ran
from sayso.core.engine.rows import Timer as Due
from sayso.core.program.calendar import Moment, moment_of
from sayso.domains.decisions.models import Timer
from sayso.domains.decisions.pausing import is_paused
from sayso.domains.decisions.rows import TIMERS
from sayso.domains.decisions.store import DatabaseStore
from sayso.domains.workspaces.head import locked
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.retrying import retrying

# Small enough that live events come in between.
CHUNK = 500
# What a database says where values cannot be kept, for whatever they are.
_NOT_KEPT = (DataError, IntegrityError, ArithmeticError)

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Swept:
    """How far a sweep has come: timers fired so far, and how many of them failed and were set aside.

    Attributes:
        tried: the number of the earliest timer that was tried last.
    """

    fired: int = 0
    failed: int = 0
    done: bool = False
    tried: int = 0


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
    # Asked of each workspace by itself, since each has its own clock: a worker serves every one.
    mine = Timer.objects.filter(workspace=OuterRef("pk"))
    live = Workspace.objects.filter(Exists(mine.filter(due_at__lte=now)), is_test=False)
    tests = Workspace.objects.filter(Exists(mine.filter(due_at__lte=OuterRef("clock"))), is_test=True)
    waiting = [each for found in (live, tests) for each in found.values_list("pk", flat=True)]
    swept = [_sweep_chunk(workspace, moment_of(now)) for workspace in waiting]
    return not all(each.done for each in swept)


def _sweep_chunk(workspace: int, now: Moment) -> Swept:
    """Fire a chunk; a workspace where that fails is left for a later time, so that it keeps no other one waiting."""
    swept = Swept()
    try:
        retrying(lambda: _chunk(workspace, now, swept))
    except Exception:
        _log.exception("what fell due could not be decided", workspace=workspace)
        swept.done = True
    return swept


def _chunk(workspace: int, now: Moment, swept: Swept) -> None:
    """Fire the earliest; where what follows from them cannot be kept, fewer, until the one that spoils it is alone."""
    most = CHUNK
    while True:
        try:
            return _fire(workspace, now, swept, most)
        except _NOT_KEPT as error:
            if most == 1:
                return _set_aside(workspace, now, swept, f"{type(error).__name__}: {error}")
            most //= 2


def _fire(workspace: int, now: Moment, swept: Swept, most: int) -> None:
    with locked(connection, workspace) as head:
        if is_paused(head.failing):
            # What waits undecided may take back what falls due.
            swept.done = True
            return
        store = DatabaseStore(connection, head, now=now)
        due = _earliest(store, most)
        swept.tried = due[0].id if due else 0
        ran = store.sweep(dict.fromkeys(timer.subject for timer in due)) if due else Ran()
    swept.fired += len(ran.decided)
    swept.failed += sum(each.decision is None for each in ran.decided)
    swept.done = not ran.decided


def _set_aside(workspace: int, now: Moment, swept: Swept, failure: str) -> None:
    with locked(connection, workspace) as head:
        store = DatabaseStore(connection, head, now=now)
        for timer in _earliest(store, 1):
            if timer.id != swept.tried:  # somebody else came first; this one failed nobody, and would never fire again
                return
            store.set_timer_aside(timer, failure)
            swept.fired, swept.failed = swept.fired + 1, swept.failed + 1


def _earliest(store: DatabaseStore, most: int) -> list[Due]:
    condition = f"due_at <= %s ORDER BY due_at, id LIMIT {most}"
    return TIMERS.to_rows(store.tables.where(TIMERS, condition, [store.log.clock]))
