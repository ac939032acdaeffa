"""The first word to somebody whom an advocate handed in: once, and afterwards their address is forgotten.

Owns both (TRUST, Privacy and law), and that whom nobody wrote to is forgotten too. Who came by themselves in the
meantime is a member like any other, and whom a system of the company's wrote about is the company's. It must not word
anything.
"""

from datetime import datetime

from django.db import connection

from sayso.core.engine.events import LEAD, MEMBER_UPDATED, TIMER
from sayso.domains.events.models import Event
from sayso.domains.outreach.models import LeadsRead, Mail, MailKind, MailState
from sayso.domains.outreach.recipient import NotToBeSent
from sayso.domains.people.erase import wipe_events
from sayso.domains.people.models import Identity, Member
from sayso.domains.referrals.hand_in import SOURCE
from sayso.domains.sharing.clean import KEPT_AFTER_WINDOW, longest_referral
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.head import locked
from sayso.domains.workspaces.models import Workspace

PIECE = 200
# Events that are looked through together for contacts.
PIECE_OF_LOG = 2000
_CONTACT_KINDS = ("email", "mailbox", "phone")
_DONE = {True: "the address was forgotten", False: "they came by themselves, or the company took them over"}


def check_is_first(mail: Mail, mark: bytes) -> None:
    """Let through the first mail to somebody who asked for nothing, and no other, whoever handed them in again.

    Args:
        mail: to a lead.
        mark: of the mailbox that it would go to.

    Raises:
        NotToBeSent: they heard from us before, or are about to.
    """
    leads = Mail.objects.filter(kind=MailKind.LEAD, workspace=mail.workspace_id).exclude(number=mail.number)
    earlier = leads.filter(member=mail.member, number__lt=mail.number, state=MailState.PENDING)
    if leads.filter(mark=mark, state=MailState.SENT).exists() or earlier.exists():
        raise NotToBeSent("they heard from us before")


def forget_contacts(now: datetime) -> bool:
    """Forget the addresses of a piece of those whom we would write to and who never came; whether there may be more.

    Args:
        now: the time, by the calendar.
    """
    # Over all workspaces: the promise is ours.
    due = list(Mail.objects.filter(forget_at__gt=0, forget_at__lte=now).order_by("forget_at")[:PIECE])
    for mail in due:
        with locked(connection, mail.workspace_id):
            done = _DONE[_forget(mail.workspace_id, mail.member)]
            reason = done if mail.state == MailState.SENT else mail.reason
            Mail.objects.filter(number=mail.number, workspace=mail.workspace_id).update(reason=reason, forget_at=None)
    return len(due) == PIECE


def forget_who_never_came(now: datetime) -> bool:
    """Forget the contacts that were handed in on the page and never came, once nobody could be paid for them: a duty.

    Whether anybody wrote to them does not matter: mails may be off, and what the rules refuse is worth none.

    Args:
        now: the time, by the calendar.

    Returns:
        Whether there may be more.
    """
    read = dict(LeadsRead.objects.values_list("workspace", "position"))
    # Over all workspaces: the promise is ours.
    behind = [each for each in Workspace.objects.all() if each.position > read.get(each.pk, 0)]
    left = [_forget_piece(each, read.get(each.pk, 0), now_in(each, now)) for each in behind]
    return any(left)


def _forget_piece(workspace: Workspace, since: int, now: datetime) -> bool:
    with locked(connection, workspace.pk) as head:
        before = now - longest_referral(head, now) - KEPT_AFTER_WINDOW
        last = min(since + PIECE_OF_LOG, head.position)
        log = Event.objects.filter(position__gt=since, position__lte=last, workspace=workspace).order_by("position")
        # The clock of a log never goes back.
        young = log.filter(clock__gte=before).values_list("position", flat=True).first()
        until = last if young is None else young - 1
        handed_in = log.filter(position__lte=until, type=LEAD, source=SOURCE)
        members = set(handed_in.filter(member__gt=0).values_list("member", flat=True))
        for member in members:
            _forget(workspace.pk, member)
        wipe_events(workspace.pk, handed_in.filter(member=0))  # set aside, and decided by nobody since
        LeadsRead.objects.update_or_create(workspace=workspace, defaults={"position": until})
    return young is None and until < head.position


def _forget(workspace: int, member: int) -> bool:
    """Wipe by what somebody can be reached; not of those who did anything since they were handed in.

    Who was merged into a member is that member, to whom the contact belongs now. What a system of the company's wrote
    of them is the company's, as a lead too where another one had handed them in.
    """
    events = Event.objects.filter(member=member, workspace=workspace)
    merged = Member.objects.filter(id=member, merged_into__gt=0, workspace=workspace)
    handed_in_by = events.filter(type=LEAD).order_by("position").values("source")[:1]
    others = events.exclude(type=TIMER).exclude(type=LEAD, source=handed_in_by)
    others = others.exclude(type=MEMBER_UPDATED, source=SOURCE)
    if merged.exists() or others.exists():
        return False
    Identity.objects.filter(member=member, kind__in=_CONTACT_KINDS, workspace=workspace).delete()
    Member.objects.filter(id=member, workspace=workspace).update(attributes={}, alike="[]")
    # A later backtest decides the event again: without the code it would take back what was earned. What the guard saw
    # in the words it finds in the reasons (`decisions.wiped`).
    wipe_events(workspace, events, but_code=True)
    return True
