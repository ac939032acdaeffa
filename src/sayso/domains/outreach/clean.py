"""Forgetting what is over: a duty of the worker.

Owns how long mails, codes and tries are kept. What is still to be sent is never deleted.
"""

from datetime import datetime, timedelta

from django.conf import settings

from sayso.domains.jobs.forget import forget_piece
from sayso.domains.outreach.models import Mail, MailKind, SignInCode, SignInTry

_TRIES_COUNT_FOR = timedelta(hours=1)
_CODES_KEPT_FOR = timedelta(days=1)


def clean_mails(now: datetime) -> bool:
    """Delete a piece of what is over; whether there may be more.

    Args:
        now: the time, by the calendar.
    """
    # Over all workspaces: how long they are kept is the operator's setting.
    ended = Mail.objects.filter(ended_at__gt=0)
    old = (
        ended.filter(ended_at__lt=now - timedelta(days=settings.MAILS_KEPT_DAYS)),
        ended.filter(ended_at__lt=now - _CODES_KEPT_FOR, kind=MailKind.SIGN_IN),
        SignInCode.objects.filter(made_at__lt=now - _CODES_KEPT_FOR),
        SignInTry.objects.filter(made_at__lt=now - _TRIES_COUNT_FOR),
    )
    deleted = [forget_piece(rows) for rows in old]
    return any(deleted)
