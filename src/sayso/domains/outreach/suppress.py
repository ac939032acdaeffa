"""Who wants no mails: stopped by the mark of a mailbox, so that it holds when the person behind it is long erased.

Owns stopping, and beginning again when a person asks for it. It must not know how somebody asked.
"""

from datetime import datetime

from sayso.domains.outreach.marks import address_in, mark_of_mailbox
from sayso.domains.outreach.models import Suppression
from sayso.domains.people.models import Identity
from sayso.domains.workspaces.models import Workspace


def stop_mails(*, workspace: Workspace, mark: bytes, now: datetime) -> None:
    """Send the owner of a mailbox no mail any more but what they ask for themselves; at once.

    Args:
        workspace: whose mails.
        mark: of the mailbox, see `marks`.
        now: the time, by the calendar.
    """
    Suppression.objects.get_or_create(mark=mark, workspace=workspace, defaults={"made_at": now})


def stop_mails_to(*, workspace: Workspace, member: int, now: datetime) -> None:
    """Send a member no mail any more but what they ask for themselves, at any of their addresses.

    Args:
        workspace: whose member.
        member: their number.
        now: the time, by the calendar.
    """
    for mark in _marks(workspace, member):
        stop_mails(workspace=workspace, mark=mark, now=now)


def resume_mails_to(*, workspace: Workspace, member: int) -> None:
    """Send a member mails again, who asked for it; arguments as in `stop_mails_to`."""
    Suppression.objects.filter(mark__in=_marks(workspace, member), workspace=workspace).delete()


def wants_no_mails(workspace: Workspace, member: int) -> bool:
    """Say whether a member stopped mails, at any of their addresses."""
    return Suppression.objects.filter(mark__in=_marks(workspace, member), workspace=workspace).exists()


def is_stopped(workspace: int, mark: bytes) -> bool:
    """Say whether the owner of a mailbox stopped mails."""
    return Suppression.objects.filter(mark=mark, workspace=workspace).exists()


def stop_address(*, workspace: Workspace, address: str, now: datetime) -> bool:
    """Stop mails to an address that somebody told the staff, a member's or not; False for what is no address."""
    written = address_in(address)
    if written:
        stop_mails(workspace=workspace, mark=mark_of_mailbox(workspace.pk, written), now=now)
    return bool(written)


def _marks(workspace: Workspace, member: int) -> list[bytes]:
    found = Identity.objects.filter(member=member, kind="email", workspace=workspace)
    return [mark_of_mailbox(workspace.pk, address) for address in found.values_list("value", flat=True)]
