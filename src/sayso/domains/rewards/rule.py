"""What the verbs on one reward have in common: finding it, seeing whether it is open to them, submitting one event.

Owns the errors of those verbs. Whether a reward is open is the engine's word, and is only looked at here first so that
a refusal leaves nothing in the log.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sayso.core.domain_error import DomainError
from sayso.core.engine.decision import Verdict
from sayso.core.engine.rulings import STATES
from sayso.domains.events.act import Actor, Deed, Done, act, was_done
from sayso.domains.people.queries import member_numbered
from sayso.domains.rewards.models import Reward
from sayso.domains.rewards.queries import reward_numbered
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.models import Workspace


class RewardNotOpen(DomainError):
    """The reward is in a state in which this cannot be done to it."""


class ChoiceNotOffered(DomainError, ValueError):
    """The reward does not offer that."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is done to a reward.

    Attributes:
        verb: as in `events.act.Deed`.
        type: of the event, one of `core.engine.rulings.STATES`.
        said: what the event says beside the reward's number and who answers for it.
    """

    verb: str
    type: str
    said: dict[str, Any] = field(default_factory=dict)


def rule(*, workspace: Workspace, reward: int, ruling: Ruling, actor: Actor, now: datetime) -> Reward:
    """Do something to a reward and return it as it stands then.

    Args:
        workspace: whose reward.
        reward: its number.
        ruling: what is done.
        actor: in whose name.
        now: the time.

    Raises:
        NoSuchReward: there is none of this number.
        RewardNotOpen: its state does not allow that.
        ChoiceNotOffered: the ruling takes something that the reward does not offer.
        NotSayable, KeyReused, Undecided: see `events.act`.
    """
    found = reward_numbered(workspace, reward)
    owner = member_numbered(workspace, found.beneficiary)
    # Nobody of an erased person's former name is meant: that name may be somebody else's by now.
    name = "" if owner.status == "erased" else owner.ref
    deed = Deed(ruling.verb, ruling.type, name, {**ruling.said, "reward": reward, "by": actor.by or None})
    if not was_done(workspace, deed, actor) and found.state not in STATES[ruling.type]:
        raise _not_open(reward, found.state)
    _raise_refusal(act(workspace=workspace, deed=deed, actor=actor, now=now), reward)
    return reward_numbered(workspace, reward)


def _raise_refusal(done: Done, reward: int) -> None:
    """What was open a moment ago may no longer be when the event is decided."""
    for reason in done.reasons:
        if reason.verdict == Verdict.NOT_OPEN:
            raise _not_open(reward, str(reason.seen))
        if reason.verdict == Verdict.NOT_OFFERED:
            raise ChoiceNotOffered(f"the reward does not offer {reason.seen!r}")


def _not_open(reward: int, state: str) -> RewardNotOpen:
    return RewardNotOpen(f"the reward {public_id('rew', reward)} is {state.replace('_', ' ')}")
