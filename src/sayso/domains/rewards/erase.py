"""Forgetting erased people in the orders of their rewards: numbers and codes stay, words go.

A code says nothing about anybody once nobody is behind the number, and must never be given again.
"""

from collections.abc import Collection

from sayso.core.engine.events import OUR_OWN
from sayso.domains.events.models import Event
from sayso.domains.people.erase import wipe_events
from sayso.domains.rewards.fulfilment.enter import denial_id
from sayso.domains.rewards.models import Order, Reward


def forget_orders(workspace: int, gone: Collection[int]) -> None:
    """Wipe what receivers said about what erased people were to get, here and in the log.

    Args:
        workspace: the number of their workspace.
        gone: their numbers.
    """
    rewards = list(Reward.objects.filter(workspace=workspace, beneficiary__in=gone).values_list("id", flat=True))
    Order.objects.filter(workspace=workspace, reward__in=rewards).update(reference="", proof="", reason="")
    told = [denial_id(number) for number in rewards]
    wipe_events(workspace, Event.objects.filter(workspace=workspace, source=OUR_OWN, external_id__in=told))
