"""What waits, and for how long, over all workspaces: what an operator watches.

Owns these few counts. Each reads an index of what waits, never the history. It must not change anything.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from sayso.domains.decisions.models import Timer
from sayso.domains.events.models import Event, State
from sayso.domains.jobs.models import Notice, Task
from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in one workspace.

    Attributes:
        position: the last place in its log; everything up to there was decided or set aside.
        set_aside: events that could not be decided.
        rewards_in_review: rewards that a person must look at.
        timers_due: what is due and was not fired yet; by the calendar, so always 0 in a test workspace.
        seconds_late: how long the earliest of these has been due.
        notices: what was decided and not handed on yet.
        tasks: long tasks that are not finished.
    """

    workspace: str
    position: int
    set_aside: int
    rewards_in_review: int
    timers_due: int
    seconds_late: float
    notices: int
    tasks: int


def waiting(now: datetime) -> list[Waiting]:
    """Return what waits in each workspace, in the order in which they were created."""
    # Every statement reads over all workspaces: the operator's figures belong to the installation.
    due = Timer.objects.filter(due_at__lte=now).order_by().values_list("workspace_id")
    late = {number: (count, first) for number, count, first in due.annotate(count=Count("*"), first=Min("due_at"))}
    set_aside = _counted(Event.objects.filter(state=State.SET_ASIDE))
    reviews = _counted(Reward.objects.filter(state="in_review"))
    notices, tasks = _counted(Notice.objects.all()), _counted(Task.objects.filter(finished_at=0))
    found = []
    for each in Workspace.objects.order_by("pk"):
        count, first = (0, None) if each.is_test else late.get(each.pk, (0, None))
        found.append(
            Waiting(
                each.name,
                each.position,
                set_aside[each.pk],
                reviews[each.pk],
                count,
                (now - first).total_seconds() if first else 0.0,
                notices[each.pk],
                tasks[each.pk],
            )
        )
    return found


def waiting_in(workspace: Workspace, now: datetime) -> Waiting:
    """Return what waits in one workspace."""
    return next(each for each in waiting(now) if each.workspace == workspace.name)


def _counted(rows: QuerySet[Event] | QuerySet[Reward] | QuerySet[Notice] | QuerySet[Task]) -> Counter[int]:
    counts = rows.order_by().values_list("workspace_id").annotate(count=Count("*"))
    return Counter(dict(counts))
