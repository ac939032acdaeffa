"""Orders: made when a reward is approved, called off when it ends before they were sent.

Owns which reward needs an order, through which provider, and the consumer of notices that sees to it. It must not hand
anything over.
"""

from base64 import b32encode
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import blake2b

from sayso.core.engine.rows import Item
from sayso.core.program.calendar import moment_of
from sayso.core.program.document import DELIVERED_BY_THE_BOOKS
from sayso.domains.jobs.rows import NoticeRow
from sayso.domains.rewards.models import Order, OrderState, Provider, Reward, Way
from sayso.domains.workspaces.models import Workspace

APPROVED = "reward.approved"
ISSUED = "reward.issued"
REVERSED = "reward.reversed"
DENIED = "reward.denied"
KINDS = (APPROVED, ISSUED, REVERSED, DENIED)
OPEN = (OrderState.PENDING, OrderState.ASKING, OrderState.UNKNOWN)
PAGE = 1000
_KEY_BYTES = 15  # 24 letters

Providers = dict[tuple[str, str, str], Provider]


class OrdersConsumer:
    """Takes over notices of rewards."""

    name = "fulfilment"

    def kinds(self, workspace: int) -> Collection[str]:
        """Return what is listened to where anybody but a person hands things over, or an order is still open."""
        wanted = Provider.objects.filter(workspace_id=workspace).exists()
        return KINDS if wanted or Order.objects.filter(workspace_id=workspace, state__in=OPEN).exists() else ()

    def take(self, workspace: int, notices: Sequence[NoticeRow], now: datetime) -> None:
        """Make the orders of rewards that were approved, and close those of rewards that were settled otherwise."""
        rewards: dict[str, set[int]] = {kind: set() for kind in KINDS}
        for each in notices:
            if each.kind in rewards:
                rewards[each.kind].add(each.about)
        if rewards[APPROVED]:
            place_orders(Workspace.objects.get(pk=workspace), rewards[APPROVED], now=now)
        if rewards[ISSUED]:
            close_issued(workspace, rewards[ISSUED])
        if rewards[REVERSED] or rewards[DENIED]:
            close_ended(workspace, rewards[REVERSED] | rewards[DENIED], now=now)
        if rewards[DENIED]:
            _answer_unknown(workspace, rewards[DENIED], OrderState.CANCELLED)


# --- making ---------------------------------------------------------------------------------------------------------


def providers_in(workspace: Workspace) -> Providers:
    """Return who hands over what, by kind, program and clause."""
    return {(each.kind, each.program, each.clause): each for each in Provider.objects.filter(workspace=workspace)}


def provider_for(providers: Providers, kind: str, reward: Reward) -> Provider | None:
    """Return the provider nearest to a thing of a reward; None where a person hands it over."""
    places = ((reward.program, reward.clause), (reward.program, ""), ("", ""))
    found = (providers.get((kind, program, clause)) for program, clause in places)
    nearest = next((each for each in found if each is not None), None)
    return None if nearest is None or nearest.way == Way.BY_HAND else nearest


def to_hand_over(reward: Reward) -> Iterator[tuple[int, Item]]:
    """Yield the things of a reward that the books do not deliver, with their places."""
    return ((place, item) for place, item in enumerate(reward.given) if item.kind not in DELIVERED_BY_THE_BOOKS)


def place_orders(workspace: Workspace, rewards: Iterable[int], *, now: datetime) -> int:
    """Make the orders of approved rewards that have none, and return how many these are.

    A reward of which a person hands over everything needs none. Where a person hands over a part, that part has an
    order too, which waits for them.

    Args:
        workspace: whose.
        rewards: numbers; what is not approved, or still open to a choice, is left out.
        now: the time.
    """
    providers = providers_in(workspace)
    found = list(Reward.objects.filter(workspace=workspace, id__in=rewards, state="approved", options="[]"))
    placed = Order.objects.filter(workspace=workspace, reward__in=[each.id for each in found])
    there = set(placed.values_list("reward", flat=True))
    lacking = (reward for reward in found if reward.id not in there)
    orders = [order for reward in lacking for order in _orders_of(workspace, reward, providers, now)]
    Order.objects.bulk_create(orders, ignore_conflicts=True)
    return len(orders)


def _orders_of(workspace: Workspace, reward: Reward, providers: Providers, now: datetime) -> list[Order]:
    wanted = [(place, item, provider_for(providers, item.kind, reward)) for place, item in to_hand_over(reward)]
    if all(provider is None for _, _, provider in wanted):
        return []
    return [
        Order(
            reward=reward.id, item=place, workspace=workspace, kind=item.kind, key=key_of(workspace, reward, place),
            made_at=now, **through(provider, now),
        )
        for place, item, provider in wanted
    ]  # fmt: skip


def through(provider: Provider | None, now: datetime) -> dict[str, object]:
    """Return the values of an order that goes through a provider, or to a person."""
    if provider is None:
        return {"way": Way.BY_HAND, "via_program": "", "via_clause": "", "next_at": None}
    return {"way": provider.way, "via_program": provider.program, "via_clause": provider.clause, "next_at": now}


def key_of(workspace: Workspace, reward: Reward, place: int) -> str:
    """Return the key by which a receiver knows the order again.

    It is made of what the reward is, not of when the order was made: a workspace that is restored from a backup asks
    for the same things under the same keys, and for other things under others.
    """
    granted = moment_of(reward.granted_at) if reward.granted_at else 0
    created = moment_of(workspace.created_at) if workspace.created_at else 0
    parts = (workspace.name, created, reward.id, reward.program, reward.clause, reward.cause, granted, place)
    digest = blake2b("\n".join(map(str, parts)).encode(), digest_size=_KEY_BYTES).digest()
    return f"ord_{b32encode(digest).decode().lower()}"


# --- closing --------------------------------------------------------------------------------------------------------


def withdraw_orders(workspace: Workspace, reward: int) -> str:
    """Call off the orders of a reward that a person hands over, unless a provider may; return what is against it.

    To be called in the transaction in which the reward is issued, with its row locked. Whoever was about to carry an
    order out finds that it is theirs no more.

    Args:
        workspace: whose.
        reward: its number.
    """
    rows = Order.objects.filter(workspace=workspace, reward=reward)
    orders = list(rows.select_for_update().order_by("item"))
    # What nobody asks about any more waits for a person, and for nobody else.
    if any(each.state in (OrderState.ASKING, OrderState.UNKNOWN) and each.next_at for each in orders):
        return "it is with its receiver, who may hand it over too"
    if orders and all(each.state == OrderState.DELIVERED for each in orders):
        return "it was handed over already, and is about to be noted as issued"
    elsewhere = rows.filter(state=OrderState.PENDING).exclude(way=Way.BY_HAND)
    elsewhere.update(state=OrderState.CANCELLED, next_at=None, lease_token=0, leased_until=None)
    return ""


def close_issued(workspace: int, rewards: Collection[int]) -> None:
    """Close the orders of rewards that were handed over; what is with a receiver is still asked for."""
    orders = Order.objects.filter(workspace_id=workspace, reward__in=rewards)
    waiting = orders.filter(state=OrderState.PENDING)
    waiting.filter(way=Way.BY_HAND).update(state=OrderState.DELIVERED, next_at=None, lease_token=0)
    waiting.update(state=OrderState.CANCELLED, next_at=None, lease_token=0)
    _answer_unknown(workspace, rewards, OrderState.DELIVERED)
    orders.filter(state=OrderState.DELIVERED).update(entered=True)


def close_ended(workspace: int, rewards: Collection[int], *, now: datetime) -> None:
    """Call off the orders of rewards that came to nothing, as far as they were not sent.

    What was delivered for them, and stands in no books yet, is due to enter them as a loss.
    """
    orders = Order.objects.filter(workspace_id=workspace, reward__in=rewards)
    orders.filter(state=OrderState.PENDING).update(state=OrderState.CANCELLED, next_at=None, lease_token=0)
    orders.filter(state=OrderState.DELIVERED, entered=False).update(next_at=now)


def _answer_unknown(workspace: int, rewards: Collection[int], state: OrderState) -> None:
    """Settle orders that nobody asks about any more, on the word of the person who looked."""
    left = Order.objects.filter(workspace_id=workspace, reward__in=rewards, state=OrderState.UNKNOWN, next_at=0)
    left.update(state=state)
