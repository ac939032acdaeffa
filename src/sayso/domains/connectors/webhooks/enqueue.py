"""Taking notices over: one delivery for each endpoint that wants one, in the transaction that deletes the notice.

It must not send anything.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sayso.core.engine.notices import KINDS
from sayso.core.program.calendar import datetime_of
from sayso.domains.connectors.webhooks.models import Delivery, Endpoint
from sayso.domains.jobs.rows import NoticeRow
from sayso.domains.workspaces.ids import new_number


class WebhookConsumer:
    """Hears the notices that any endpoint of a workspace wants, of one that is disabled too."""

    def kinds(self, workspace: int) -> Collection[str]:
        """Return the kinds of notice that the endpoints of a workspace want now."""
        endpoints = list(Endpoint.objects.filter(workspace=workspace))
        return [kind for kind in KINDS if any(endpoint.wants(kind) for endpoint in endpoints)]

    def take(self, workspace: int, notices: Sequence[NoticeRow], now: datetime) -> None:
        """Write a delivery of each notice to each endpoint that wants it."""
        # Locked, so that none is enabled or disabled between being read and having its deliveries written.
        endpoints = list(Endpoint.objects.select_for_update().filter(workspace=workspace).order_by("number"))
        Delivery.objects.bulk_create(_deliveries(workspace, endpoints, notices, now))


def _deliveries(
    workspace: int, endpoints: Sequence[Endpoint], notices: Sequence[NoticeRow], now: datetime
) -> Iterator[Delivery]:
    number = max(new_number(now), _latest(workspace) + 1)
    for notice in notices:
        for endpoint in endpoints:
            if endpoint.wants(notice.kind):
                yield Delivery(
                    number=number,
                    workspace_id=workspace,
                    endpoint=endpoint.number,
                    notice=notice.number,
                    kind=notice.kind,
                    member=notice.member,
                    program=notice.program,
                    about=notice.about,
                    occurred_at=datetime_of(notice.occurred_at),
                    data=notice.data,
                    created_at=now,
                    next_at=None if endpoint.disabled_at else max(now, endpoint.held_until or now),
                )
                number += 1


def _latest(workspace: int) -> int:
    """The highest number of a delivery there: those of two pages that come in one moment never overlap."""
    numbers = Delivery.objects.filter(workspace=workspace).order_by("-number").values_list("number", flat=True)
    return numbers.first() or 0
