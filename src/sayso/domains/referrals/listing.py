"""The list of those who recommended most: only who asked for it stands there, by their first name.

Owns joining and leaving it, and the counting. The consent itself is an event (`people.consents`), with the text it was
asked with; the row beside it is what the list is read from. It must not name anybody.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from sayso.domains.events.act import Actor
from sayso.domains.people.consents import LISTED, ConsentAnswer, answer_consents
from sayso.domains.people.models import Member
from sayso.domains.referrals.models import Listed, Referral
from sayso.domains.workspaces.models import Workspace

SOURCE = "portal"


@dataclass(frozen=True, slots=True)
class Leader:
    """A member of the list, and how many friends of theirs came."""

    member: int
    friends: int


def answer_listing(*, workspace: Workspace, member: Member, asked: ConsentAnswer, now: datetime) -> None:
    """Put a member on the list, or take them off it.

    Args:
        workspace: whose member.
        member: who answers for themselves.
        asked: what they answered, and the text they were asked with.
        now: the time.
    """
    answers = {LISTED: asked}
    answer_consents(workspace=workspace, member=member.ref, answers=answers, actor=Actor(SOURCE), now=now)
    if asked.given:
        Listed.objects.get_or_create(member=member.id, workspace=workspace, defaults={"since": now})
    else:
        Listed.objects.filter(member=member.id, workspace=workspace).delete()


def is_listed(workspace: Workspace, member: int) -> bool:
    """Say whether a member stands on the list."""
    return Listed.objects.filter(member=member, workspace=workspace).exists()


def leaders_of(workspace: Workspace, program: str, *, limit: int) -> list[Leader]:
    """Return who of the list recommended most in a program, by how many friends came.

    Args:
        workspace: whose program.
        program: its name.
        limit: how many at most.
    """
    listed = Listed.objects.filter(workspace=workspace).values("member")
    came = Referral.objects.filter(workspace=workspace, program=program, status="completed", advocate__in=listed)
    counted = came.values("advocate").annotate(friends=Count("id")).order_by("-friends", "advocate")[:limit]
    return [Leader(row["advocate"], row["friends"]) for row in counted]


def forget_listed(workspace: int, gone: Collection[int]) -> None:
    """Take erased people off the list.

    Args:
        workspace: the number of their workspace.
        gone: their numbers.
    """
    Listed.objects.filter(workspace=workspace, member__in=gone).delete()
