"""Noting that a person handed a reward over, so that nobody else does."""

from dataclasses import replace
from datetime import datetime

from sayso.core.engine.events import REWARD_ISSUED
from sayso.domains.events.act import Actor, fresh_id
from sayso.domains.events.in_turn import in_turn
from sayso.domains.rewards.fulfilment.place import withdraw_orders
from sayso.domains.rewards.models import Reward
from sayso.domains.rewards.rule import RewardNotOpen, Ruling, rule
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.models import Workspace


def issue_reward(*, workspace: Workspace, reward: int, proof: str, actor: Actor, now: datetime) -> Reward:
    """Note that an approved reward was handed over by hand (SEMANTICS 34), and call off what nobody was asked for yet.

    Args:
        workspace: whose reward.
        reward: its number.
        proof: what shows it: the number of a voucher, of a parcel, of a payment.
        actor: in whose name.
        now: the time.

    Raises:
        NoSuchReward: there is none of this number.
        RewardNotOpen: it is not approved, something is still to be chosen, or a receiver is handing it over.
        NotSayable, KeyReused, Undecided: see `events.act`.
    """
    ruling = Ruling("issue", REWARD_ISSUED, {"proof": proof})
    # Where the database breaks off it is done again, and is still one issue.
    named = actor if actor.once else replace(actor, once=fresh_id())

    def issue() -> Reward:
        _withdraw(workspace, reward)
        return rule(workspace=workspace, reward=reward, ruling=ruling, actor=named, now=now)

    return in_turn(workspace, issue)


def _withdraw(workspace: Workspace, reward: int) -> None:
    """Let no provider begin to hand over an approved reward; whoever would, waits for its row, and sees it issued."""
    approved = Reward.objects.select_for_update().filter(workspace=workspace, id=reward, state="approved")
    against = withdraw_orders(workspace, reward) if approved.first() else ""
    if against:
        raise RewardNotOpen(f"the reward {public_id('rew', reward)} cannot be issued by hand: {against}")
