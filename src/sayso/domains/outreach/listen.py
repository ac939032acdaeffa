"""Which notices become mails: written down in the transaction in which the notice is told, sent later.

Owns what each notice means for whom. What is days old is not told any more (DESIGN 5, Time is an event) and recorded
as skipped. It must not send anything.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sayso.core.engine.events import LEAD, SIGNUP, SPAN
from sayso.core.engine.notices import REWARD_APPROVED, STEP_REACHED
from sayso.core.program.calendar import datetime_of
from sayso.domains.events.models import Event
from sayso.domains.jobs.rows import NoticeRow
from sayso.domains.outreach.enqueue import MailToSend, enqueue_mail
from sayso.domains.outreach.judge import LATE
from sayso.domains.outreach.models import Mail, MailKind
from sayso.domains.outreach.switches import switches_of
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.queries import workspace_numbered

OPENED, ISSUED = "referral.opened", "reward.issued"
_HEARD: Mapping[str, Collection[str]] = {
    MailKind.WELCOME: (OPENED, STEP_REACHED),
    MailKind.FRIEND_JOINED: (OPENED, STEP_REACHED),
    MailKind.LEAD: (OPENED,),
    MailKind.REWARD_TO_CHOOSE: (REWARD_APPROVED,),
    MailKind.REWARD_READY: (ISSUED,),
}


class MailConsumer:
    """Hears what is worth a mail, in workspaces that send any."""

    def kinds(self, workspace: int) -> Collection[str]:
        """Return the kinds of notice that a workspace's mails are about."""
        on = switches_of(workspace_numbered(workspace))
        return sorted({heard for kind in on for heard in _HEARD[kind]})

    def take(self, workspace: int, notices: Sequence[NoticeRow], now: datetime) -> None:
        """Write down the mails that notices are worth."""
        found = workspace_numbered(workspace)
        on = switches_of(found)
        heard = [each for each in notices if any(each.kind in _HEARD[kind] for kind in on)]
        for notice in heard:
            for wanted in _wanted(found, notice):
                if wanted.kind in on and not _is_told(workspace, wanted):
                    enqueue_mail(workspace, wanted, now=now, is_late=_is_late(found, notice, now))


def _is_told(workspace: int, wanted: MailToSend) -> bool:
    """Whether the advocate hears of this sign-up already: each program that runs opens a referral of its own."""
    if wanted.kind != MailKind.FRIEND_JOINED:
        return False
    first = wanted.cause - wanted.cause % SPAN
    mails = Mail.objects.filter(member=wanted.member, workspace=workspace, kind=wanted.kind)
    return mails.filter(cause__gte=first, cause__lt=first + SPAN).exists()


def _is_late(workspace: Workspace, notice: NoticeRow, now: datetime) -> bool:
    return now_in(workspace, now) - datetime_of(notice.occurred_at) > LATE


def _wanted(workspace: Workspace, notice: NoticeRow) -> Iterator[MailToSend]:
    said = notice.data
    if notice.kind == REWARD_APPROVED and said["choose_from"]:
        yield MailToSend(MailKind.REWARD_TO_CHOOSE, notice.about, notice.member, notice.program)
    elif notice.kind == ISSUED:
        yield MailToSend(MailKind.REWARD_READY, notice.about, notice.member, notice.program)
    elif notice.kind == OPENED and _came_as_lead(workspace, notice.about):
        yield MailToSend(MailKind.LEAD, notice.about, said["friend"], notice.program)
    elif notice.kind == OPENED or (notice.kind == STEP_REACHED and _is_late_signup(workspace, notice, said)):
        yield MailToSend(MailKind.WELCOME, notice.about, said["friend"], notice.program)
        yield MailToSend(MailKind.FRIEND_JOINED, notice.about, said["advocate"], notice.program)


def _came_as_lead(workspace: Workspace, referral: int) -> bool:
    """Whether a referral began with somebody handing in a contact: that friend did not come yet."""
    return Event.objects.filter(position=referral // SPAN, workspace=workspace, type=LEAD).exists()


def _is_late_signup(workspace: Workspace, notice: NoticeRow, said: Mapping[str, Any]) -> bool:
    """Whether a friend who began as a lead has signed up now; of others the opening told it."""
    if not _came_as_lead(workspace, notice.about):
        return False
    program = rulebook_of(head_of(workspace)).versions.get((notice.program, said["version"]))
    rules = program.document.referral if program else None
    step = rules.steps.get(str(said["step"])) if rules else None
    return step is not None and step.on == SIGNUP
