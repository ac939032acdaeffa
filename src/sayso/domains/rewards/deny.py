"""Refusing a reward that was not handed over yet."""

from datetime import datetime

from sayso.core.engine.events import REWARD_DENIED
from sayso.domains.events.act import Actor
from sayso.domains.rewards.models import Reward
from sayso.domains.rewards.rule import Ruling, rule
from sayso.domains.workspaces.models import Workspace


def deny_reward(*, workspace: Workspace, reward: int, reason: str, actor: Actor, now: datetime) -> Reward:
    """Refuse a reward: what it reserved goes back, and it counts towards no limit (SEMANTICS 27).

    Args:
        workspace: whose reward.
        reward: its number.
        reason: why, in the words of whoever refuses it.
        actor: in whose name.
        now: the time.

    Raises:
        NoSuchReward: there is none of this number.
        RewardNotOpen: it was handed over, or came to nothing already.
    """
    ruling = Ruling("deny", REWARD_DENIED, {"reason": reason})
    return rule(workspace=workspace, reward=reward, ruling=ruling, actor=actor, now=now)
