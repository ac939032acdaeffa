"""Codes from a pool that somebody loaded.

Owns the taking of a code: each is given once, however many ask at the same time. A code stays given whatever becomes of
the reward, since its owner may have written it down. It must not load codes (`load_codes`).
"""

from collections.abc import Collection, Mapping
from typing import Any

from sayso.domains.rewards.fulfilment.port import Handover, Kept, ProviderAnswer, ProviderNotUsable, Said
from sayso.domains.rewards.models import Pool, PoolCode
from sayso.domains.workspaces.models import Workspace


class FromPool:
    """Gives out the codes of a pool, in the order in which they were loaded."""

    takes: Collection[str] = ("pool",)

    def checked(self, workspace: Workspace, settings: Mapping[str, Any]) -> Kept:
        """Keep the name of the pool, which must be there."""
        name = str(settings.get("pool", ""))
        if not Pool.objects.filter(workspace=workspace, name=name).exists():
            raise ProviderNotUsable(f"there is no pool {name!r}; load codes into it first" if name else "name a pool")
        return Kept({"pool": name}, {})

    def hand_over(self, wanted: Handover) -> ProviderAnswer:
        """Give out the next free code; the order waits while there is none."""
        name = str(wanted.settings.get("pool", ""))
        code = take_code(wanted, name)
        return (
            ProviderAnswer(Said.DELIVERED, code=code)
            if code
            else ProviderAnswer(Said.WAITS, reason=f"the pool {name} is empty")
        )


def take_code(wanted: Handover, pool: str) -> str:
    """Take the next free code of a pool for an order, in the transaction of the caller; empty when there is none.

    What another transaction is about to take is passed over, so that nobody waits for anybody.
    """
    free = PoolCode.objects.filter(workspace=wanted.workspace, pool=pool, reward=0).order_by("place")
    found = free.select_for_update(skip_locked=True).first()
    if found is None:
        return ""
    order = wanted.order
    PoolCode.objects.filter(workspace=wanted.workspace, code=found.code).update(
        reward=order.reward, item=order.item, given_at=wanted.now
    )
    return found.code
