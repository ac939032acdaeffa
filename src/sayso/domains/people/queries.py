"""Reading members."""

from collections.abc import Collection

from sayso.domains.people.models import Identity, Member
from sayso.domains.workspaces.models import Workspace


class NoSuchMember(LookupError):
    """The workspace knows nobody of this name."""


def member_named(workspace: Workspace, ref: str) -> Member:
    """Return the member whom the company calls `ref`; one who was merged is found as whom they became.

    Raises:
        NoSuchMember: there is none.
    """
    identity = Identity.objects.filter(value=ref, kind="ref", workspace=workspace).first()
    found = Member.objects.filter(id=identity.member, workspace=workspace).first() if identity else None
    if found is None:
        raise NoSuchMember(f"nobody is called {ref!r} in {workspace.name}")
    return found


def refs_of(workspace: Workspace, members: Collection[int]) -> dict[int, str]:
    """Return the company's names for members, by number."""
    found = Member.objects.filter(workspace=workspace, id__in=members)
    return dict(found.values_list("id", "ref"))


def merged_numbers(workspace: Workspace, member: int) -> set[int]:
    """Return the numbers under which a member's history stands: their own, and of those merged into them."""
    numbers, found = {member}, {member}
    while found:
        rows = Member.objects.filter(workspace=workspace, merged_into__in=found).values_list("id", flat=True)
        found = set(rows) - numbers
        numbers |= found
    return numbers
