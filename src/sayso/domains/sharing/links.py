"""Share links: one for each advocate, program and channel, made when it is first asked for.

Owns how a link is named. Where it leads is `destinations`' word.
"""

from collections.abc import Sequence
from datetime import datetime

from sayso.core.domain_error import DomainError
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


class NoSuchChannel(DomainError, ValueError):
    """Links are not passed on in that way."""


class MayNotShare(DomainError):
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
    name = program_named(workspace, program).name
    return links_for(workspace=workspace, program=name, member=found, channels=[channel], now=now)[channel]


def links_for(
    *, workspace: Workspace, program: str, member: Member, channels: Sequence[str], now: datetime
) -> dict[str, Link]:
    """Return the links of an advocate in a program, by channel; those that are missing are made together.

    However many they are, it takes as many statements as for one.

    Args:
        workspace: whose member.
        program: the name of one that was published.
        member: the advocate; without a code they are given one.
        channels: of `core.program.document.CHANNELS`; the answer has their order.
        now: the time.

    Raises:
        MayNotShare: the member was barred.
        Undecided: their code waits to be decided.
    """
    if member.status != "active":
        # Whoever asks may know them by another name than this one.
        raise MayNotShare("who was barred does not recommend")
    known = _known(workspace, member, program)
    if not known.keys() >= set(channels):
        known = _make(workspace, member, (program, channels), now)
        keep_names(workspace, [member.id])
    return {channel: known[channel] for channel in channels}


def links_of(workspace: Workspace, member: int) -> list[Link]:
    """Return the links of a member, those of members merged into them included, oldest first.

    Args:
        workspace: whose member.
        member: their number.
    """
    numbers = merged_numbers(workspace, member)
    return list(Link.objects.filter(member__in=numbers, workspace=workspace).order_by("number"))


def _known(workspace: Workspace, member: Member, program: str) -> dict[str, Link]:
    """A member's links in a program by channel; of two for one channel, which a merge leaves, the older one."""
    mine = [each for each in links_of(workspace, member.id) if each.program == program]
    return {each.channel: each for each in reversed(mine)}


def _make(workspace: Workspace, member: Member, places: tuple[str, Sequence[str]], now: datetime) -> dict[str, Link]:
    """Make the links that are missing; of two who ask at once the second gets the first one's."""
    program, channels = places
    code = give_code(workspace=workspace, member=member.ref, actor=Actor(SOURCE), now=now).code
    known = _known(workspace, member, program)
    # Letters that somebody else's link has are drawn anew.
    while missing := [each for each in channels if each not in known]:
        first = new_number(now)
        rows = [
            Link(
                slug=some_letters(_LENGTH), workspace=workspace, number=first + place, member=member.id, code=code,
                program=program, channel=channel, created_at=now, shared_at=None,
            )
            for place, channel in enumerate(missing)
        ]  # fmt: skip
        Link.objects.bulk_create(rows, ignore_conflicts=True)
        known = _known(workspace, member, program)
    return known
