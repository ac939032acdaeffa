"""Settling an open choice."""

from datetime import datetime

from sayso.core.engine.events import REWARD_CHOSEN
from sayso.domains.events.act import Actor
from sayso.domains.rewards.models import Reward
from sayso.domains.rewards.rule import Ruling, rule
from sayso.domains.workspaces.models import Workspace


def choose_reward(*, workspace: Workspace, reward: int, choice: int | str, actor: Actor, now: datetime) -> Reward:
    """Settle an approved reward on one of the things that its clause offers (SEMANTICS 31).

    Args:
        workspace: whose reward.
        reward: its number.
        choice: the place of an option, from 0, or its kind where only one is of it.
        actor: in whose name.
        now: the time.

    Raises:
        NoSuchReward: there is none of this number.
        RewardNotOpen: it is not approved yet, or nothing is left to choose.
        ChoiceNotOffered: it does not offer that.
    """
    ruling = Ruling("choose", REWARD_CHOSEN, {"choice": choice})
    return rule(workspace=workspace, reward=reward, ruling=ruling, actor=actor, now=now)
