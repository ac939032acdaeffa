"""Writing down that a mail is to be sent; the worker sends it.

Owns that one cause makes one mail of a kind. It must not look up anybody's address.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from sayso.domains.outreach.models import Mail, MailKind
from sayso.domains.workspaces.ids import new_number


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mail that is to be sent; the fields mean what they mean in `models.Mail`.

    Attributes:
        wait: how long it waits, so that what it tells is there.
    """

    kind: MailKind
    cause: int
    member: int
    program: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    wait: timedelta = timedelta()


def enqueue_mail(workspace: int, wanted: Wanted, *, now: datetime) -> Mail | None:
    """Write down that a mail is to be sent; None where there was one of its kind for the same cause.

    Args:
        workspace: the workspace's number.
        wanted: which mail.
        now: the time, by the calendar.
    """
    while True:
        try:
            with transaction.atomic():
                return Mail.objects.create(
                    number=new_number(now),
                    workspace_id=workspace,
                    kind=wanted.kind,
                    cause=wanted.cause,
                    member=wanted.member,
                    program=wanted.program,
                    data=dict(wanted.data),
                    made_at=now,
                    next_at=now + wanted.wait,
                )
        except IntegrityError:
            # Else it was only the number that another mail of this moment has.
            if Mail.objects.filter(cause=wanted.cause, kind=wanted.kind, workspace=workspace).exists():
                return None
