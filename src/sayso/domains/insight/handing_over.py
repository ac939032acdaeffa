"""What was promised and goes to nobody until a person does something.

Owns why each of it waits. It must not hand anything over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.db.models import Count, Exists, Min, OuterRef, Q

from sayso.core.program.explain.voice import Language
from sayso.domains.insight.called import program_in_words, reward_clause_in_words
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.rewards.fulfilment.place import provider_for, providers_in, to_hand_over
from sayso.domains.rewards.fulfilment.queries import for_people, is_empty, waiting_by_pool
from sayso.domains.rewards.models import Order, OrderState, Reward, Way
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class ToHandOver:
    """Rewards that wait for the same reason.

    Attributes:
        why: `by_hand`, since nobody but a person hands them over; `pool`, whose codes are all given; `stuck`,
            since their order failed, or nobody knows what became of it.
        program, clause: of which they are, as the document calls them; empty unless `by_hand`.
        pool: its name; empty unless `pool`.
    """

    why: Literal["by_hand", "pool", "stuck"]
    count: int
    program: str = ""
    clause: str = ""
    pool: str = ""


def waiting_for_people(workspace: Workspace, *, language: Language) -> list[ToHandOver]:
    """Return what waits to be handed over and goes no further by itself.

    Args:
        workspace: whose.
        language: of the reader.
    """
    stuck = for_people(workspace).values("reward").distinct().count()
    pools = [
        ToHandOver("pool", count, pool=pool)
        for pool, count in sorted(waiting_by_pool(workspace).items())
        if is_empty(workspace, pool)
    ]
    return [*_by_hand(workspace, language), *pools, *([ToHandOver("stuck", stuck)] if stuck else [])]


def _by_hand(workspace: Workspace, language: Language) -> list[ToHandOver]:
    orders = Order.objects.filter(workspace=workspace, reward=OuterRef("id"))
    theirs = orders.filter(way=Way.BY_HAND, state=OrderState.PENDING)
    chosen = Reward.objects.filter(workspace=workspace, state="approved", options="[]")
    rows = chosen.filter(~Exists(orders) | Q(Exists(theirs))).values("program", "clause")
    groups = list(rows.annotate(count=Count("id"), first=Min("id")).order_by("program", "clause"))
    firsts = Reward.objects.filter(workspace=workspace, id__in=[each["first"] for each in groups])
    providers = providers_in(workspace)
    # One whose provider was set a moment ago is about to be ordered.
    asked = {
        each.id: any(provider_for(providers, item.kind, each) is None for _place, item in to_hand_over(each))
        for each in firsts
    }
    latest = {name: held[-1] for name, held in rulebook_of(head_of(workspace)).programs.items()}
    return [
        ToHandOver(
            "by_hand",
            each["count"],
            program_in_words(latest[each["program"]], language),
            reward_clause_in_words(latest[each["program"]], each["clause"], language),
        )
        for each in groups
        if asked[each["first"]]
    ]
