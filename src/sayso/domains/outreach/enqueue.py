"""Writing down that a mail is to be sent; the worker sends it.

Owns that one cause makes one mail of a kind. It must not look up anybody's address.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from sayso.domains.outreach.models import Mail, MailKind, MailState
from sayso.domains.workspaces.ids import new_number

# For how long we know by what somebody is reached who asked for nothing, whether the mail could be sent or not.
LEADS_KEPT = timedelta(days=30)
# Two who write a mail at the same moment may come by the same number; the one who is told so takes the next.
_TRIES = 5
TOO_LATE = "it was too late to be sent"


@dataclass(frozen=True, slots=True)
class MailToSend:
    """A mail that is to be sent; the fields mean what they mean in `models.Mail`."""

    kind: MailKind
    cause: int
    member: int
    program: str = ""


def enqueue_mail(workspace: int, wanted: MailToSend, *, now: datetime, is_late: bool = False) -> Mail | None:
    """Write down that a mail is to be sent; None where there was one of its kind for the same cause.

    Args:
        workspace: the workspace's number.
        wanted: which mail.
        now: the time, by the calendar.
        is_late: what it would tell is too old; it is recorded and never sent.

    Raises:
        RuntimeError: others took every number that was tried.
    """
    fate: dict[str, Any]
    if is_late:
        fate = {"state": MailState.SKIPPED, "reason": TOO_LATE, "next_at": None, "ended_at": now}
    else:
        fate = {"next_at": now}
    if wanted.kind == MailKind.LEAD:
        fate["forget_at"] = now + LEADS_KEPT
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                return Mail.objects.create(
                    number=max(new_number(now), _latest(workspace) + 1),
                    workspace_id=workspace,
                    kind=wanted.kind,
                    cause=wanted.cause,
                    member=wanted.member,
                    program=wanted.program,
                    made_at=now,
                    **fate,
                )
        except IntegrityError:
            if Mail.objects.filter(cause=wanted.cause, kind=wanted.kind, workspace=workspace).exists():
                return None
    raise RuntimeError(f"{_TRIES} numbers in a row were taken by other mails")


def _latest(workspace: int) -> int:
    """The highest number of a mail there: one moment has few numbers of its own, and a page may hold more mails."""
    numbers = Mail.objects.filter(workspace=workspace).order_by("-number").values_list("number", flat=True)
    return numbers.first() or 0
