"""`/portal/points`: what a member has, how it came about, and how they stand.

Owns what this page shows.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from sayso.domains.insight.portal.standing import badges_of, standings_of
from sayso.domains.insight.portal.wallet import movements_of_mine, wallets_of_mine
from sayso.web.portal.lines import movement_line
from sayso.web.portal.visit import PortalVisit, for_member

_LONGEST_NUMBER = 18


@require_safe
@for_member
def points(visit: PortalVisit) -> HttpResponse:
    """Show wallets, tier and badges, and a page of movements."""
    before = visit.request.GET.get("before", "")
    is_number = before.isascii() and before.isdigit() and len(before) <= _LONGEST_NUMBER
    movements, following = movements_of_mine(visit.me, before=int(before) if is_number else 0)
    return visit.show(
        "points.html",
        "points",
        wallets=wallets_of_mine(visit.me),
        standings=standings_of(visit.me),
        titles={each.name: visit.me.title(each) for each in visit.me.programs},
        badges=badges_of(visit.me),
        movements=[(each, movement_line(each)) for each in movements],
        following=following,
        is_first=not is_number,
    )
