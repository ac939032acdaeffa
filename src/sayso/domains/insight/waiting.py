"""What waits, and for how long, over all workspaces: what an operator watches.

Owns these few counts. Each reads an index of what waits, never the history. It must not change anything.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from sayso.domains.connectors.webhooks.models import Delivery
from sayso.domains.decisions.models import Timer
from sayso.domains.events.models import Event, State
from sayso.domains.jobs.models import Notice, Task
from sayso.domains.rewards.fulfilment.place import OPEN
from sayso.domains.rewards.models import Order, Pool, PoolCode, Reward
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
        deliveries: messages to webhooks that are still to be tried.
        tasks: long tasks that are not finished.
        orders: what is to be handed over and was not yet.
        codes: how many codes each pool has left.
    """

    workspace: str
    position: int
    set_aside: int
    rewards_in_review: int
    timers_due: int
    seconds_late: float
    notices: int
    deliveries: int
    tasks: int
    orders: int
    codes: dict[str, int]


def waiting(now: datetime) -> list[Waiting]:
    """Return what waits in each workspace, in the order in which they were created."""
    # Every statement reads over all workspaces: the operator's figures belong to the installation.
    due = Timer.objects.filter(due_at__lte=now).order_by().values_list("workspace_id")
    late = {number: (count, first) for number, count, first in due.annotate(count=Count("*"), first=Min("due_at"))}
    set_aside = _counted(Event.objects.filter(state=State.SET_ASIDE))
    reviews = _counted(Reward.objects.filter(state="in_review"))
    notices, tasks = _counted(Notice.objects.all()), _counted(Task.objects.filter(finished_at=0))
    deliveries = _counted(Delivery.objects.filter(next_at__gt=0))
    orders = _counted(Order.objects.filter(state__in=OPEN))
    free = PoolCode.objects.filter(reward=0).order_by().values_list("workspace_id", "pool").annotate(left=Count("*"))
    codes = {(number, pool): left for number, pool, left in free}
    pools = list(Pool.objects.order_by("name").values_list("workspace_id", "name"))
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
                deliveries[each.pk],
                tasks[each.pk],
                orders[each.pk],
                {pool: codes.get((number, pool), 0) for number, pool in pools if number == each.pk},
            )
        )
    return found


def waiting_in(workspace: Workspace, now: datetime) -> Waiting:
    """Return what waits in one workspace."""
    return next(each for each in waiting(now) if each.workspace == workspace.name)


def _counted(rows: QuerySet[Any]) -> Counter[int]:
    counts = rows.order_by().values_list("workspace_id").annotate(count=Count("*"))
    return Counter(dict(counts))
