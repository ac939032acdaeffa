"""Deciding again all that was set aside as a long task, where it is more than a request can wait for.

Owns from how many on that is. It may be taken up again from the start: what was decided is set aside no more.
"""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sayso.domains.decisions.set_aside import replay_set_aside
from sayso.domains.events.queries import set_aside_page
from sayso.domains.jobs.models import Task
from sayso.domains.jobs.run_tasks import RunningTask
from sayso.domains.jobs.tasks import start_task, task_kind
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.page import Page

REPLAY = "replay_set_aside"
# What an answer takes well, and is decided within seconds.
MOST_AT_ONCE = 1000


def replay_later(*, workspace: Workspace, now: datetime) -> Task | None:
    """Ask for a task that decides again all that was set aside; None where that is little enough to do it at once.

    Args:
        workspace: whose events.
        now: the time.
    """
    if len(set_aside_page(workspace, Page(MOST_AT_ONCE + 1))) <= MOST_AT_ONCE:
        return None
    return start_task(workspace=workspace, kind=REPLAY, arguments={}, now=now)


@task_kind(REPLAY)
def replay_in_background(task: RunningTask) -> dict[str, Any]:
    """Decide all again; how many came to which status."""
    answers = replay_set_aside(workspace=task.workspace, now=datetime.now(UTC))
    return dict(Counter(answer.status for answer in answers))
