"""The two duties that carry out orders: one within our own database, one that asks others.

Owns the way of an order from `pending` to its outcome. An order is sent only after it says `asking`; one found like
that, or `unknown`, is asked about by its key and never just sent again. Each write holds only while the lease does, so
that a worker which slept past it changes nothing. It must not know a provider, nor what an outcome means for the books.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction

from sayso.core.engine.settle import BARRED
from sayso.domains.jobs.lease import claim
from sayso.domains.people.models import Member
from sayso.domains.rewards.fulfilment.backoff import GIVEN_UP_AFTER, wait_after
from sayso.domains.rewards.fulfilment.enter import enter_outcomes
from sayso.domains.rewards.fulfilment.place import provider_for, providers_in, through
from sayso.domains.rewards.fulfilment.port import (
    Handover,
    ProviderAnswer,
    Remote,
    Said,
    local_providers,
    remote_providers,
)
from sayso.domains.rewards.models import Order, OrderState, Provider, Reward
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.models import Workspace

HERE_AT_ONCE, ELSEWHERE_AT_ONCE = 100, 32
LEASE_SECONDS = 120.0
# A pass that has gone on so long lets the rest of its orders go.
LONGEST_PASS_SECONDS = 10.0
# An order whose receiver does not answer others waits as if it had been tried so often.
_IN_VAIN = 2

_SETTLED = {
    Said.DELIVERED: OrderState.DELIVERED,
    Said.REFUSED: OrderState.REFUSED,
    Said.FAILED: OrderState.FAILED,
}

_log = structlog.get_logger(__name__)


class _LeaseLost(Exception):
    """Another worker has the order now; what was done for it here is undone."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an order belongs, looked up once for a pass, and until when it is ours, as in `Handover`."""

    workspace: Workspace
    providers: dict[tuple[str, str, str], Provider]
    until: float


def hand_over_here(now: datetime) -> bool:
    """Carry out due orders whose providers work in our own database; whether there may be more."""
    orders = _claimed(local_providers(), HERE_AT_ONCE, now)
    places = _places(orders)
    for order in orders:
        if not order.settled:
            _tried_here(order, places[order.workspace_id], now)
    _enter(orders, places, now)
    return len(orders) == HERE_AT_ONCE


def hand_over_elsewhere(now: datetime) -> bool:
    """Carry out due orders by asking others; whether there may be more.

    A receiver that did not answer is left alone for the rest of the pass, so that it holds up nobody else's orders.
    """
    orders = _claimed(remote_providers(), ELSEWHERE_AT_ONCE, now)
    places, until, silent = _places(orders), time.monotonic() + LONGEST_PASS_SECONDS, set[tuple[object, ...]]()
    for order in orders:
        if order.settled:
            continue
        via = (order.workspace_id, order.kind, order.via_program, order.via_clause)
        if via in silent:
            order.release(next_at=now + wait_after(_IN_VAIN))
        elif time.monotonic() > until:
            order.release()
        elif _tried_elsewhere(order, places[order.workspace_id], now):
            silent.add(via)
    _enter(orders, places, now)
    return len(orders) == ELSEWHERE_AT_ONCE and not silent


def _claimed(ways: Collection[str], limit: int, now: datetime) -> list[Order]:
    # Due orders are looked for in all workspaces; each is then worked on within its own.
    due = Order.objects.filter(next_at__gt=0, next_at__lte=now, way__in=list(ways))
    return claim(due.order_by("next_at", "reward", "item"), limit=limit, now=now, seconds=LEASE_SECONDS)


def _places(orders: Iterable[Order]) -> dict[int, _Place]:
    numbers, until = {order.workspace_id for order in orders}, time.monotonic() + LEASE_SECONDS
    return {each.pk: _Place(each, providers_in(each), until) for each in Workspace.objects.filter(pk__in=numbers)}


def _enter(orders: Iterable[Order], places: dict[int, _Place], now: datetime) -> None:
    """Submit the outcomes of a pass together, workspace by workspace."""
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


# --- within our own database ----------------------------------------------------------------------------------------


def _tried_here(order: Order, place: _Place, now: datetime) -> None:
    """As `_hand_over_here`; an order at which that fails waits alone, and the others of the pass go on."""
    try:
        _hand_over_here(order, place, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        _wait_alone(order, now)


def _wait_alone(order: Order, now: datetime) -> None:
    _log.exception("an order failed in a way that nobody foresaw", order=order.key)
    order.release(attempts=order.attempts + 1, next_at=now + wait_after(order.attempts))


def _hand_over_here(order: Order, place: _Place, now: datetime) -> None:
    try:
        with transaction.atomic():
            wanted = _wanted(order, place, now) if _still_approved(order) else None
            if wanted is None:
                _call_off(order)
            elif wanted.order.way not in local_providers():
                order.release()  # it goes through another provider now, and is due there
            else:
                _note(wanted, _barred(wanted) or local_providers()[order.way].hand_over(wanted))
    except _LeaseLost:
        return


# --- by asking others -----------------------------------------------------------------------------------------------


def _tried_elsewhere(order: Order, place: _Place, now: datetime) -> bool:
    """As `_hand_over_elsewhere`; whoever's order fails unforeseen is left alone like who does not answer."""
    try:
        return _hand_over_elsewhere(order, place, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        _wait_alone(order, now)
        return True


def _hand_over_elsewhere(order: Order, place: _Place, now: datetime) -> bool:
    """Carry out one order as far as its provider lets us; whether the receiver was silent."""
    sent = order.state != OrderState.PENDING
    try:
        wanted = _wanted(order, place, now, whatever_state=sent)
        if wanted is None:
            _call_off(order)
            return False
        if order.way not in remote_providers():
            order.release()
            return False
        outcome = _asked(wanted, remote_providers()[order.way], sent=sent)
        if outcome is not None:
            _note(wanted, outcome)
    except _LeaseLost:
        return False
    return outcome is not None and outcome.said in (Said.UNKNOWN, Said.WAITS)


def _asked(wanted: Handover, provider: Remote, *, sent: bool) -> ProviderAnswer | None:
    """Ask the receiver what comes next; None when the order was called off instead."""
    if sent:
        outcome = provider.status(wanted)
        if outcome.said != Said.NOT_FOUND:
            return outcome
        if not _marked(wanted, state=OrderState.PENDING):
            return None
    allowed = _barred(wanted) or provider.may_be_issued(wanted)
    if allowed.said != Said.ALLOWED:
        return allowed
    # From here on nobody can tell from our rows alone whether it was sent.
    marked = _marked(wanted, state=OrderState.ASKING, sent_at=wanted.order.sent_at or wanted.now)
    return provider.order(wanted) if marked else None


def _marked(wanted: Handover, **values: Any) -> bool:
    """Write values on an order, or call it off where its reward has come to an end; whether they were written."""
    with transaction.atomic():
        approved = _still_approved(wanted.order)
        if approved:
            _write(wanted.order, **values)
        else:
            _call_off(wanted.order)
    return approved


def _barred(wanted: Handover) -> ProviderAnswer | None:
    """The refusal of what is for somebody who was banned or erased since (SEMANTICS 16); None for everybody else."""
    status = _status_of(wanted)
    return ProviderAnswer(Said.REFUSED, reason=f"the member was {status}") if status in BARRED else None


def _status_of(wanted: Handover) -> str:
    found = Member.objects.filter(workspace=wanted.workspace, id=wanted.reward.beneficiary)
    return found.values_list("status", flat=True).first() or ""


def _still_approved(order: Order) -> bool:
    """Whether the reward is still to be handed over; until the transaction ends, nobody decides otherwise."""
    rows = Reward.objects.select_for_update().filter(workspace=order.workspace_id, id=order.reward, state="approved")
    return rows.first() is not None


# --- what is written down -------------------------------------------------------------------------------------------


def _wanted(order: Order, place: _Place, now: datetime, *, whatever_state: bool = False) -> Handover | None:
    """What is to be handed over, by whom; None when the reward has come to an end."""
    reward = Reward.objects.filter(workspace=place.workspace, id=order.reward).first()
    if reward is None or not (whatever_state or reward.state == "approved"):
        return None
    if whatever_state:
        provider = place.providers.get((order.kind, order.via_program, order.via_clause))
    else:
        provider = provider_for(place.providers, order.kind, reward)
        values = through(provider, now)
        if any(getattr(order, name) != values[name] for name in ("way", "via_program", "via_clause")):
            _write(order, **values)
    settings = provider.settings if provider else {}
    return Handover(
        workspace=place.workspace, order=order, reward=reward, item=reward.given[order.item], settings=settings,
        now=now, until=place.until,
    )  # fmt: skip


def _note(wanted: Handover, outcome: ProviderAnswer) -> None:
    """Write an outcome down; what is settled is due at once, to enter the log."""
    order, now = wanted.order, wanted.now
    if _status_of(wanted) == "erased":  # nothing is written about whom nobody may know
        outcome = replace(outcome, reference="", proof="", reason="")
    state = _SETTLED.get(outcome.said)
    if state is not None:
        _write(
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


def _call_off(order: Order) -> None:
    _write(order, state=OrderState.CANCELLED, next_at=None)


def _write(order: Order, **values: Any) -> None:
    """Write values while the order is ours.

    Raises:
        _LeaseLost: it is no longer.
    """
    if not order.keep(**values):
        raise _LeaseLost
