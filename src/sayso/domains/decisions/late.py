"""Refunds that came before what they refund: they are decided by themselves once that is there.

Owns finding them. Deciding again is `set_aside`'s. It must not touch what was set aside for any other reason: that is a
person's to look at, and each time it is tried it takes a new place in the log.
"""

from collections import defaultdict
from datetime import datetime

import structlog
from django.db.models import Exists, OuterRef, QuerySet

from sayso.core.engine.events import REFUND
from sayso.core.engine.run import NOT_THERE
from sayso.domains.decisions.pausing import is_paused
from sayso.domains.decisions.set_aside import replay_set_aside
from sayso.domains.events.models import Event, State
from sayso.domains.workspaces.models import Workspace

AT_ONCE = 200

_log = structlog.get_logger(__name__)


def decide_late(now: datetime) -> bool:
    """Decide refunds again whose purchases came after them, in every workspace; whether there may be more."""
    found: dict[int, list[int]] = defaultdict(list)
    for workspace, position in _late()[:AT_ONCE]:
        found[workspace].append(position)
    tried = [_decide(each, found[each.pk], now) for each in Workspace.objects.filter(pk__in=found)]
    return any(tried) and sum(map(len, found.values())) == AT_ONCE


def _late() -> QuerySet[Event, tuple[int, int]]:
    # Found over all workspaces, since a worker serves every one; each is then worked on within its own.
    theirs = Event.objects.filter(workspace=OuterRef("workspace"), source=OuterRef("source"), state=State.DECIDED)
    # What was paid back is not paid back again: such a refund would find nothing however often it is tried.
    there = Exists(theirs.filter(external_id=OuterRef("refers_to")).exclude(type=REFUND))
    waiting = Event.objects.filter(there, state=State.SET_ASIDE, failure__endswith=NOT_THERE)
    return waiting.order_by("workspace", "position").values_list("workspace", "position")


def _decide(workspace: Workspace, positions: list[int], now: datetime) -> bool:
    """Decide some events of a workspace again; whether that went on."""
    if is_paused(workspace.failing):
        return False
    try:
        answers = replay_set_aside(workspace=workspace, now=now, positions=positions)
    except Exception:
        _log.exception("late refunds could not be decided", workspace=workspace.pk)
        return False
    return all(each.status == "decided" for each in answers)
