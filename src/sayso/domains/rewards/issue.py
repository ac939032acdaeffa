"""Noting that a person handed a reward over."""

from datetime import datetime

from sayso.core.engine.events import REWARD_ISSUED
from sayso.domains.events.act import Actor
from sayso.domains.rewards.models import Reward
from sayso.domains.rewards.rule import Ruling, rule
from sayso.domains.workspaces.models import Workspace


def issue_reward(*, workspace: Workspace, reward: int, proof: str, actor: Actor, now: datetime) -> Reward:
    """Note that an approved reward was handed over by hand (SEMANTICS 34).

    Args:
        workspace: whose reward.
        reward: its number.
        proof: what shows it: the number of a voucher, of a parcel, of a payment.
        actor: in whose name.
        now: the time.

    Raises:
        NoSuchReward: there is none of this number.
        RewardNotOpen: it is not approved, or something is still to be chosen.
    """
    ruling = Ruling("issue", REWARD_ISSUED, {"proof": proof})
    return rule(workspace=workspace, reward=reward, ruling=ruling, actor=actor, now=now)
