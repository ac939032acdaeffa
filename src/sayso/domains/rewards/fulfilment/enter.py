"""How the outcome of orders enters the log: one event for a reward, whatever happens on the way.

Owns which event that is. The event's id is made of the reward's number and its values of what stands in the orders, so
that one which was submitted before a crash is the same one after it, and is stored once.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import structlog

from sayso.core.engine.events import OUR_OWN, REWARD_DENIED, REWARD_ISSUED, Arrival
from sayso.core.engine.rulings import DELIVERED
from sayso.core.engine.states import HANDED_OVER, TAKEN_BACK
from sayso.core.program.calendar import moment_of
from sayso.domains.events.submit import submit
from sayso.domains.rewards.fulfilment.backoff import wait_after
from sayso.domains.rewards.fulfilment.place import close_ended
from sayso.domains.rewards.models import Order, OrderState, Reward
from sayso.domains.workspaces.models import Workspace

_IN_FLIGHT = (OrderState.ASKING, OrderState.UNKNOWN)
_NOT_DELIVERED = (OrderState.REFUSED, OrderState.FAILED)
# After so many attempts an order waits for minutes.
_LATER = 6

_log = structlog.get_logger(__name__)


def enter_outcomes(workspace: Workspace, rewards: Collection[int], *, now: datetime) -> None:
    """Submit what came of the orders of some rewards, as far as it is known of all orders of a reward.

    Args:
        workspace: whose.
        rewards: their numbers.
        now: the time.
    """
    orders: dict[int, list[Order]] = defaultdict(list)
    for order in Order.objects.filter(workspace=workspace, reward__in=rewards).order_by("reward", "item"):
        orders[order.reward].append(order)
    # Read after the orders: what ends a reward now is seen by the decision itself.
    found = Reward.objects.filter(workspace=workspace, id__in=list(orders)).order_by("id")
    arrivals: list[tuple[int, Arrival]] = []
    for reward in found:
        arrival = outcome_of(reward, orders[reward.id])
        if arrival is None:
            _leave(workspace, orders[reward.id], entered=reward.state in HANDED_OVER)
        else:
            arrivals.append((reward.id, arrival))
    if not arrivals:
        return
    answers = submit(workspace, [arrival for _, arrival in arrivals], now=now)
    for (number, arrival), answer in zip(arrivals, answers, strict=True):
        if answer.status == "decided":
            if arrival.type == REWARD_DENIED:
                close_ended(workspace.pk, [number], now=now)
            _leave(workspace, orders[number], entered=True)
        else:
            _log.error("the outcome of orders is not entered", arrival=arrival.external_id, problem=answer.problem)
            _try_later(workspace, orders[number], answer.problem, now)


def outcome_of(reward: Reward, orders: Sequence[Order]) -> Arrival | None:
    """Return the event that tells what came of a reward's orders; None while, or since, there is none to tell.

    Everything delivered: the reward is issued. Something refused or failed and nothing delivered: it is denied, and the
    budget freed. A part delivered and a part failed is a person's to settle. What was delivered although the reward had
    been taken back meanwhile is told as delivered too, and the books show the loss.
    """
    delivered = [each for each in orders if each.state == OrderState.DELIVERED]
    in_flight = any(each.state in _IN_FLIGHT for each in orders)
    if reward.state == "approved":
        if delivered and len(delivered) == len(orders):
            return _issued(reward, delivered)
        lacking = [each for each in orders if each.state in _NOT_DELIVERED]
        return _denied(reward, lacking) if lacking and not delivered and not in_flight else None
    late = [each for each in delivered if not each.entered]
    return _issued(reward, late) if reward.state in TAKEN_BACK and late and not in_flight else None


def _issued(reward: Reward, delivered: Sequence[Order]) -> Arrival:
    by = ", ".join(sorted({each.way for each in delivered}))
    props = {"reward": reward.id, "by": by, DELIVERED: [each.item for each in delivered]}
    return Arrival(OUR_OWN, f"issue-{reward.id}", REWARD_ISSUED, "", _last_settled(delivered), props=props)


def _denied(reward: Reward, lacking: Sequence[Order]) -> Arrival:
    first = lacking[0]
    props = {"reward": reward.id, "by": first.way, "reason": first.reason or first.state, DELIVERED: []}
    return Arrival(OUR_OWN, denial_id(reward.id), REWARD_DENIED, "", _last_settled(lacking), props=props)


def denial_id(reward: int) -> str:
    """Return the external id of the event that says that nothing came of a reward's orders."""
    return f"deny-{reward}"


def _last_settled(orders: Sequence[Order]) -> int:
    return max(moment_of(each.settled_at) for each in orders if each.settled_at)


def _leave(workspace: Workspace, orders: Sequence[Order], *, entered: bool) -> None:
    """Nothing is left to do about orders that were seen settled; one that was settled since has its own turn."""
    items = [each.item for each in orders if each.settled]
    if items:
        rows = Order.objects.filter(workspace=workspace, reward=orders[0].reward, item__in=items)
        done: dict[str, Any] = {"entered": True} if entered else {}
        rows.update(next_at=None, lease_token=0, leased_until=None, **done)


def _try_later(workspace: Workspace, orders: Sequence[Order], problem: str, now: datetime) -> None:
    """The event was set aside: once it is replayed, the same event gets the answer that it was decided."""
    items = [each.item for each in orders if each.settled]
    rows = Order.objects.filter(workspace=workspace, reward=orders[0].reward, item__in=items)
    rows.update(next_at=now + wait_after(_LATER), reason=problem, lease_token=0, leased_until=None)
