"""Forgetting what was counted of messages that made no event: a duty of the worker.

Owns how long it is kept. It must not touch what a source is told to do.
"""

from datetime import datetime

from django.conf import settings

from sayso.domains.connectors.incoming.models import Untaken


def clean_untaken(now: datetime) -> bool:
    """Delete the counts of days that are older than the operator keeps them; they are few, so that none is left.

    Args:
        now: the time, by the calendar.
    """
    # Over all workspaces: how long they are kept is the operator's setting.
    Untaken.objects.filter(day__lt=now.toordinal() - settings.DELIVERIES_KEPT_DAYS).delete()
    return False
