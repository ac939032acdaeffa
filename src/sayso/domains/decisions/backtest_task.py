"""The backtest as a long task, so that whoever asked need not wait for it.

Owns how its progress gets out: the backtest reads inside one transaction, and what it says is written in another.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connections

from sayso.domains.decisions.backtest import backtest_draft
from sayso.domains.jobs.run_tasks import RunningTask
from sayso.domains.jobs.tasks import task_kind

BACKTEST = "backtest"


@task_kind(BACKTEST)
def backtest_in_background(task: RunningTask, *, text: str) -> dict[str, Any]:
    """Run a draft over everything that happened.

    Args:
        task: is told the place in the log that was reached.
        text: the draft.

    Returns:
        The report, as `sayso backtest --json` prints it.
    """
    with _apart(task) as progress:
        report = backtest_draft(workspace=task.workspace, text=text, progress=progress)
    return dict(json.loads(json.dumps(report.as_dict(), default=str)))


@contextmanager
def _apart(task: RunningTask) -> Iterator[Callable[[int], None]]:
    total = task.workspace.position
    with ThreadPoolExecutor(max_workers=1) as writer:
        try:
            yield lambda place: writer.submit(task.progress, place, total).result()
        finally:
            writer.submit(connections.close_all).result()
