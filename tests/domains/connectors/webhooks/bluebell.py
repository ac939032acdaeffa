"""Bluebell Coffee with a receiver of webhooks: notices made by real decisions, and the duties run at a given time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from django.db import connection

from sayso.domains.connectors.webhooks.create import EndpointSettings, create_endpoint
from sayso.domains.connectors.webhooks.deliver import Lines
from sayso.domains.connectors.webhooks.models import Delivery, Endpoint
from sayso.domains.jobs.relay import relay
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, ada_recommends_ben, decide, event, open_bluebell

__all__ = ["FRIENDS", "Workspace", "event", "later", "open_bluebell"]


def later(**after: float) -> datetime:
    """The time, as injected: some time after now, since what is taken over is due from now on."""
    return datetime.now(UTC) + timedelta(**after)


def endpoint_at(workspace: Workspace, url: str, *, kinds: Collection[str] = ("*",)) -> tuple[Endpoint, str]:
    """An endpoint with its secret."""
    return create_endpoint(
        workspace=workspace, wanted=EndpointSettings(url, kinds, "the till's back office"), now=later()
    )


def ada_has_joined(workspace: Workspace) -> None:
    """One notice: a member joined."""
    decide(workspace, [event("a-1", "signup", "Ada")])
    relay(later())


def ben_has_bought(workspace: Workspace) -> None:
    """The notices of a whole referral."""
    decide(workspace, ada_recommends_ben())
    relay(later())


def deliver_all(**after: float) -> None:
    """Deliver what is due after some time, until nothing is."""
    lines = Lines()
    while lines.deliver(later(**after)):
        pass


def delivered() -> list[Delivery]:
    """All deliveries, fresh, in the order in which they were made."""
    return list(Delivery.objects.order_by("number"))


def the(endpoint: Endpoint) -> Endpoint:
    """An endpoint as it stands now."""
    return Endpoint.objects.get(pk=endpoint.pk)


def is_postgresql() -> bool:
    """Whether this run is on PostgreSQL."""
    return connection.vendor == "postgresql"
