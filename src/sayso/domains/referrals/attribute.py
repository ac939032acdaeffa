"""Opening a referral on the word of staff, where the code was lost or never used."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sayso.core.engine.decision import Verdict
from sayso.core.engine.events import REFERRAL_ATTRIBUTED
from sayso.core.engine.referrals import OPENING
from sayso.core.engine.rows import Reason
from sayso.core.engine.states import STANDING
from sayso.domains.events.act import Actor, Deed, act
from sayso.domains.events.queries import event_at
from sayso.domains.people.queries import member_called
from sayso.domains.referrals.models import Referral
from sayso.domains.referrals.opened import NothingOpened, opened_by, why_nothing_opened
from sayso.domains.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who recommended whom.

    Attributes:
        advocate, friend: the company's names for them, or their ids.
        reason: why staff say so.
        program: in which program; empty for every one that takes referrals.
        event: the place in the log of the event that made the referral, which then takes its step; 0 for none.
    """

    advocate: str
    friend: str
    reason: str
    program: str = ""
    event: int = 0


def attribute_referral(
    *, workspace: Workspace, attribution: Attribution, actor: Actor, now: datetime
) -> list[Referral]:
    """Open a referral on the word of staff, and return what was opened, one for each program (SEMANTICS 16, 22).

    One between the two that waits for a person's look goes on, and one that is open takes the step of `event`, which
    came under another name of the friend's before the two were merged; both are returned.

    Args:
        workspace: whose members.
        attribution: who recommended whom.
        actor: in whose name.
        now: the time.

    Raises:
        NoSuchMember: one of the two is not known.
        NoSuchEvent: the log has no such event.
        NothingOpened: the rules refuse it; the message says which.
    """
    advocate = member_called(workspace, attribution.advocate)
    friend = member_called(workspace, attribution.friend)
    about = ""
    if attribution.event:
        event = event_at(workspace, attribution.event)
        # An event is referred to within its own source.
        about, actor = event.external_id, replace(actor, source=event.source)
    said = {
        "advocate": advocate.ref,
        "program": attribution.program or None,
        "reason": attribution.reason,
        "by": actor.by or None,
    }
    deed = Deed("attribute", REFERRAL_ATTRIBUTED, friend.ref, said, about=about)
    done = act(workspace=workspace, deed=deed, actor=actor, now=now)
    opened = opened_by(workspace, done.position)
    touched = [*opened, *_put_right(workspace, done.reasons, {row.program for row in opened})]
    if not touched:
        raise NothingOpened(why_nothing_opened(workspace, done.reasons))
    return touched


def _put_right(workspace: Workspace, reasons: Sequence[Reason], opened: Collection[str]) -> list[Referral]:
    """The referrals that were there before, and went on, but for programs in which one was opened."""
    went_on = {each.program: each.subject for each in reasons if _goes_on(each) and each.program not in opened}
    found = [
        Referral.objects.filter(workspace=workspace, program=program, friend=friend, status__in=STANDING).first()
        for program, friend in went_on.items()
    ]
    return [each for each in found if each is not None]


def _goes_on(reason: Reason) -> bool:
    at_it = reason.clause == OPENING or reason.clause.startswith("referral.steps.")
    return at_it and reason.verdict == Verdict.MET
