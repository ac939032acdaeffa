"""Reading members."""

from collections.abc import Collection, Sequence

from sayso.core.domain_error import DomainError
from sayso.domains.people.models import Identity, Member
from sayso.domains.workspaces.ids import number_of, public_id
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.page import Page

MEMBER = "mem"


class NoSuchMember(DomainError, LookupError):
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


def owners_of(workspace: Workspace, identities: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the number of the member who is recognised by each of some identities, given as (kind, value)."""
    values = {value for _, value in identities}
    found = Identity.objects.filter(value__in=values, kind__in={kind for kind, _ in identities}, workspace=workspace)
    return {(kind, value): member for kind, value, member in found.values_list("kind", "value", "member")}


def merged_numbers(workspace: Workspace, member: int) -> set[int]:
    """Return the numbers under which a member's history stands: their own, and of those merged into them."""
    return set(history_owners(workspace, [member]))


def history_owners(workspace: Workspace, members: Collection[int]) -> dict[int, int]:
    """Return by number whose history it is: some members' own, and theirs of whoever was merged into one of them."""
    owners = {number: number for number in members}
    found = set(owners)
    while found:
        # Of a long list PostgreSQL does not see by itself that the index, of those above 0, holds all of it.
        rows = Member.objects.filter(workspace=workspace, merged_into__in=found, merged_into__gt=0)
        new = {number: owners[into] for number, into in rows.values_list("id", "merged_into")}
        owners |= new
        found = set(new)
    return owners


def later_numbers(workspace: Workspace, members: Collection[int]) -> set[int]:
    """Return the numbers under which what members do is stored: their own, and of whom they have become by merges."""
    numbers, found = set(members), set(members)
    while found:
        rows = Member.objects.filter(workspace=workspace, id__in=found, merged_into__gt=0)
        found = set(rows.values_list("merged_into", flat=True)) - numbers
        numbers |= found
    return numbers


def member_numbered(workspace: Workspace, number: int) -> Member:
    """Return the member with this number, merged or erased ones too.

    Raises:
        NoSuchMember: there is none.
    """
    found = Member.objects.filter(id=number, workspace=workspace).first()
    if found is None:
        raise NoSuchMember(f"there is no member {public_id(MEMBER, number)} in {workspace.name}")
    return found


def member_now(workspace: Workspace | int, number: int) -> Member:
    """Return who a member is now: themselves, or whom they have become by however many merges.

    Raises:
        NoSuchMember: there is none.
    """
    found = Member.objects.filter(id=number, workspace=workspace).first()
    while found is not None and found.merged_into:
        found = Member.objects.filter(id=found.merged_into, workspace=workspace).first()
    if found is None:
        raise NoSuchMember(f"there is no member {public_id(MEMBER, number)}")
    return found


def members_numbered(workspace: Workspace, numbers: Collection[int]) -> Sequence[Member]:
    """Return the members with some numbers, by their numbers, rising."""
    return list(Member.objects.filter(id__in=numbers, workspace=workspace).order_by("id"))


def member_called(workspace: Workspace, name: str) -> Member:
    """Return the member whom somebody calls by the company's name for them or by their id; the name goes first.

    Raises:
        NoSuchMember: there is none.
    """
    try:
        return member_named(workspace, name)
    except NoSuchMember as unknown:
        number = number_of(MEMBER, name)
        if number is None:
            raise
        try:
            found = member_now(workspace, number)
        except NoSuchMember:
            raise unknown from None
        if found.status == "erased":
            raise
        return found


def known_or_new(workspace: Workspace, name: str) -> str:
    """Return the company's name for somebody who is known by it or by their id, or who will be known by it.

    Raises:
        NoSuchMember: it is written as an id, and nobody has that one.
    """
    try:
        return member_called(workspace, name).ref
    except NoSuchMember:
        if number_of(MEMBER, name) is not None:
            raise
        return name


def list_members(workspace: Workspace, page: Page, *, status: str | None = None) -> Sequence[Member]:
    """Return members by their numbers, rising: in the order in which they appeared.

    Args:
        workspace: whose members.
        page: which of them; the number of a page's last member begins the next one.
        status: only those who are active, banned, erased or merged.
    """
    found = Member.objects.filter(workspace=workspace, id__gt=page.after)
    chosen = found.filter(status=status) if status else found
    return list(chosen.order_by("id")[: page.limit])
