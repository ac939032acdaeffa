"""Reading rewards."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from sayso.core.domain_error import DomainError
from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.page import Page


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
    return [
        RewardCount(
            program=row["program"], clause=row["clause"], state=row["state"], count=row["count"], cost_minor=row["cost"]
        )
        for row in counted
    ]


class NoSuchReward(DomainError, LookupError):
    """The workspace has no reward of this number."""


@dataclass(frozen=True, slots=True)
class RewardsWanted:
    """Which rewards are wanted; what is None is not asked.

    Attributes:
        members: the numbers under which a member's history stands.
    """

    state: str | None = None
    program: str | None = None
    clause: str | None = None
    members: Collection[int] | None = None
    referral: int | None = None


def reward_numbered(workspace: Workspace, number: int) -> Reward:
    """Return the reward with this number.

    Raises:
        NoSuchReward: there is none.
    """
    found = Reward.objects.filter(id=number, workspace=workspace).first()
    if found is None:
        raise NoSuchReward(f"there is no such reward in {workspace.name}")
    return found


def rewards_numbered(workspace: Workspace, numbers: Collection[int]) -> Sequence[Reward]:
    """Return the rewards with some numbers, oldest first."""
    return list(Reward.objects.filter(workspace=workspace, id__in=numbers).order_by("id"))


def list_rewards(workspace: Workspace, wanted: RewardsWanted, page: Page) -> Sequence[Reward]:
    """Return rewards by their numbers, rising: in the order in which they were granted."""
    found = Reward.objects.filter(workspace=workspace, id__gt=page.after)
    for name in ("state", "program", "clause", "referral"):
        value = getattr(wanted, name)
        found = found if value is None else found.filter(**{name: value})
    if wanted.members is not None:
        found = found.filter(beneficiary__in=wanted.members)
    return list(found.order_by("id")[: page.limit])
