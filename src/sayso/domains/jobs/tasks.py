"""Long tasks: asking for one, looking at it, calling it off.

Owns the verbs of whoever asks, and the list of kinds. How one is run is `run_tasks`'. It must not know what a task
does.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sayso.core.domain_error import DomainError
from sayso.domains.jobs.models import Task, TaskState
from sayso.domains.workspaces.ids import new_number
from sayso.domains.workspaces.models import Workspace

Work = Callable[..., dict[str, Any]]
W = TypeVar("W", bound="Callable[..., dict[str, Any]]")

_kinds: dict[str, Work] = {}


class NoSuchTask(DomainError, LookupError):
    """There is no task of this number in the workspace."""


def task_kind(name: str) -> Callable[[W], W]:
    """Name a function as the work of a kind of task.

    The function takes the `RunningTask` and the task's arguments by name, and returns the result, plain JSON values.
    It may be run again from the start when a worker died over it.
    """

    def register(work: W) -> W:
        _kinds[name] = work
        return work

    return register


def work_of(kind: str) -> Work:
    """Return the work of a kind of task.

    Raises:
        KeyError: there is no such kind.
    """
    return _kinds[kind]


def start_task(*, workspace: Workspace, kind: str, arguments: Mapping[str, Any], now: datetime) -> Task:
    """Ask for a task; a worker takes it up.

    Args:
        workspace: where it belongs.
        kind: a kind that is registered.
        arguments: plain JSON values, given to the work by name.
        now: the time.

    Raises:
        KeyError: there is no such kind.
    """
    work_of(kind)
    number = new_number(now)
    return Task.objects.create(id=number, workspace=workspace, kind=kind, arguments=dict(arguments), created_at=now)


def task_of(*, workspace: Workspace, number: int) -> Task:
    """Return a task.

    Raises:
        NoSuchTask: there is none of this number.
    """
    found = Task.objects.filter(id=number, workspace=workspace).first()
    if found is None:
        raise NoSuchTask(f"there is no task {number}")
    return found


def cancel_task(*, workspace: Workspace, number: int, now: datetime) -> Task:
    """Call a task off; one that runs ends at its next step, and one that ended stays as it is.

    Raises:
        NoSuchTask: there is none of this number.
    """
    waiting = Task.objects.filter(id=number, workspace=workspace, state=TaskState.READY)
    waiting.update(state=TaskState.CANCELLED, finished_at=now, cancel=True)
    Task.objects.filter(id=number, workspace=workspace, state=TaskState.RUNNING).update(cancel=True)
    return task_of(workspace=workspace, number=number)
