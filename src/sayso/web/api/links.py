"""Share links, and invitations of people by their address or number.

Owns the routes by which a company's own app lets its members share; a public key opens those that make something.
None of them pays, and none tells what is known about whoever is invited.
"""

from datetime import datetime

from django.http import HttpRequest
from pydantic import Field

from sayso.core.program.document import CHANNELS
from sayso.domains.people.queries import member_called, merged_numbers, refs_of
from sayso.domains.sharing.contacts import salt_of
from sayso.domains.sharing.invite import Guest, Invitee, invite
from sayso.domains.sharing.links import link_for, links_of
from sayso.domains.sharing.models import Invitation, Link
from sayso.domains.sharing.queries import invitations_of
from sayso.domains.workspaces.addresses import site_root
from sayso.web.api.access import Caller, caller_of
from sayso.web.api.members import MemberPath
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import In, Name, Out, PublicId, Told, told_id
from sayso.web.links import picture_url, share_url

routes = Routes("Sharing")

_CHANNELS = f"How it is passed on: {', '.join(CHANNELS)}."


class LinkIn(In):
    """Which link of a member is wanted."""

    program: Name = Field(examples=["bring-a-friend"])
    channel: Name = Field("copy", description=_CHANNELS, examples=["whatsapp"])


class LinkOut(Out):
    """A share link: one for each member, program and channel."""

    slug: str = Field(examples=["kq3mvx7p"])
    url: str = Field(examples=["https://friends.bluebell.example/r/kq3mvx7p"])
    qr_svg: str = Field(description="Its QR code as SVG: the address of a picture that anybody may show.")
    qr_png: str = Field(description="Its QR code as PNG.")
    code: str = Field(description="The member's referral code.", examples=["ada-10"])
    member: str
    program: str
    channel: str
    created_at: Told | None
    shares: int = Field(description="How often the member passed it on, as far as a script saw it.", examples=[3])
    shared_at: Told | None


class LinksOut(Out):
    """The links of one member."""

    items: list[LinkOut]


class InvitationIn(In):
    """Who invites whom: the guest by exactly one of `email`, `phone` and `contact`, none of which is kept readable."""

    member: Name = Field(description="Your name for who invites, or their id.", examples=["ada"])
    email: Name | None = Field(None, examples=["ben@example.com"])
    phone: Name | None = Field(None, description="With its country code.", examples=["+34 600 000 000"])
    contact: Name | None = Field(
        None, description="The address in small letters, or the number as E.164, hashed with your salt."
    )
    program: Name | None = Field(None, description="The only program that it is for.", examples=["bring-a-friend"])
    channel: Name | None = Field(None, description=_CHANNELS, examples=["whatsapp"])


class InvitationOut(Out):
    """An invitation that was noted. Whether the guest is known is not told."""

    id: str
    member: str
    program: str | None
    channel: str | None
    invited_at: Told | None


class SentInvitationOut(InvitationOut):
    """An invitation as the company sees it."""

    joined: bool = Field(description="Somebody came with that address or number.")


class InvitationsOut(Out):
    """The latest invitations of one member, the newest first."""

    items: list[SentInvitationOut]


class SaltOut(Out):
    """The key with which you hash addresses and numbers. Keep it on your server."""

    algorithm: str = Field(examples=["HMAC-SHA-256"])
    salt: str = Field(description="32 bytes in hexadecimal digits.")


@routes.post("/members/{member}/links", gives=LinkOut, scope=("members", "share"), fails=(404,))
def post_link(request: HttpRequest, member: MemberPath, body: LinkIn) -> LinkOut:
    """Give a member their link in a program for a channel; asked again, it is the same one.

    A public key may do this, by your own name for the member and not by an id. Who has no referral code yet gets one.
    """
    caller = caller_of(request)
    who = caller.member(member).ref
    made = link_for(workspace=caller.workspace, program=body.program, member=who, channel=body.channel, now=caller.now)
    link = _links(request, caller, [made])[0]
    return link.model_copy(update={"member": caller.name_told(member, link.member)})


@routes.get("/members/{member}/links", gives=LinksOut, fails=(404,))
def get_links(request: HttpRequest, member: MemberPath) -> LinksOut:
    """List the links of a member."""
    caller = caller_of(request)
    return LinksOut(items=_links(request, caller, links_of(caller.workspace, _number(caller, member))))


@routes.post("/invitations", gives=InvitationOut, scope="members", fails=(404,))
def post_invitation(request: HttpRequest, body: InvitationIn) -> InvitationOut:
    """Note that a member invited somebody, who is recognised when they sign up; nothing is sent.

    The guest need do nothing more to be the member's friend, so it takes your server's word. The answer is the same
    whether the guest is known or not.
    """
    caller = caller_of(request)
    guest = Guest(body.email, body.phone, body.contact)
    wanted = Invitee(body.member, guest, body.program or "", body.channel or "")
    made = invite(workspace=caller.workspace, invitation=wanted, actor=caller.actor(), now=caller.now)
    return InvitationOut(**_told(caller, made))


@routes.get("/members/{member}/invitations", gives=InvitationsOut, fails=(404,))
def get_invitations(request: HttpRequest, member: MemberPath) -> InvitationsOut:
    """List whom a member invited lately, and whether they came; who they are cannot be read from it."""
    caller = caller_of(request)
    numbers = merged_numbers(caller.workspace, _number(caller, member))
    rows = invitations_of(caller.workspace, numbers)
    return InvitationsOut(items=[SentInvitationOut(**_told(caller, row), joined=row.friend > 0) for row in rows])


@routes.get("/invitation-salt", gives=SaltOut, scope="members")
def get_invitation_salt(request: HttpRequest) -> SaltOut:
    """Show the salt with which you hash whom your members invite, so that no address leaves your system."""
    return SaltOut(algorithm="HMAC-SHA-256", salt=salt_of(caller_of(request).workspace).hex())


def _number(caller: Caller, member: str) -> int:
    return member_called(caller.workspace, member).id


def _links(request: HttpRequest, caller: Caller, rows: list[Link]) -> list[LinkOut]:
    root = site_root(caller.workspace, visited=f"{request.scheme}://{request.get_host()}")
    names = refs_of(caller.workspace, {row.member for row in rows})
    return [
        LinkOut(
            slug=row.slug,
            url=share_url(root, row.slug),
            qr_svg=picture_url(root, row.slug, "svg"),
            qr_png=picture_url(root, row.slug, "png"),
            code=row.code,
            member=names.get(row.member, ""),
            program=row.program,
            channel=row.channel,
            created_at=row.created_at,
            shares=row.shares,
            shared_at=row.shared_at,
        )
        for row in rows
    ]


def _told(caller: Caller, row: Invitation) -> dict[str, str | datetime | None]:
    return {
        "id": told_id(PublicId.invitation, row.id),
        "member": refs_of(caller.workspace, [row.advocate]).get(row.advocate, ""),
        "program": row.program or None,
        "channel": row.channel or None,
        "invited_at": row.invited_at,
    }
