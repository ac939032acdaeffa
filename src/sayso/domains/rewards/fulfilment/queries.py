"""Reading what is handed over: the codes of a member's rewards, orders, pools and providers."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from sayso.core.engine.decision import Verdict
from sayso.core.engine.events import REWARD_ISSUED
from sayso.core.engine.states import HANDED_OVER, UNPAID
from sayso.domains.events.models import Event
from sayso.domains.events.outcome import reasons_of
from sayso.domains.people.queries import later_numbers
from sayso.domains.rewards.fulfilment.place import to_hand_over
from sayso.domains.rewards.models import Order, OrderState, Pool, PoolCode, Provider, Reward, Way
from sayso.domains.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One thing as its owner sees it.

    Attributes:
        code: with which it is used; empty where there is none.
        reference: what whoever handed it over calls it.
    """

    kind: str
    code: str
    reference: str


@dataclass(frozen=True, slots=True)
class Stock:
    """How much a pool holds.

    Attributes:
        waiting: how many orders wait for one of its codes.
        low: fewer are left than the pool should hold.
    """

    pool: str
    loaded: int
    left: int
    waiting: int
    low: bool

    @property
    def given(self) -> int:
        """How many codes were given out."""
        return self.loaded - self.left


def handed_over(workspace: Workspace, rewards: Collection[int]) -> dict[int, list[HandedOver]]:
    """Return what was handed over for rewards that their owners have, by reward.

    A code is shown to nobody before its reward is issued, nor after it was taken back.
    """
    theirs = Reward.objects.filter(workspace=workspace, id__in=rewards, state__in=HANDED_OVER)
    found: dict[int, list[HandedOver]] = defaultdict(list)
    orders = Order.objects.filter(
        workspace=workspace, reward__in=list(theirs.values_list("id", flat=True)), state=OrderState.DELIVERED
    )
    for order in orders.order_by("reward", "item"):
        found[order.reward].append(HandedOver(order.kind, order.code, order.reference))
    return dict(found)


def proofs_of(workspace: Workspace, rewards: Iterable[Reward]) -> dict[int, str]:
    """Return what shows that people handed rewards over, by reward, as they said it; for the staff alone.

    It stands in the log, from where it goes with the member to whom it was handed.
    """
    wanted = {each.id: each.beneficiary for each in rewards if each.state not in UNPAID and any(to_hand_over(each))}
    found: dict[int, str] = {}
    if not wanted:
        return found
    owners = later_numbers(workspace, set(wanted.values()))
    said = Event.objects.filter(workspace=workspace, member__in=owners, type=REWARD_ISSUED, props__has_key="proof")
    for props, outcome in said.order_by("position").values_list("props", "outcome"):
        issued = (each.seen for each in reasons_of(outcome) if each.verdict == Verdict.ISSUED)
        found |= {number: props["proof"] for number in issued if number in wanted}
    return found


def orders_of(workspace: Workspace, rewards: Collection[int]) -> dict[int, list[Order]]:
    """Return the orders of rewards, by reward."""
    found: dict[int, list[Order]] = defaultdict(list)
    for order in Order.objects.filter(workspace=workspace, reward__in=rewards).order_by("reward", "item"):
        found[order.reward].append(order)
    return dict(found)


def for_people(workspace: Workspace) -> "QuerySet[Order]":
    """Return the orders that go no further by themselves: a person must look."""
    stuck = Q(state=OrderState.UNKNOWN, next_at=0) | Q(
        state__in=(OrderState.FAILED, OrderState.REFUSED), next_at=0, entered=False
    )
    return Order.objects.filter(stuck, workspace=workspace)


def stocks(workspace: Workspace) -> list[Stock]:
    """Return how much each pool holds, by name."""
    counted = PoolCode.objects.filter(workspace=workspace).values("pool")
    codes = counted.annotate(loaded=Count("code"), left=Count("code", filter=Q(reward=0))).order_by("pool")
    counts = {row["pool"]: (row["loaded"], row["left"]) for row in codes}
    waiting = waiting_by_pool(workspace)
    found = []
    for pool in Pool.objects.filter(workspace=workspace).order_by("name"):
        loaded, left = counts.get(pool.name, (0, 0))
        found.append(Stock(pool.name, loaded, left, waiting.get(pool.name, 0), left < pool.low))
    return found


def waiting_by_pool(workspace: Workspace) -> dict[str, int]:
    """Return how many orders wait for a code of each pool."""
    pools = {
        (each.kind, each.program, each.clause): str(each.settings.get("pool", ""))
        for each in Provider.objects.filter(workspace=workspace, way=Way.POOL)
    }
    orders = Order.objects.filter(workspace=workspace, way=Way.POOL, state=OrderState.PENDING)
    rows = orders.values("kind", "via_program", "via_clause").annotate(count=Count("reward"))
    found: dict[str, int] = defaultdict(int)
    for row in rows.order_by("kind"):
        found[pools.get((row["kind"], row["via_program"], row["via_clause"]), "")] += row["count"]
    return dict(found)


def is_empty(workspace: Workspace, pool: str) -> bool:
    """Say whether all codes of a pool were given."""
    return not PoolCode.objects.filter(workspace=workspace, pool=pool, reward=0).exists()


def providers(workspace: Workspace) -> list[Provider]:
    """Return who hands over what, by kind, program and clause."""
    return list(Provider.objects.filter(workspace=workspace).order_by("kind", "program", "clause"))
