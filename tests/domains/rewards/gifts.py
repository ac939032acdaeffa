"""Gifts at Bluebell Coffee, for tests of handing over: a program that gives what the books cannot deliver.

Owns the program and the short ways through it. It must not check anything.
"""

from datetime import timedelta

from sayso.domains.events.answer import Answer
from sayso.domains.jobs.relay import relay
from sayso.domains.rewards.fulfilment.here import hand_over_here
from sayso.domains.rewards.load_codes import Loaded, load_codes
from sayso.domains.rewards.models import Order, Reward
from sayso.domains.rewards.set_provider import ProviderSet, Scope, set_provider
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import START, decide, event

NOW = START + timedelta(days=1)

GIFTS = """
sayso: 1
program: gifts
title: Gifts
currency: EUR
budget: {amount: 100 EUR}
rewards:
  card: {to: member, on: purchase, give: {gift_card: 20 EUR}}
  voucher: {to: member, on: survey_answered, give: {coupon: 10 EUR, expires: 60d}}
  both: {to: member, on: deposit, give: [{gift_card: 5 EUR}, {gift: A mug, cost: 5 EUR}]}
  pick: {to: member, on: review, give: {choice: [{gift_card: 10 EUR}, {credit: 5 EUR}]}}
"""


def buys(workspace: Workspace, *names: str) -> list[Answer]:
    """These people buy for 30 EUR each, which earns a gift card."""
    return decide(workspace, [event(f"buy-{name}", "purchase", name, amount_minor=3000) for name in names])


def returns(workspace: Workspace, name: str) -> list[Answer]:
    """What somebody bought comes back."""
    return decide(workspace, [event(f"back-{name}", "refund", name, refers_to=f"buy-{name}")])


def provide(workspace: Workspace, kind: str, way: str, **settings: object) -> ProviderSet:
    """Say who hands over what."""
    return set_provider(workspace=workspace, scope=Scope(kind), way=way, now=NOW, settings=settings)


def fill(workspace: Workspace, *codes: str, pool: str = "vouchers") -> Loaded:
    """Load codes into a pool."""
    return load_codes(workspace=workspace, pool=pool, lines=enumerate(codes, 1), now=NOW)


def work(*, later: timedelta = timedelta()) -> None:
    """What the worker does: tell what happened, and carry out orders, until nothing is left for this moment."""
    while relay(NOW + later):
        pass
    while hand_over_here(NOW + later):
        pass
    while relay(NOW + later):
        pass


def the_reward(workspace: Workspace) -> Reward:
    """The only reward."""
    return Reward.objects.get(workspace=workspace)


def the_order(workspace: Workspace) -> Order:
    """The only order."""
    return Order.objects.get(workspace=workspace)
