"""Share links: one for each advocate, program and channel, made when it is first asked for.

Owns how a link is named. Where it leads is `destinations`' word.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from sayso.core.program.document import CHANNELS
from sayso.domains.events.act import Actor
from sayso.domains.people.models import Member
from sayso.domains.people.queries import member_called, merged_numbers
from sayso.domains.programs.queries import program_named
from sayso.domains.sharing.give_code import give_code
from sayso.domains.sharing.letters import some_letters
from sayso.domains.sharing.models import Link
from sayso.domains.sharing.names import keep_names
from sayso.domains.workspaces.ids import new_number
from sayso.domains.workspaces.models import Workspace

# In whose name codes are given to those who only asked for a link.
SOURCE = "sharing"
_LENGTH = 8


class NoSuchChannel(ValueError):
    """Links are not passed on in that way."""


class MayNotShare(Exception):
    """The member was barred: nothing they pass on would count."""


def link_for(*, workspace: Workspace, program: str, member: str, channel: str, now: datetime) -> Link:
    """Return the link of an advocate in a program for a channel; the first time it is made, and a code where none is.

    Args:
        workspace: whose member.
        program: its name; it was published, whether it runs now or not.
        member: the company's name for them, or their id.
        channel: one of `core.program.document.CHANNELS`.
        now: the time.

    Raises:
        NoSuchMember, NoSuchProgram, NoSuchChannel, MayNotShare: as they say.
    """
    if channel not in CHANNELS:
        raise NoSuchChannel(f"there is no channel {channel!r}; there are {', '.join(CHANNELS)}")
    found = member_called(workspace, member)
    if found.status != "active":
        raise MayNotShare(f"{found.ref} may not recommend")
    name = program_named(workspace, program).name
    known = _known(workspace, found, name, channel)
    if known is None:
        made = _make(workspace, found, (name, channel), now)
        keep_names(workspace, [found.id])
        return made
    return known


def links_of(workspace: Workspace, member: int) -> list[Link]:
    """Return the links of a member, those of members merged into them included, oldest first.

    Args:
        workspace: whose member.
        member: their number.
    """
    numbers = merged_numbers(workspace, member)
    return list(Link.objects.filter(member__in=numbers, workspace=workspace).order_by("number"))


def _known(workspace: Workspace, member: Member, program: str, channel: str) -> Link | None:
    mine = (each for each in links_of(workspace, member.id) if (each.program, each.channel) == (program, channel))
    return next(mine, None)


def _make(workspace: Workspace, member: Member, place: tuple[str, str], now: datetime) -> Link:
    """Make a link; of two who ask at once the second gets the first one's."""
    program, channel = place
    code = give_code(workspace=workspace, member=member.ref, actor=Actor(SOURCE), now=now).code
    link = Link(
        slug=some_letters(_LENGTH), workspace=workspace, number=new_number(now), member=member.id, code=code,
        program=program, channel=channel, created_at=now, shared_at=None,
    )  # fmt: skip
    try:
        with transaction.atomic():
            link.save(force_insert=True)
    except IntegrityError:
        known = _known(workspace, member, program, channel)
        if known is None:  # somebody else's link has these letters: others are drawn
            return _make(workspace, member, place, now)
        return known
    return link
