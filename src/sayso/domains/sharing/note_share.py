"""Noting that an advocate passed a link on: the act itself, not that somebody saw how it could be done.

Owns the counting. Nothing is decided by it, since the word comes from a page. It must not send anything.
"""

from datetime import datetime

from django.db.models import F

from sayso.domains.people.models import Member
from sayso.domains.people.queries import merged_numbers
from sayso.domains.sharing.models import Link
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.models import Workspace


def note_share(*, workspace: Workspace, member: Member, program: str, channel: str, now: datetime) -> bool:
    """Count that an advocate passed their link on; whether they have one to pass on so.

    Args:
        workspace: whose member.
        member: the advocate.
        program: its name.
        channel: one of `core.program.document.CHANNELS`.
        now: the time.
    """
    mine = Link.objects.filter(member__in=merged_numbers(workspace, member.id), workspace=workspace)
    slug = mine.filter(program=program, channel=channel).order_by("number").values_list("slug", flat=True).first()
    shared = {"shares": F("shares") + 1, "shared_at": now_in(workspace, now)}
    return bool(slug and Link.objects.filter(slug=slug, workspace=workspace).update(**shared))
