"""Trying an endpoint out: one delivery that tells nothing, sent at once and never again.

It must not count for or against the endpoint.
"""

import time
from datetime import datetime

from sayso.domains.connectors.webhooks.deliver import LEASE_SECONDS, attempt
from sayso.domains.connectors.webhooks.models import Delivery, DeliveryState
from sayso.domains.connectors.webhooks.payload import TEST_KIND, prepare
from sayso.domains.connectors.webhooks.queries import endpoint_of
from sayso.domains.connectors.webhooks.settle import LONGEST_PROBLEM
from sayso.domains.workspaces.ids import new_number
from sayso.domains.workspaces.models import Workspace


def send_test(*, workspace: Workspace, endpoint: str, now: datetime) -> Delivery:
    """Send a test delivery to an endpoint, a disabled one too, and return what came of it. Takes 15 seconds at most.

    Raises:
        NoSuchEndpoint: there is none of this id.
        SealBroken: its secret cannot be opened.
    """
    found = endpoint_of(workspace=workspace, endpoint=endpoint)
    made = Delivery(
        number=new_number(now),
        workspace=workspace,
        endpoint=found.number,
        kind=TEST_KIND,
        occurred_at=now,
        created_at=now,
        data={"endpoint": found.id, "message": "Sayso can reach this endpoint."},
    )
    outcome = attempt(prepare(made, found, refs={}, now=now), time.monotonic() + LEASE_SECONDS)
    made.state = DeliveryState.DELIVERED if outcome.delivered else DeliveryState.FAILED
    made.attempts, made.last_at, made.finished_at = 1, now, now
    made.last_status, made.last_problem = outcome.status, outcome.problem[:LONGEST_PROBLEM]
    made.save(force_insert=True)
    return made
