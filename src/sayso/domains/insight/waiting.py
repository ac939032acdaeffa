"""What waits, and for how long, over all workspaces: what an operator watches.

Owns these few counts. Each reads an index of what waits, never the history. It must not change anything.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from sayso.domains.connectors.webhooks.models import Delivery
from sayso.domains.decisions.models import Timer
from sayso.domains.decisions.pausing import is_paused
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
        paused: deciding is paused, since the engine failed on many events in a row.
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
    paused: bool
    rewards_in_review: int
    timers_due: int
    seconds_late: float
    notices: int
    deliveries: int
    tasks: int
    orders: int
    codes: dict[str, int]


def waiting(now: datetime, *, only: Workspace | None = None) -> list[Waiting]:
    """Return what waits in each workspace, in the order in which they were created.

    Args:
        now: the time.
        only: the one workspace that is wanted; all of them unless said, since an operator's figures belong to the
            installation.
    """
    mine = Q(workspace=only) if only else Q()
    counts = {name: _counted(rows.filter(mine)) for name, rows in _what_waits().items()}
    due = Timer.objects.filter(mine, due_at__lte=now).order_by().values_list("workspace_id")
    late = {number: (count, first) for number, count, first in due.annotate(count=Count("*"), first=Min("due_at"))}
    codes = _codes_left(mine)
    found = []
    for each in [only] if only else Workspace.objects.order_by("pk"):
        timers, first = (0, None) if each.is_test else late.get(each.pk, (0, None))
        found.append(
            Waiting(
                workspace=each.name,
                position=each.position,
                paused=is_paused(each.failing),
                timers_due=timers,
                seconds_late=(now - first).total_seconds() if first else 0.0,
                codes=codes.get(each.pk, {}),
                **{name: counted[each.pk] for name, counted in counts.items()},
            )
        )
    return found


def waiting_in(workspace: Workspace, now: datetime) -> Waiting:
    """Return what waits in one workspace."""
    return waiting(now, only=workspace)[0]


def _what_waits() -> dict[str, QuerySet[Any]]:
    return {
        "set_aside": Event.objects.filter(state=State.SET_ASIDE),
        "rewards_in_review": Reward.objects.filter(state="in_review"),
        "notices": Notice.objects.all(),
        "deliveries": Delivery.objects.filter(next_at__gt=0),
        "tasks": Task.objects.filter(finished_at=0),
        "orders": Order.objects.filter(state__in=OPEN),
    }


def _counted(rows: QuerySet[Any]) -> Counter[int]:
    counts = rows.order_by().values_list("workspace_id").annotate(count=Count("*"))
    return Counter(dict(counts))


def _codes_left(mine: Q) -> dict[int, dict[str, int]]:
    """How many codes each pool has left, by workspace; a pool that is empty too."""
    free = PoolCode.objects.filter(mine, reward=0).order_by().values_list("workspace_id", "pool")
    left = {(number, pool): count for number, pool, count in free.annotate(count=Count("*"))}
    found: dict[int, dict[str, int]] = {}
    for number, pool in Pool.objects.filter(mine).order_by("name").values_list("workspace_id", "name"):
        found.setdefault(number, {})[pool] = left.get((number, pool), 0)
    return found
