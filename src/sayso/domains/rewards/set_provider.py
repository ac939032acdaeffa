"""Saying who hands over the things of a kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection

from sayso.core.domain_error import DomainError
from sayso.core.program.document import DELIVERED_BY_THE_BOOKS, GIFT_KINDS
from sayso.domains.jobs.relay import listen
from sayso.domains.programs.queries import programs_in
from sayso.domains.rewards.fulfilment.place import PAGE, place_orders
from sayso.domains.rewards.fulfilment.port import Kept, ProviderNotUsable, provider_of
from sayso.domains.rewards.models import Order, OrderState, Provider, Reward, Way
from sayso.domains.workspaces.head import locked
from sayso.domains.workspaces.models import Workspace


class ProviderBusy(DomainError, ValueError):
    """Orders are with the receiver, and only it can say what became of them."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a provider holds: for a kind of thing, in a program or in one of its clauses, or everywhere."""

    kind: str
    program: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class ProviderSet:
    """A provider as it was set.

    Attributes:
        once: what is shown this once: the new secret of a receiver.
        ordered: how many rewards that waited were ordered with it.
    """

    scope: Scope
    way: str
    once: dict[str, str] = field(default_factory=dict)
    ordered: int = 0


def set_provider(
    *, workspace: Workspace, scope: Scope, way: str, now: datetime, settings: Mapping[str, Any] | None = None
) -> ProviderSet:
    """Say who hands over the things of a kind; rewards that wait for it are ordered at once.

    Args and errors are those of `name_provider`.
    """
    named = name_provider(workspace=workspace, scope=scope, way=way, now=now, settings=settings)
    # Outside the lock, since it may be much; what does not get so far is ordered when the provider is set again.
    return replace(named, ordered=order_what_waits(workspace, scope, now=now))


def name_provider(
    *, workspace: Workspace, scope: Scope, way: str, now: datetime, settings: Mapping[str, Any] | None = None
) -> ProviderSet:
    """Say who hands over the things of a kind from now on; what waits for it is left to `order_what_waits`.

    Args:
        workspace: where.
        scope: which things.
        way: one of `models.Way`; `by_hand` leaves them to people again.
        now: the time.
        settings: what the way needs: `pool`; `prefix`; `url`, `check` and `new_secret`.

    Raises:
        ProviderNotUsable: the kind, the place, the way or its settings are wrong.
        ProviderBusy: orders went to another receiver under this scope, and what became of them is not known yet.
    """
    _check(workspace, scope, way)
    provider = provider_of(way)
    if provider is None and way != Way.BY_HAND:
        raise ProviderNotUsable(f"nobody here sees to {way}")
    strange = sorted(set(settings or {}) - set(provider.takes if provider else ()))
    if strange:
        raise ProviderNotUsable(f"{way} has no use for {', '.join(strange)}")
    with locked(connection, workspace.pk):
        before = _row(workspace, scope)
        given = {**before.settings, **(settings or {})} if before and before.way == way else dict(settings or {})
        kept, once = provider.checked(workspace, given) if provider else Kept({}, {})
        if before and (before.way != way or before.settings.get("url") != kept.get("url")):
            _refuse_while_busy(workspace, scope)
        Provider.objects.update_or_create(
            workspace=workspace,
            kind=scope.kind,
            program=scope.program,
            clause=scope.clause,
            defaults={"way": way, "settings": kept},
        )
        listen(workspace.pk)
    return ProviderSet(scope, way, once)


def _row(workspace: Workspace, scope: Scope) -> Provider | None:
    return Provider.objects.filter(
        workspace=workspace, kind=scope.kind, program=scope.program, clause=scope.clause
    ).first()


def _check(workspace: Workspace, scope: Scope, way: str) -> None:
    ours = [kind for kind in GIFT_KINDS if kind not in DELIVERED_BY_THE_BOOKS]
    if scope.kind not in ours:
        delivered = scope.kind in DELIVERED_BY_THE_BOOKS
        why = "is delivered by the books alone" if delivered else "is no kind of gift"
        raise ProviderNotUsable(f"{scope.kind} {why}; a provider hands over {', '.join(ours)}")
    if way not in Way.values:
        raise ProviderNotUsable(f"there is no way {way!r}; write {', '.join(Way.values)}")
    if scope.clause and not scope.program:
        raise ProviderNotUsable("a clause is one of a program; name the program too")
    if scope.program and scope.program not in {each.name for each in programs_in(workspace)}:
        raise ProviderNotUsable(f"there is no program {scope.program!r}")


def _refuse_while_busy(workspace: Workspace, scope: Scope) -> None:
    busy = Order.objects.filter(
        workspace=workspace,
        kind=scope.kind,
        via_program=scope.program,
        via_clause=scope.clause,
        state__in=(OrderState.ASKING, OrderState.UNKNOWN),
    ).count()
    if busy:
        orders = "1 order is" if busy == 1 else f"{busy:,} orders are"
        raise ProviderBusy(f"{orders} with the receiver, and only it knows what became of them; settle them first")


def order_what_waits(workspace: Workspace, scope: Scope, *, now: datetime) -> int:
    """Order what was approved before a provider was named, and return how many rewards these are.

    What is not sent yet goes through the provider that holds now.
    """
    waiting = Order.objects.filter(workspace=workspace, kind=scope.kind, state=OrderState.PENDING)
    way = Provider.objects.filter(workspace=workspace, kind=scope.kind).exclude(way=Way.BY_HAND).first()
    if way is not None:
        # Whoever carries it out looks up which provider is nearest.
        waiting.filter(way=Way.BY_HAND).update(way=way.way)
    waiting.exclude(way=Way.BY_HAND).update(next_at=now, lease_token=0, leased_until=None)
    approved = Reward.objects.filter(workspace=workspace, state="approved").order_by("id")
    page, ordered = list(approved.values_list("id", flat=True)[:PAGE]), 0
    while page:
        ordered += place_orders(workspace, page, now=now)
        page = list(approved.filter(id__gt=page[-1]).values_list("id", flat=True)[:PAGE])
    return ordered
