"""Noting that a person handed a reward over."""

from datetime import datetime

from sayso.core.engine.events import REWARD_ISSUED
from sayso.domains.events.act import Actor
from sayso.domains.rewards.fulfilment.queries import is_with_receiver
from sayso.domains.rewards.models import Reward
from sayso.domains.rewards.rule import RewardNotOpen, Ruling, rule
from sayso.domains.workspaces.ids import public_id
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
        RewardNotOpen: it is not approved, something is still to be chosen, or a receiver is handing it over.
    """
    if is_with_receiver(workspace, reward):
        raise RewardNotOpen(f"the reward {public_id('rew', reward)} is with its receiver, who may hand it over too")
    ruling = Ruling("issue", REWARD_ISSUED, {"proof": proof})
    return rule(workspace=workspace, reward=reward, ruling=ruling, actor=actor, now=now)
