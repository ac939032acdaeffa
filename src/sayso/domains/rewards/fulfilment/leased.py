"""What both duties read and write of an order while it is theirs.

Owns the writing: it holds only while the lease does, so that a worker which slept past it changes nothing. It must not
ask a provider, nor know what an outcome means for the books.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError

from sayso.core.engine.settle import BARRED
from sayso.domains.people.models import Member
from sayso.domains.rewards.fulfilment.backoff import GIVEN_UP_AFTER, wait_after
from sayso.domains.rewards.fulfilment.enter import enter_outcomes
from sayso.domains.rewards.fulfilment.place import provider_for, providers_in, through
from sayso.domains.rewards.fulfilment.port import Handover, ProviderAnswer, Said
from sayso.domains.rewards.models import Order, OrderState, Provider, Reward
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.models import Workspace

LEASE_SECONDS = 120.0

_SETTLED = {
    Said.DELIVERED: OrderState.DELIVERED,
    Said.REFUSED: OrderState.REFUSED,
    Said.FAILED: OrderState.FAILED,
}

_log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """Another worker has the order now; what was done for it here is undone."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an order belongs, looked up once for those that were claimed together, and until when, as in `Handover`."""

    workspace: Workspace
    providers: dict[tuple[str, str, str], Provider]
    until: float


def places_of(orders: Iterable[Order]) -> dict[int, Place]:
    """Return the places of orders that were claimed just now, by workspace."""
    numbers, until = {order.workspace_id for order in orders}, time.monotonic() + LEASE_SECONDS
    return {each.pk: Place(each, providers_in(each), until) for each in Workspace.objects.filter(pk__in=numbers)}


# --- what is to be handed over --------------------------------------------------------------------------------------


def handover_of(order: Order, place: Place, now: datetime, *, whatever_state: bool = False) -> Handover | None:
    """Return what is to be handed over, by whom; None when the reward has come to an end.

    Args:
        order: one of ours.
        place: where it belongs.
        now: the time.
        whatever_state: of the reward; for an order that was sent, and stays with whom it was sent to.

    Raises:
        LeaseLost: it is ours no longer.
    """
    reward = Reward.objects.filter(workspace=place.workspace, id=order.reward).first()
    if reward is None or not (whatever_state or reward.state == "approved"):
        return None
    if whatever_state:
        provider = place.providers.get((order.kind, order.via_program, order.via_clause))
    else:
        provider = provider_for(place.providers, order.kind, reward)
        values = through(provider, now)
        if any(getattr(order, name) != values[name] for name in ("way", "via_program", "via_clause")):
            write(order, **values)
    settings = provider.settings if provider else {}
    return Handover(
        workspace=place.workspace, order=order, reward=reward, item=reward.given[order.item], settings=settings,
        now=now, until=place.until,
    )  # fmt: skip


def still_approved(order: Order) -> bool:
    """Whether the reward is still to be handed over; until the transaction ends, nobody decides otherwise."""
    rows = Reward.objects.select_for_update().filter(workspace=order.workspace_id, id=order.reward, state="approved")
    return rows.first() is not None


def barred(wanted: Handover) -> ProviderAnswer | None:
    """Return the refusal of what is for somebody who was banned or erased since (SEMANTICS 16); None for all others."""
    status = _status_of(wanted)
    return ProviderAnswer(Said.REFUSED, reason=f"the member was {status}") if status in BARRED else None


def _status_of(wanted: Handover) -> str:
    found = Member.objects.filter(workspace=wanted.workspace, id=wanted.reward.beneficiary)
    return found.values_list("status", flat=True).first() or ""


# --- what is written down -------------------------------------------------------------------------------------------


def note(wanted: Handover, outcome: ProviderAnswer) -> None:
    """Write an outcome down; what is settled is due at once, to enter the log.

    Raises:
        LeaseLost: the order is ours no longer.
    """
    order, now = wanted.order, wanted.now
    if _status_of(wanted) == "erased":  # nothing is written about whom nobody may know
        outcome = replace(outcome, reference="", proof="", reason="")
    state = _SETTLED.get(outcome.said)
    if state is not None:
        write(
            order, state=state, settled_at=now_in(wanted.workspace, now), next_at=now, code=outcome.code,
            reference=outcome.reference, proof=outcome.proof, reason=outcome.reason,
        )  # fmt: skip
        return
    unsure = outcome.said in (Said.UNKNOWN, Said.PENDING)
    given_up = unsure and order.sent_at is not None and now - order.sent_at > GIVEN_UP_AFTER
    order.release(
        state=OrderState.UNKNOWN if unsure else OrderState.PENDING,
        attempts=order.attempts + 1,
        reason=outcome.reason,
        next_at=None if given_up else now + wait_after(order.attempts, outcome.wait_seconds),
    )


def call_off(order: Order) -> None:
    """Write down that nothing is to be handed over any more.

    Raises:
        LeaseLost: the order is ours no longer.
    """
    write(order, state=OrderState.CANCELLED, next_at=None)


def write(order: Order, **values: Any) -> None:
    """Write values while the order is ours.

    Raises:
        LeaseLost: it is no longer.
    """
    if not order.keep(**values):
        raise LeaseLost


def wait_alone(order: Order, now: datetime) -> None:
    """Let an order wait that failed in a way that nobody foresaw; to be called where the error is caught."""
    _log.exception("an order failed in a way that nobody foresaw", order=order.key)
    order.release(attempts=order.attempts + 1, next_at=now + wait_after(order.attempts))


def enter(orders: Iterable[Order], places: Mapping[int, Place], now: datetime) -> None:
    """Submit the outcomes of those orders that are settled together, workspace by workspace."""
    rewards: dict[int, set[int]] = defaultdict(set)
    for order in orders:
        if order.settled:
            rewards[order.workspace_id].add(order.reward)
    for workspace, numbers in rewards.items():
        try:
            enter_outcomes(places[workspace].workspace, numbers, now=now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # They are settled, and due again when their lease is over; other workspaces' are entered now.
            _log.exception("outcomes of orders could not be entered", workspace=workspace)
