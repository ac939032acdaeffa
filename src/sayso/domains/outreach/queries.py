"""Reading mails: what was sent, what waits, and why something was not sent. No address is told here."""

from collections.abc import Sequence

from sayso.domains.outreach.models import Mail
from sayso.domains.workspaces.models import Workspace


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
