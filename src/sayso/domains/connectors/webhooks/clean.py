"""Forgetting old deliveries: a duty of the worker.

Owns how long they are kept. What is still on its way is never deleted, unless its endpoint has been disabled all the
time.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from sayso.domains.connectors.webhooks.models import Delivery, DeliveryState
from sayso.domains.jobs.forget import forget_piece

PIECE = 1000


def clean_deliveries(now: datetime) -> bool:
    """Delete a piece of the deliveries that are older than the operator keeps them; whether there may be more.

    Args:
        now: the time.
    """
    ended = ~Q(state=DeliveryState.PENDING) | Q(next_at=0)
    # Over all workspaces: how long they are kept is the operator's setting.
    old = Delivery.objects.filter(ended, created_at__lt=now - timedelta(days=settings.DELIVERIES_KEPT_DAYS))
    return forget_piece(old.order_by("created_at"), most=PIECE)
