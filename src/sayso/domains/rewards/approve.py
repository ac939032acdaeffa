"""Letting a reward go that waits for a person or for a date."""

from datetime import datetime

from sayso.core.engine.events import REWARD_APPROVED
from sayso.domains.events.act import Actor
from sayso.domains.rewards.models import Reward
from sayso.domains.rewards.rule import Ruling, rule
from sayso.domains.workspaces.models import Workspace


def approve_reward(*, workspace: Workspace, reward: int, actor: Actor, now: datetime) -> Reward:
    """Let a reward in review go; a hold that its clause asks for is still kept, one that is held is let go at once.

    Raises:
        NoSuchReward: there is none of this number.
        RewardNotOpen: it is neither in review nor held.
    """
    return rule(workspace=workspace, reward=reward, ruling=Ruling("approve", REWARD_APPROVED), actor=actor, now=now)
