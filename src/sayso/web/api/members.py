"""Members: reading, making known, changing, merging and erasing them.

Owns how a member is written. It must not decide what an attribute means.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query
from pydantic import Field

from sayso.core.program.problems import Problem
from sayso.domains.people.contact import contacts_of
from sayso.domains.people.models import Member
from sayso.domains.people.queries import list_members, member_called, members_numbered
from sayso.domains.people.sessions import end_sessions
from sayso.domains.people.update import Update, ban_member, erase_member, merge_members, update_member
from sayso.domains.referrals.groups import members_in_group, running_version
from sayso.domains.sharing.give_code import check_codes_are_free
from sayso.domains.workspaces.page import Page
from sayso.web.api.access import Caller, caller_of
from sayso.web.api.pages import Cursor, Listing, next_of
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import MOST_LISTED, In, Name, Out, PublicId, Told, told_id
from sayso.web.problems import Refused, not_valid

routes = Routes("Members")

MemberPath = Annotated[
    str,
    Path(
        max_length=200,
        description="Your own name for the member, percent-encoded, or its id `mem_…`; with a slash in it only the id.",
    ),
]
Names = Annotated[list[Name], Field(max_length=MOST_LISTED)]


class MemberOut(Out):
    """Somebody we know. Advocate and friend are roles on a referral, never kinds of member."""

    id: str = Field(examples=["mem_0000000000G00"])
    member: str = Field(description="Your own name for them.", examples=["ada"])
    status: str = Field(description="active, banned, erased or merged")
    joined_at: Told | None
    language: str
    country: str
    tags: list[str]
    groups: list[str] = Field(description="The hand-kept groups that they are in.")
    attributes: dict[str, Any]


class MembersOut(Out):
    """A page of members, by when they appeared."""

    items: list[MemberOut]
    next: Cursor


class ContactOut(Out):
    """By what somebody is reached; empty is what is not known."""

    member: str = Field(description="Your own name for them.", examples=["web-7805d0c1"])
    name: str = Field(examples=["Eva Ruiz"])
    email: str = Field(examples=["eva@example.com"])
    phone: str = Field(examples=["+34600000000"])
    company: str = Field(description="Where they work, as a form said.")
    message: str = Field(description="What they look for, in the words of whoever handed them in.")


class MemberIn(In):
    """What is to be known about a member. What is left out stays as it is; a list replaces the list before."""

    language: Name | None = Field(None, max_length=35, description="BCP 47", examples=["es"])
    country: Name | None = Field(None, max_length=2, min_length=2, description="ISO 3166", examples=["ES"])
    email: Name | None = Field(None, examples=["ada@example.com"])
    phone: Name | None = Field(None, examples=["+34 600 000 000"])
    account: Name | None = Field(None, description="Your name for the household or company that they belong to.")
    tags: Names | None = Field(None, description="All of their tags.", examples=[["vip"]])
    groups: Names | None = Field(None, description="All of the hand-kept groups that they are in.")
    codes: Names | None = Field(
        None, description="Referral codes of your own making with which they recommend, none of them somebody else's."
    )
    attributes: dict[str, Any] | None = Field(
        None, description="Facts that programs may ask for; those that are not named stay.", examples=[{"plan": "gold"}]
    )


class MergeIn(In):
    """Who is the same person."""

    other: Name = Field(description="Your name for the member who becomes part of this one.", examples=["ada-old"])


class NamesIn(In):
    """A whole list, in place of the one before."""

    names: Names = Field(examples=[["vip"]])


class MembersWanted(Listing):
    """Which members are wanted."""

    status: str | None = Field(None, pattern="^(active|banned|erased|merged)$", description="Only those who are this.")
    program: Name | None = Field(None, description="With `group`: the program whose group it is.")
    group: Name | None = Field(None, description="Only those who are in this group of the program now.")


@routes.get("/members", gives=MembersOut, fails=(404,))
def get_members(request: HttpRequest, wanted: Query[MembersWanted]) -> MembersOut:
    """List members.

    They come in the order in which they appeared. Of a group, those who are banned are left out.
    """
    caller, page = caller_of(request), wanted.page()
    if (wanted.group is None) != (wanted.program is None):
        raise Refused(not_valid([Problem(0, 0, "group", "A group is one of a program; name both.")]))
    rows = _in_group(caller, wanted, page) if wanted.group else _all(caller, wanted, page)
    return MembersOut(items=[member_out(row) for row in rows], next=next_of(rows, page, lambda row: row.id))


@routes.get("/members/{member}", gives=MemberOut, fails=(404,))
def get_member(request: HttpRequest, member: MemberPath) -> MemberOut:
    """Show a member.

    One who was merged is shown as whom they became.
    """
    return member_out(member_called(caller_of(request).workspace, member))


@routes.get("/members/{member}/contact", gives=ContactOut, scope="members", fails=(404,))
def get_contact(request: HttpRequest, member: MemberPath) -> ContactOut:
    """Show by what a member is reached.

    Of a contact that was handed in it is what the form said, until it is forgotten.
    """
    caller = caller_of(request)
    found = member_called(caller.workspace, member)
    return ContactOut(member=found.ref, **asdict(contacts_of(caller.workspace, [found.id])[found.id]))


@routes.put("/members/{member}", gives=MemberOut, scope="members", fails=(404, 409))
def put_member(request: HttpRequest, member: MemberPath, body: MemberIn) -> MemberOut:
    """Make a member known, or change what is known about them.

    Stores an event `member_updated`. Who is not known yet appears with it.
    """
    check_codes_are_free(workspace=caller_of(request).workspace, member=member, codes=body.codes or ())
    return _update(request, member, Update(**body.model_dump(exclude_none=True)))


@routes.put("/members/{member}/tags", gives=MemberOut, scope="members", fails=(404, 409))
def put_tags(request: HttpRequest, member: MemberPath, body: NamesIn) -> MemberOut:
    """Replace the tags of a member."""
    return _update(request, member, Update(tags=body.names))


@routes.put("/members/{member}/groups", gives=MemberOut, scope="members", fails=(404, 409))
def put_groups(request: HttpRequest, member: MemberPath, body: NamesIn) -> MemberOut:
    """Replace the hand-kept groups of a member."""
    return _update(request, member, Update(groups=body.names))


@routes.post("/members/{member}/merges", gives=MemberOut, scope="members", fails=(404,))
def post_merge(request: HttpRequest, member: MemberPath, body: MergeIn) -> MemberOut:
    """Merge another member into this one.

    Both histories stay, books are summed, and the older referral counts. Who is not known yet appears with it, as a
    customer of yours whose sign-up came by a page. It cannot be undone.
    """
    caller = caller_of(request)
    found = merge_members(
        workspace=caller.workspace, member=member, other=body.other, actor=caller.actor(), now=caller.now
    )
    return member_out(found)


@routes.post("/members/{member}/bans", gives=MemberOut, scope="members", fails=(404,))
def post_ban(request: HttpRequest, member: MemberPath) -> MemberOut:
    """Bar a member: nothing is granted to them any more."""
    caller = caller_of(request)
    return member_out(ban_member(workspace=caller.workspace, member=member, actor=caller.actor(), now=caller.now))


@routes.delete("/members/{member}", scope="members", gives=MemberOut, fails=(404, 409))
def delete_member(request: HttpRequest, member: MemberPath) -> MemberOut:
    """Erase a person.

    Everything that says who they were goes, in every table; the books stay, with their number. It cannot be undone.
    """
    caller = caller_of(request)
    return member_out(erase_member(workspace=caller.workspace, member=member, actor=caller.actor(), now=caller.now))


@routes.delete("/members/{member}/sessions", scope="members", fails=(404,))
def delete_sessions(request: HttpRequest, member: MemberPath) -> None:
    """Sign a member out of their page, wherever they are signed in."""
    caller = caller_of(request)
    end_sessions(workspace=caller.workspace, member=member_called(caller.workspace, member), now=caller.now)


def _all(caller: Caller, wanted: MembersWanted, page: Page) -> Sequence[Member]:
    return list_members(caller.workspace, page, status=wanted.status)


def _in_group(caller: Caller, wanted: MembersWanted, page: Page) -> Sequence[Member]:
    assert wanted.group is not None
    assert wanted.program is not None
    version = running_version(caller.workspace, wanted.program, caller.clock)
    found = members_in_group(
        workspace=caller.workspace, program=version, group=wanted.group, now=caller.clock, page=page
    )
    return members_numbered(caller.workspace, [each.number for each in found])


def _update(request: HttpRequest, member: str, update: Update) -> MemberOut:
    caller = caller_of(request)
    found = update_member(
        workspace=caller.workspace, member=member, update=update, actor=caller.actor(), now=caller.now
    )
    return member_out(found)


def member_out(row: Member) -> MemberOut:
    """Return a member as the API writes them."""
    return MemberOut(
        id=told_id(PublicId.member, row.id) or "",
        member=row.ref,
        status=row.status,
        joined_at=row.joined_at,
        language=row.language,
        country=row.country,
        tags=row.tags,
        groups=row.groups,
        attributes=row.attributes,
    )
