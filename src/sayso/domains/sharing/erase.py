"""Forgetting what erased people shared: their codes, links and names, and invitations from them and to them.

Owns what goes. Clicks stay as numbers that lead to nobody. It runs in the transaction of the decision.
"""

from collections.abc import Collection

from django.db.models import Q

from sayso.core.engine.events import SPAN
from sayso.domains.events.models import Event
from sayso.domains.people.erase import wipe_events
from sayso.domains.sharing.models import AdvocateName, Code, Invitation, Link


def forget_shared(workspace: int, gone: Collection[int], contacts: Collection[str]) -> None:
    """Delete what erased people shared, and the hash of their address or number in the events that invited them.

    Args:
        workspace: the number of their workspace.
        gone: their numbers.
        contacts: the hashes of what identified them; whoever was a member already when invited is found by these.
    """
    reached = Invitation.objects.filter(friend__in=gone, workspace=workspace)
    hashes = {*contacts, *reached.values_list("contact", flat=True)}
    theirs = Invitation.objects.filter(Q(advocate__in=gone) | Q(contact__in=hashes), workspace=workspace)
    positions = [number // SPAN for number in theirs.values_list("id", flat=True)]
    wipe_events(workspace, Event.objects.filter(position__in=positions, workspace=workspace))
    theirs.delete()
    for table in (Link, Code, AdvocateName):
        table.objects.filter(member__in=gone, workspace=workspace).delete()
