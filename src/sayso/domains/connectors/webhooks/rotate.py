"""Giving an endpoint a new secret, while the one before still signs beside it for a time.

It must not show a secret twice.
"""

from datetime import datetime, timedelta

from django.db import transaction

from sayso.core.domain_error import DomainError
from sayso.domains.connectors.webhooks.create import new_secret
from sayso.domains.connectors.webhooks.models import Endpoint
from sayso.domains.connectors.webhooks.queries import endpoint_of, locked_endpoint
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.sealing import seal

KEEP_HOURS = 48
MOST_HOURS = 24 * 30


class TimeNotUsable(DomainError, ValueError):
    """An earlier secret lives from 0 hours, for one that leaked, to 30 days."""


def rotate_secret(
    *, workspace: Workspace, endpoint: str, now: datetime, keep_hours: int = KEEP_HOURS
) -> tuple[Endpoint, str]:
    """Give an endpoint a new secret and return it, which is not shown again.

    Args:
        workspace: whose endpoint it is.
        endpoint: its public id.
        now: the time.
        keep_hours: how long deliveries are signed with the present secret too; a still earlier one ends now.

    Raises:
        NoSuchEndpoint, TimeNotUsable: as they say.
    """
    if not 0 <= keep_hours <= MOST_HOURS:
        raise TimeNotUsable(f"an earlier secret lives for 0 to {MOST_HOURS} hours")
    secret = new_secret()
    with transaction.atomic():
        found = endpoint_of(workspace=workspace, endpoint=endpoint)
        changed = locked_endpoint(workspace=workspace.pk, number=found.number)
        changed.earlier_secret = changed.secret if keep_hours else ""
        changed.earlier_until = now + timedelta(hours=keep_hours) if keep_hours else None
        changed.secret = seal(secret)
        changed.save(update_fields=["secret", "earlier_secret", "earlier_until"])
    return changed, secret
