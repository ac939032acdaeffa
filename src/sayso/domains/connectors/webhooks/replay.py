"""Sending again what was delivered or given up, under the id that it had: a receiver that has it already can tell.

Owns the choice of deliveries. It must not send anything itself.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from sayso.domains.connectors.webhooks.models import Delivery, DeliveryState, Endpoint
from sayso.domains.connectors.webhooks.queries import delivery_of, endpoint_of, locked_endpoint
from sayso.domains.workspaces.models import Workspace


def replay_delivery(*, workspace: Workspace, delivery: str, now: datetime) -> Delivery:
    """Send one delivery again, whatever became of it; to a disabled endpoint, once it is enabled.

    Raises:
        NoSuchDelivery: there is none of this id.
    """
    with transaction.atomic():
        found = delivery_of(workspace=workspace, delivery=delivery)
        endpoint = locked_endpoint(workspace=workspace.pk, number=found.endpoint)
        _again(endpoint, Delivery.objects.filter(number=found.number, workspace=workspace), now)
    return delivery_of(workspace=workspace, delivery=delivery)


def replay_since(
    *, workspace: Workspace, endpoint: str, since: datetime, now: datetime, failed_only: bool = True
) -> int:
    """Send again what happened since a moment; return how many deliveries that are.

    Args:
        workspace: whose endpoint it is.
        endpoint: its public id.
        since: from when on, by the time at which things happened.
        now: the time.
        failed_only: only what was given up; else what was delivered too.

    Raises:
        NoSuchEndpoint: there is none of this id.
    """
    states = [DeliveryState.FAILED] if failed_only else [DeliveryState.FAILED, DeliveryState.DELIVERED]
    with transaction.atomic():
        number = endpoint_of(workspace=workspace, endpoint=endpoint).number
        locked = locked_endpoint(workspace=workspace.pk, number=number)
        ended = Delivery.objects.filter(endpoint=number, workspace=workspace, state__in=states, notice__gt=0)
        return _again(locked, ended.filter(occurred_at__gte=since), now)


def _again(endpoint: Endpoint, deliveries: "QuerySet[Delivery]", now: datetime) -> int:
    next_at = None if endpoint.disabled_at else now
    # What comes of an attempt that is under way is not written any more: it would end what is asked for now.
    free = {"lease_token": 0, "leased_until": None}
    return deliveries.update(state=DeliveryState.PENDING, attempts=0, next_at=next_at, finished_at=None, **free)
