"""The duty that carries out orders within our own database.

An order is handed over in the transaction that notes it, so that it is done once or not at all. It must not know a
provider, nor what an outcome means for the books.
"""

from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from sayso.domains.jobs.lease import claim
from sayso.domains.rewards.fulfilment.leased import (
    LEASE_SECONDS,
    LeaseLost,
    Place,
    barred,
    call_off,
    enter,
    handover_of,
    note,
    places_of,
    still_approved,
    wait_alone,
)
from sayso.domains.rewards.fulfilment.port import local_providers
from sayso.domains.rewards.models import Order

AT_ONCE = 100


def hand_over_here(now: datetime) -> bool:
    """Carry out due orders whose providers work in our own database; whether there may be more."""
    # Due orders are looked for in all workspaces; each is then worked on within its own.
    due = Order.objects.filter(next_at__gt=0, next_at__lte=now, way__in=list(local_providers()))
    orders = claim(due.order_by("next_at", "reward", "item"), limit=AT_ONCE, now=now, seconds=LEASE_SECONDS)
    places = places_of(orders)
    for order in orders:
        if not order.settled:
            _tried(order, places[order.workspace_id], now)
    enter(orders, places, now)
    return len(orders) == AT_ONCE


def _tried(order: Order, place: Place, now: datetime) -> None:
    """As `_hand_over`; an order at which that fails waits alone, and the others of the pass go on."""
    try:
        _hand_over(order, place, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        wait_alone(order, now)


def _hand_over(order: Order, place: Place, now: datetime) -> None:
    try:
        with transaction.atomic():
            wanted = handover_of(order, place, now) if still_approved(order) else None
            if wanted is None:
                call_off(order)
            elif wanted.order.way not in local_providers():
                order.release()  # it goes through another provider now, and is due there
            else:
                note(wanted, barred(wanted) or local_providers()[order.way].hand_over(wanted))
    except LeaseLost:
        return
