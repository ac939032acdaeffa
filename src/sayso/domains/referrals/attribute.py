"""Opening a referral on the word of staff, where the code was lost or never used."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sayso.core.engine.decision import Reason, Verdict
from sayso.core.engine.events import REFERRAL_ATTRIBUTED
from sayso.core.engine.referrals import OPENING
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

    Where it is open already, and `event` came under another name of the friend's before the two were merged, it takes
    the step of that event and is returned.

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
    touched = [*opened_by(workspace, done.position), *_caught_up(workspace, done.reasons)]
    if not touched:
        raise NothingOpened(why_nothing_opened(workspace, done.reasons))
    return touched


def _caught_up(workspace: Workspace, reasons: Sequence[Reason]) -> list[Referral]:
    """The referrals that were open before, and took a step."""
    taken = {each.program: each.subject for each in reasons if _is_step(each)}
    opened = {each.program for each in reasons if (each.clause, each.verdict) == (OPENING, Verdict.MET)}
    found = [
        Referral.objects.filter(workspace=workspace, program=program, friend=friend, status__in=STANDING).first()
        for program, friend in taken.items()
        if program not in opened
    ]
    return [each for each in found if each is not None]


def _is_step(reason: Reason) -> bool:
    return reason.clause.startswith("referral.steps.") and reason.verdict == Verdict.MET
