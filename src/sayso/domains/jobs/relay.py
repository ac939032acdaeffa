"""The outbox: notices go from the transaction that made them to whoever listens, each exactly once.

Owns handing over. A consumer writes rows of its own (deliveries, orders) in the same transaction in which the notice is
deleted, and does what takes time later, from those rows. It must not send anything.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

import structlog
from django.db import connection, transaction
from django.db.models import BigIntegerField
from django.db.models.functions import Cast

from sayso.domains.jobs.models import Notice
from sayso.domains.jobs.rows import NOTICES, NoticeRow
from sayso.domains.workspaces.head import locked
from sayso.domains.workspaces.models import Workspace

# A page is one transaction; small enough that it holds nobody up.
PAGE = 500
# So many follow each other before it is looked again who else waits, which with a backlog takes longer than a page.
PAGES_AT_ONCE = 20
# The field would turn the moment into a datetime; a row has it as the database does.
_AS_STORED = [Cast(name, BigIntegerField()) if name == "occurred_at" else name for name in NOTICES.names]

_log = structlog.get_logger(__name__)


class Consumer(Protocol):
    """Takes over notices."""

    def kinds(self, workspace: int) -> Collection[str]:
        """Return the kinds of notice that it wants of a workspace now."""

    def take(self, workspace: int, notices: Sequence[NoticeRow], now: datetime) -> None:
        """Write down what is to be done about notices, in their order; those of other kinds are among them."""


_consumers: list[Consumer] = []


def register_consumer(consumer: Consumer) -> None:
    """Let a consumer hear notices, in every workspace that it wants any of."""
    _consumers.append(consumer)


def listen(workspace: int) -> None:
    """Note what the workspace's consumers want now; to be called where a subscription changes.

    Args:
        workspace: the workspace's number.

    Raises:
        NoSuchWorkspace: there is none of this number.
    """
    with locked(connection, workspace):
        kinds = sorted({kind for consumer in _consumers for kind in consumer.kinds(workspace)})
        Workspace.objects.filter(pk=workspace).update(listens=" ".join(kinds))


def relay(now: datetime) -> bool:
    """Hand over some pages of notices of every workspace that has any; whether there may be more.

    Args:
        now: the time; a notice is told as soon as it is there.
    """
    # Workspaces are found over all of them: the table holds only what was not told yet.
    waiting = list(Notice.objects.order_by().values_list("workspace_id", flat=True).distinct())
    full = [_handed_over(workspace, now) for workspace in waiting]
    return any(full)


def _handed_over(workspace: int, now: datetime) -> bool:
    """Hand over some pages; a workspace where that fails keeps its notices, and keeps no other one waiting."""
    try:
        return all(_hand_over(workspace, now) for _ in range(PAGES_AT_ONCE))
    except Exception:
        _log.exception("notices could not be handed over", workspace=workspace)
        return False


def _hand_over(workspace: int, now: datetime) -> bool:
    """Hand over one page; relays on other hosts wait here, so that notices stay in their order."""
    with transaction.atomic():
        page = Notice.objects.filter(workspace_id=workspace).order_by("number").select_for_update()
        notices = NOTICES.to_rows(list(page.values_list(*_AS_STORED)[:PAGE]))
        if not notices:
            return False
        for consumer in _consumers:
            consumer.take(workspace, notices, now)
        Notice.objects.filter(workspace_id=workspace, number__in=[each.number for each in notices]).delete()
    return len(notices) == PAGE
