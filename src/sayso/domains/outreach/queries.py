"""Reading mails: what was sent, what waits, and why something was not sent. No address is told here."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from sayso.domains.outreach.models import Mail, MailState
from sayso.domains.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class MailCount:
    """How many mails of one kind are in one state."""

    kind: str
    state: str
    count: int


def latest_mails(
    workspace: Workspace, *, state: str | None = None, before: int | None = None, limit: int = 50
) -> Sequence[Mail]:
    """Return mails, the latest first.

    Args:
        workspace: whose.
        state: only those that are pending, sent, failed or skipped.
        before: the number of the last one of the page before.
        limit: how many at most.
    """
    found = Mail.objects.filter(workspace=workspace)
    found = found if state is None else found.filter(state=state)
    found = found if before is None else found.filter(number__lt=before)
    return list(found.order_by("-number")[:limit])


def mail_counts(workspace: Workspace) -> list[MailCount]:
    """Return how many mails there are of each kind and state."""
    rows = Mail.objects.filter(workspace=workspace).order_by().values("kind", "state").annotate(count=Count("number"))
    return [MailCount(row["kind"], row["state"], row["count"]) for row in rows.order_by("kind", "state")]


def waiting_mails(workspace: Workspace) -> int:
    """Return how many mails are still to be sent."""
    return Mail.objects.filter(workspace=workspace, state=MailState.PENDING).count()
