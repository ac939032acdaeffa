"""Long tasks: how far they are, what came of them, and calling them off.

Owns how a task is written. What a task does is its room's.
"""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path
from pydantic import Field

from sayso.domains.jobs.models import Task
from sayso.domains.jobs.tasks import cancel_task, task_of
from sayso.web.api.access import caller_of
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import Out, number_in, told_id, written

routes = Routes("Tasks")

TASK = "tsk"
TaskPath = Annotated[str, Path(max_length=40, description="The task's id, `tsk_…`.")]


class TaskOut(Out):
    """Long work that somebody asked for."""

    id: str = Field(examples=["tsk_0000000006001"])
    kind: str = Field(examples=["backtest"])
    state: str = Field(description="ready, running, done, failed or cancelled")
    done: int = Field(description="How far it is, in whatever it counts.")
    total: int = Field(description="Out of how many; 0 while that is not known.")
    result: dict[str, Any] | None = Field(description="What came of it, once it is done.")
    problem: str = Field(description="Why it failed.")
    created_at: str
    finished_at: str | None


@routes.get("/tasks/{task}", gives=TaskOut, fails=(404,))
def get_task(request: HttpRequest, task: TaskPath) -> TaskOut:
    """Show a task."""
    return task_out(task_of(workspace=caller_of(request).workspace, number=number_in(TASK, task)))


@routes.delete("/tasks/{task}", gives=TaskOut, scope="programs", fails=(404,))
def delete_task(request: HttpRequest, task: TaskPath) -> TaskOut:
    """Call a task off.

    One that runs ends at its next step; one that ended stays as it is.
    """
    caller = caller_of(request)
    return task_out(cancel_task(workspace=caller.workspace, number=number_in(TASK, task), now=caller.now))


def task_out(row: Task) -> TaskOut:
    """Return a task as the API writes it."""
    assert row.created_at is not None
    return TaskOut(
        id=told_id(TASK, row.id) or "",
        kind=row.kind,
        state=row.state,
        done=row.done,
        total=row.total,
        result=row.result,
        problem=row.problem,
        created_at=written(row.created_at),
        finished_at=written(row.finished_at) if row.finished_at else None,
    )
