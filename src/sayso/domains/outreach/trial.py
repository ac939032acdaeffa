"""Sending one mail that only shows that mails arrive, at once.

It must not be repeated by the worker: whoever asked looks at what came of it.
"""

from datetime import datetime

from sayso.core.domain_error import DomainError
from sayso.domains.jobs.lease import claim
from sayso.domains.outreach.deliver import LEASE_SECONDS, send_claimed
from sayso.domains.outreach.enqueue import MailToSend, enqueue_mail
from sayso.domains.outreach.models import Mail, MailKind, MailState
from sayso.domains.outreach.server import why_nothing_is_sent
from sayso.domains.people.queries import member_called
from sayso.domains.workspaces.ids import new_number
from sayso.domains.workspaces.models import Workspace


class NothingIsSent(DomainError):
    """The operator has not said which server sends mails; the message says what to set."""


def send_test(*, workspace: Workspace, member: str, now: datetime) -> Mail:
    """Send a member a test, and return the mail with what came of it.

    Args:
        workspace: whose member.
        member: the company's name for them, or their id.
        now: the time, by the calendar.

    Raises:
        NoSuchMember: there is none.
        NothingIsSent: as it says.
    """
    to = member_called(workspace, member)
    if missing := why_nothing_is_sent():
        raise NothingIsSent(missing)
    mail = enqueue_mail(workspace.pk, MailToSend(MailKind.TEST, new_number(now), to.id), now=now)
    assert mail is not None  # its cause was made up a moment ago
    send_claimed(claim(Mail.objects.filter(pk=mail.pk), limit=1, now=now, seconds=LEASE_SECONDS), now=now)
    mail.refresh_from_db()
    if mail.state == MailState.PENDING:
        mail.keep(state=MailState.FAILED, next_at=None, ended_at=now)
    return mail
