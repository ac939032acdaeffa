"""Noting that a member used a reward."""

from datetime import datetime

from sayso.core.engine.events import REWARD_REDEEMED
from sayso.domains.events.act import Actor
from sayso.domains.rewards.models import Reward
from sayso.domains.rewards.rule import Ruling, rule
from sayso.domains.workspaces.models import Workspace


def redeem_reward(*, workspace: Workspace, reward: int, actor: Actor, now: datetime) -> Reward:
    """Note that a member used what was handed over; what a coupon still reserved is spent (SEMANTICS 31).

    Raises:
        NoSuchReward: there is none of this number.
        RewardNotOpen: it was not handed over, or was used or lapsed already.
    """
    return rule(workspace=workspace, reward=reward, ruling=Ruling("redeem", REWARD_REDEEMED), actor=actor, now=now)
