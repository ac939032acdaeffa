"""Running long tasks: one at a time, with a heartbeat, its progress written down as it goes.

Owns what a running task may say, and what becomes of it at the end. A task whose worker dies is taken up again when its
lease is over, a few times since it last got further, as it may be what its workers die of; a worker that wakes after
that writes nothing (decision 0010).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connections

from sayso.domains.jobs.lease import claim
from sayso.domains.jobs.models import Task, TaskState
from sayso.domains.jobs.tasks import work_of
from sayso.domains.workspaces.models import Workspace

LEASE_SECONDS = 60.0
HEARTBEAT_SECONDS = 15.0
MOST_STARTS = 3

_GIVEN_UP = f"it was started {MOST_STARTS} times, and its worker ended each time before it got any further"

_log = structlog.get_logger(__name__)


class Cancelled(Exception):
    """Somebody called the task off."""


class LeaseLost(Exception):
    """Another worker has the task now."""


class RunningTask:
    """A task while it is worked on.

    Attributes:
        workspace: where it belongs.
    """

    def __init__(self, row: Task) -> None:
        self._row = row
        self.workspace = Workspace.objects.get(pk=row.workspace_id)

    def progress(self, done: int, total: int) -> None:
        """Say how far the work is; one that begins anew is told of again where it gets further than ever before.

        Args:
            done: how many of whatever is counted.
            total: out of how many; 0 when that is not known.

        Raises:
            Cancelled: the task was called off.
            LeaseLost: another worker has it.
        """
        # Ends of workers that it outlives, as at each deployment, are nothing that it is to blame for.
        further = {"done": done, "starts": 0} if done > self._row.done else {}
        if not self._row.keep(total=total, **further):
            raise LeaseLost
        if Task.objects.filter(pk=self._row.pk, cancel=True).exists():
            raise Cancelled


def run_next_task(now: datetime) -> bool:
    """Run the oldest task that waits, to its end; whether there was one.

    One that was called off while nobody worked on it ends here, and so does one that no worker survived.

    Args:
        now: the time.
    """
    # Tasks are found over all workspaces: a worker serves every one.
    unfinished = Task.objects.filter(finished_at=0).order_by("created_at")
    for row in claim(unfinished, limit=1, now=now, seconds=LEASE_SECONDS):
        if row.cancel:
            _end(row, TaskState.CANCELLED)
        elif row.starts >= MOST_STARTS:
            _log.error("task is given up", task=row.id, kind=row.kind, starts=row.starts)
            _end(row, TaskState.FAILED, problem=_GIVEN_UP)
        elif row.keep(state=TaskState.RUNNING, starts=row.starts + 1):
            with _heartbeat(row):
                _run(row)
        return True
    return False


def _run(row: Task) -> None:
    try:
        result: dict[str, Any] = work_of(row.kind)(RunningTask(row), **row.arguments)
    except Cancelled:
        _end(row, TaskState.CANCELLED)
    except LeaseLost:
        _log.warning("task was taken over", task=row.id, kind=row.kind)
    except Exception as error:
        _log.exception("task failed", task=row.id, kind=row.kind)
        _end(row, TaskState.FAILED, problem=f"{type(error).__name__}: {error}")
    else:
        _end(row, TaskState.DONE, result=result)


def _end(row: Task, state: TaskState, **values: Any) -> None:
    row.release(state=state, finished_at=datetime.now(UTC), **values)


@contextmanager
def _heartbeat(row: Task) -> Iterator[None]:
    """Renew the lease while the work goes on, whatever it does; a killed process renews nothing."""
    ended = threading.Event()
    beat = threading.Thread(target=_beat, args=(Task.objects.get(pk=row.pk), ended), name="task-heartbeat")
    beat.start()
    try:
        yield
    finally:
        ended.set()
        beat.join()


def _beat(row: Task, ended: threading.Event) -> None:
    try:
        while not ended.wait(HEARTBEAT_SECONDS):
            if not _renewed(row):
                return
    finally:
        connections.close_all()


def _renewed(row: Task) -> bool:
    """Whether the task may still be ours: a database that is away for a moment is asked again at the next beat."""
    try:
        return row.renew(now=datetime.now(UTC), seconds=LEASE_SECONDS)
    except (OperationalError, InterfaceError):
        _log.warning("task's lease could not be renewed", task=row.id, exc_info=True)
        connections.close_all()
        return True
