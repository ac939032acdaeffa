"""Inviting somebody: it is noted who named whom, so that who comes with that address or number is recognised.

Owns the limits. Nothing is sent to anybody: members pass their link on by their own message, and what else may be
sent is `outreach`'s. The address or number is not kept, only its keyed hash.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sayso.core.domain_error import DomainError
from sayso.core.engine.events import INVITED, SPAN
from sayso.core.engine.invitations import CONTACT
from sayso.core.program.document import CHANNELS
from sayso.core.program.problems import Problem
from sayso.domains.events.act import Actor, Deed, Done, NotSayable, act, was_done
from sayso.domains.events.in_turn import in_turn
from sayso.domains.people.models import Member
from sayso.domains.people.queries import member_called, merged_numbers
from sayso.domains.programs.queries import program_named
from sayso.domains.sharing.contacts import contact_in, salt_of
from sayso.domains.sharing.links import MayNotShare, NoSuchChannel
from sayso.domains.sharing.models import Invitation
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.models import Workspace

# Of one member in a day; a person who means it names fewer, and a script that tries addresses gets no further.
MOST_A_DAY = 30
_HASH = re.compile(r"[0-9a-f]{64}")


class TooManyInvitations(DomainError):
    """The member has invited as many people today as one may."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom a member invites: by exactly one of the three.

    Attributes:
        contact: HMAC-SHA-256 of the address (small letters) or number (E.164) under the workspace's salt, in
            hexadecimal digits, where the host hashed it itself.
    """

    email: str | None = None
    phone: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Invitee:
    """An invitation as it is asked for.

    Attributes:
        advocate: the company's name for who invites, or their id.
        program: the only one that it is for; empty for every program.
        channel: how it reached the guest; empty where that is not known.
    """

    advocate: str
    guest: Guest
    program: str = ""
    channel: str = ""


def invite(*, workspace: Workspace, invitation: Invitee, actor: Actor, now: datetime) -> Invitation:
    """Note that a member invited somebody; who signs up with that address or number is their friend.

    The answer is the same whether the guest is known already or not.

    Args:
        workspace: whose member.
        invitation: who invites whom.
        actor: in whose name.
        now: the time.

    Raises:
        NoSuchMember, NoSuchProgram, NoSuchChannel, MayNotShare, TooManyInvitations: as they say.
        NotSayable: there is no usable address, number or hash.
        Undecided: it was stored and is decided later.
    """
    advocate = member_called(workspace, invitation.advocate)
    if advocate.status != "active":
        raise MayNotShare(f"{advocate.ref} may not recommend")
    deed = Deed("invite", INVITED, advocate.ref, _said(workspace, invitation))

    def note() -> Done:
        if not was_done(workspace, deed, actor):
            _check_limit(workspace, advocate, now)
        return act(workspace=workspace, deed=deed, actor=actor, now=now)

    done = in_turn(workspace, note)
    first = done.position * SPAN
    return Invitation.objects.get(workspace=workspace, id__gte=first, id__lt=first + SPAN)


def _said(workspace: Workspace, invitation: Invitee) -> dict[str, str | None]:
    channel = invitation.channel
    if channel and channel not in CHANNELS:
        raise NoSuchChannel(f"there is no channel {channel!r}; there are {', '.join(CHANNELS)}")
    program = program_named(workspace, invitation.program).name if invitation.program else None
    return {CONTACT: _contact(workspace, invitation.guest), "channel": channel or None, "program": program}


def _contact(workspace: Workspace, guest: Guest) -> str:
    given = [value for value in (guest.email, guest.phone, guest.contact) if value]
    if len(given) != 1:
        raise NotSayable([Problem(0, 0, "guest", "Give one of email, phone and contact.")])
    if guest.contact is None:
        return contact_in(salt_of(workspace), email=guest.email, phone=guest.phone)
    if not _HASH.fullmatch(guest.contact):
        said = "A contact is HMAC-SHA-256 under the workspace's salt, 64 hexadecimal digits in small letters."
        raise NotSayable([Problem(0, 0, CONTACT, said)])
    return guest.contact


def _check_limit(workspace: Workspace, advocate: Member, now: datetime) -> None:
    since = now_in(workspace, now) - timedelta(days=1)
    mine = merged_numbers(workspace, advocate.id)
    sent = Invitation.objects.filter(advocate__in=mine, workspace=workspace, invited_at__gt=since).count()
    if sent >= MOST_A_DAY:
        raise TooManyInvitations(f"{advocate.ref} has invited {sent} people within a day; {MOST_A_DAY} may be")
