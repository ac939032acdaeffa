"""Taking back what was handed over."""

from datetime import datetime

from sayso.core.engine.events import REWARD_REVERSED
from sayso.domains.events.act import Actor
from sayso.domains.rewards.models import Reward
from sayso.domains.rewards.rule import Ruling, rule
from sayso.domains.workspaces.models import Workspace


def reverse_reward(*, workspace: Workspace, reward: int, reason: str, actor: Actor, now: datetime) -> Reward:
    """Take a reward back that was handed over: the wallet first, the rest is owed; what a third party holds is a loss.

    What was not handed over yet is denied instead (`deny_reward`).

    Args:
        workspace: whose reward.
        reward: its number.
        reason: why, in the words of whoever takes it back.
        actor: in whose name.
        now: the time.

    Raises:
        NoSuchReward: there is none of this number.
        RewardNotOpen: it was not handed over, or was taken back already.
    """
    ruling = Ruling("reverse", REWARD_REVERSED, {"reason": reason})
    return rule(workspace=workspace, reward=reward, ruling=ruling, actor=actor, now=now)
