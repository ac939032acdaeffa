"""Reading rewards."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class RewardCount:
    """How many rewards of one clause are in one state, and what they cost together, in minor units."""

    program: str
    clause: str
    state: str
    count: int
    cost_minor: int


def rewards_of(workspace: Workspace, members: Collection[int]) -> "QuerySet[Reward]":
    """Return the rewards of some members, oldest first."""
    return Reward.objects.filter(beneficiary__in=members, workspace=workspace).order_by("id")


def rewards_in_state(workspace: Workspace, state: str) -> "QuerySet[Reward]":
    """Return the rewards in one state, `in_review` for those that a person must look at; oldest first."""
    return Reward.objects.filter(workspace=workspace, state=state).order_by("id")


def reward_counts(workspace: Workspace) -> list[RewardCount]:
    """Return how many rewards there are of each clause and state, and what they cost."""
    rows = Reward.objects.filter(workspace=workspace).values("program", "clause", "state")
    counted = rows.annotate(count=Count("id"), cost=Sum("cost_minor")).order_by("program", "clause", "state")
    return [RewardCount(row["program"], row["clause"], row["state"], row["count"], row["cost"]) for row in counted]
