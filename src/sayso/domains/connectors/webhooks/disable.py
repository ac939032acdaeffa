"""Disabling endpoints and enabling them again.

Owns what becomes of deliveries meanwhile: they are kept, and go out once the endpoint is enabled.
"""

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import QuerySet

from sayso.domains.connectors.webhooks.models import Delivery, DeliveryState, Endpoint
from sayso.domains.connectors.webhooks.queries import endpoint_of, locked_endpoint
from sayso.domains.workspaces.models import Workspace

BY_HAND = "disabled by hand"

_log = structlog.get_logger(__name__)


def disable_endpoint(*, workspace: Workspace, endpoint: str, now: datetime) -> Endpoint:
    """Send nothing to an endpoint until it is enabled again.

    Raises:
        NoSuchEndpoint: there is none.
    """
    with transaction.atomic():
        found = endpoint_of(workspace=workspace, endpoint=endpoint)
        locked = locked_endpoint(workspace=workspace.pk, number=found.number)
        if locked.disabled_at is None:
            close(locked, reason=BY_HAND, now=now)
    return locked


def enable_endpoint(*, workspace: Workspace, endpoint: str, now: datetime) -> Endpoint:
    """Send to an endpoint again, first what was kept for it.

    Raises:
        NoSuchEndpoint: there is none.
    """
    with transaction.atomic():
        found = endpoint_of(workspace=workspace, endpoint=endpoint)
        locked = locked_endpoint(workspace=workspace.pk, number=found.number)
        locked.disabled_at, locked.disabled_reason = None, ""
        locked.failures, locked.failing_since, locked.held_until = 0, None, None
        locked.save(update_fields=["disabled_at", "disabled_reason", "failures", "failing_since", "held_until"])
        pending_to(locked).update(next_at=now)
    return locked


def close(endpoint: Endpoint, *, reason: str, now: datetime) -> None:
    """Disable an endpoint that is locked, for a reason, and leave a line in the log."""
    endpoint.disabled_at, endpoint.disabled_reason = now, reason
    endpoint.save(update_fields=["disabled_at", "disabled_reason"])
    pending_to(endpoint).update(next_at=None)
    _log.warning("webhook endpoint disabled", endpoint=endpoint.id, workspace=endpoint.workspace_id, reason=reason)


def pending_to(endpoint: Endpoint) -> "QuerySet[Delivery]":
    """Return the deliveries that an endpoint does not have yet and that are not given up."""
    return Delivery.objects.filter(
        endpoint=endpoint.number, workspace=endpoint.workspace_id, state=DeliveryState.PENDING
    )
