"""The secret with which a company's own systems vouch for their members (HS256), so that nobody signs in twice.

Owns making it and which ones hold: the newest, and for a time the one before it. It must not read a token.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from sayso.core.domain_error import DomainError
from sayso.domains.workspaces.ids import new_number
from sayso.domains.workspaces.models import PortalSecret, Workspace
from sayso.domains.workspaces.sealing import seal, unseal

KEEP_HOURS = 48
MOST_HOURS = 24 * 30
# As many as the digest has (RFC 7518, 3.2: the key is at least as long).
_BYTES = 32


class KeepingNotUsable(DomainError, ValueError):
    """An earlier secret lives from 0 hours, for one that leaked, to 30 days."""


def make_portal_secret(*, workspace: Workspace, now: datetime, keep_hours: int = KEEP_HOURS) -> str:
    """Make a secret and return it; it is not shown again.

    Args:
        workspace: for whose members it vouches.
        now: the time.
        keep_hours: how long the present secret still holds; a still earlier one ends now.

    Raises:
        KeepingNotUsable: as it says.
    """
    if not 0 <= keep_hours <= MOST_HOURS:
        raise KeepingNotUsable(f"an earlier secret lives for 0 to {MOST_HOURS} hours")
    secret = f"ps_{'test' if workspace.is_test else 'live'}_{secrets.token_urlsafe(_BYTES)}"
    with transaction.atomic():
        # Of two who make one at once, the workspace's row lets one go first.
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        rows = PortalSecret.objects.filter(workspace=workspace)
        newest = rows.order_by("-number").values_list("number", flat=True).first()
        kept = [newest] if keep_hours and newest is not None else []
        rows.exclude(number__in=kept).delete()
        rows.update(ends_at=now + timedelta(hours=keep_hours))
        PortalSecret.objects.create(number=new_number(now), workspace=workspace, sealed=seal(secret), made_at=now)
    return secret


def portal_secrets(workspace: Workspace, now: datetime) -> dict[int, str]:
    """Return the secrets that hold now by their number, the newest first; none where none was made.

    Raises:
        SealBroken: the installation's secret key is another one by now.
    """
    rows = PortalSecret.objects.filter(workspace=workspace).order_by("-number")
    return {row.number: unseal(row.sealed) for row in rows if row.ends_at is None or row.ends_at > now}


def portal_secrets_known(workspace: Workspace) -> list[PortalSecret]:
    """Return what is known of the secrets without opening them, the newest first."""
    return list(PortalSecret.objects.filter(workspace=workspace).order_by("-number"))
