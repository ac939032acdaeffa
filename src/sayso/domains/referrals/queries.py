"""Reading referrals and participations."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from sayso.domains.referrals.models import Participation, Referral
from sayso.domains.workspaces.models import Workspace


def referrals_of(workspace: Workspace, members: Collection[int]) -> "QuerySet[Referral]":
    """Return the referrals in which one of the members is advocate or friend, oldest first."""
    either = Q(advocate__in=members) | Q(friend__in=members)
    return Referral.objects.filter(either, workspace=workspace).order_by("id")


def participations_of(workspace: Workspace, members: Collection[int]) -> "QuerySet[Participation]":
    """Return what the members are in each program."""
    return Participation.objects.filter(member__in=members, workspace=workspace).order_by("program")


def members_by_tier(workspace: Workspace, program: str) -> dict[str, int]:
    """Return how many members hold each tier of a program; those who never rose have none."""
    counts: dict[str, int] = {}
    for tier in Participation.objects.filter(workspace=workspace, program=program).values_list("tier", flat=True):
        counts[tier] = counts.get(tier, 0) + 1
    return counts
