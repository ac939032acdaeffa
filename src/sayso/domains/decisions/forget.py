"""Forgetting erased people in every room: people, sharing, and where friends' events name them.

Owns the order. What each room wipes is its own.
"""

from collections.abc import Collection

from sayso.domains.people.erase import erase_people, wipe_mentions
from sayso.domains.referrals.models import Referral
from sayso.domains.sharing.models import Code


def forget_people(workspace: int, members: Collection[int]) -> None:
    """Wipe members from every table, in the transaction that decided their erasure.

    Args:
        workspace: the number of their workspace.
        members: their numbers.
    """
    gone = erase_people(workspace, members)
    codes = Code.objects.filter(workspace=workspace, member__in=gone)
    friends = set(Referral.objects.filter(workspace=workspace, advocate__in=gone).values_list("friend", flat=True))
    wipe_mentions(workspace, friends=friends - gone, codes=set(codes.values_list("code", flat=True)))
    codes.delete()
