"""The one moment of joy: that a reward arrived is celebrated once, wherever its owner looks first.

Owns which were. It must not know what a reward is.
"""

from __future__ import annotations

from collections.abc import Collection

from sayso.domains.people.models import Celebrated, Member

# Of so many it is known, the latest: earlier ones were chosen or used long ago.
_MOST = 200


def celebrate(*, member: Member, here: Collection[int]) -> bool:
    """Say whether some rewards arrived that were not celebrated yet; the next time they were.

    Args:
        member: whose.
        here: numbers of rewards that they can choose or use now.
    """
    mine = Celebrated.objects.filter(member=member.id, workspace=member.workspace_id)
    row = mine.first()
    known = set(row.rewards) if row else set()
    new = set(here) - known
    if not new:
        return False
    kept = {"rewards": sorted(known.union(here))[-_MOST:]}
    Celebrated.objects.update_or_create(member=member.id, workspace_id=member.workspace_id, defaults=kept)
    return True
