"""Reminding a friend once: who may be reminded, and noting that it was done, so that it is not done again.

The member writes the reminder themselves; we send nothing. Owns when it is polite. It must not know a channel.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sayso.core.domain_error import DomainError
from sayso.domains.events.act import Actor, Deed, KeyReused, act
from sayso.domains.events.queries import moments_of
from sayso.domains.people.consents import SHARED, consenting
from sayso.domains.people.models import Member
from sayso.domains.referrals.models import Referral
from sayso.domains.referrals.queries import NoSuchReferral, referral_numbered
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.models import Workspace

# The type of the event; a program may count it like any other.
FRIEND_REMINDED = "friend_reminded"
SOURCE = "portal"
_VERB, _REFERRAL = "remind", "ref"
# Nobody who came yesterday needs a reminder.
PATIENCE = timedelta(days=3)


class MayNotRemind(DomainError):
    """The friend did not allow it, was reminded before, or has nothing to be reminded of."""


def remind_friend(*, workspace: Workspace, referral: int, advocate: Collection[int], now: datetime) -> None:
    """Note that an advocate reminds a friend.

    Args:
        workspace: where.
        referral: its number.
        advocate: the numbers under which the history of whoever reminds stands.
        now: the time.

    Raises:
        NoSuchReferral: it is none of theirs.
        MayNotRemind: as it says.
    """
    found = referral_numbered(workspace, referral)
    if found.advocate not in advocate:
        raise NoSuchReferral(f"there is no such referral in {workspace.name}")
    if found.id not in remindable(workspace, [found], now_in(workspace, now)):
        raise MayNotRemind("this friend may not be reminded, or was already")
    owner = Member.objects.get(id=found.advocate, workspace=workspace)
    name = public_id(_REFERRAL, found.id)
    deed = Deed(_VERB, FRIEND_REMINDED, owner.ref, {"referral": name})
    try:
        done = act(workspace=workspace, deed=deed, actor=Actor(SOURCE, once=name), now=now)
    except KeyReused:
        raise MayNotRemind("this friend was reminded already") from None
    if done.repeated:
        raise MayNotRemind("this friend was reminded already")


def remindable(workspace: Workspace, referrals: Sequence[Referral], now: datetime) -> set[int]:
    """Return which of some referrals are of friends who may be reminded now, by number.

    Args:
        workspace: whose referrals.
        referrals: of one advocate or several.
        now: what the workspace's clock shows.
    """
    waiting = [each for each in referrals if each.status == "open" and _is_old(each, now) and not each.completed_at]
    reminded = reminded_at(workspace, [each.id for each in waiting])
    left = [each for each in waiting if each.id not in reminded]
    friends = {each.friend for each in left}
    active = Member.objects.filter(id__in=friends, workspace=workspace, status="active").values_list("id", flat=True)
    allowed = consenting(workspace, list(active), SHARED)
    return {each.id for each in left if each.friend in allowed}


def reminded_at(workspace: Workspace, referrals: Collection[int]) -> dict[int, datetime]:
    """Return when friends were reminded, by the number of the referral; who was not has none."""
    names = {f"{_VERB}-{public_id(_REFERRAL, number)}": number for number in referrals}
    found = moments_of(workspace, source=SOURCE, ids=list(names))
    return {names[name]: at for name, at in found.items()}


def _is_old(referral: Referral, now: datetime) -> bool:
    return referral.opened_at is not None and referral.opened_at <= now - PATIENCE
