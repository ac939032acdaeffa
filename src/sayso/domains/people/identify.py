"""Saying who somebody is, from a page that anybody can read.

Owns how little may be said there: who is new is made known, and nothing that is known is changed. By an address members
sign in, so whose it is takes the company's word: else a stranger would give theirs for whoever comes next.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sayso.core.engine.events import MEMBER_UPDATED
from sayso.core.program.problems import Problem
from sayso.domains.events.act import Actor, Deed, NotSayable, act
from sayso.domains.people.models import Member
from sayso.domains.people.queries import MEMBER, NoSuchMember, known_or_new, member_named
from sayso.domains.workspaces.ids import number_of
from sayso.domains.workspaces.models import Workspace

_OPENS_THEIR_PAGE = ("email", "phone")


@dataclass(frozen=True, slots=True)
class Identification:
    """Who somebody says they are; what is None is not said."""

    member: str
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    country: str | None = None


def identify_member(*, workspace: Workspace, who: Identification, actor: Actor, now: datetime) -> Member:
    """Make somebody known; of somebody who is known already nothing changes.

    Args:
        workspace: whose member.
        who: who they say they are.
        actor: in whose name.
        now: the time.

    Raises:
        NoSuchMember: it is written as an id, and nobody has that one.
        NotSayable: a value cannot be.
    """
    return _known_now(workspace, replace(who, member=known_or_new(workspace, who.member)), actor, now)


def identify_by_page(*, workspace: Workspace, who: Identification, actor: Actor, now: datetime) -> Member:
    """Make somebody known on the word of a page that anybody can read; arguments are those of `identify_member`.

    Ids can be guessed, so there nobody is found by one: only the company's own name for them counts.

    Raises:
        NoSuchMember: it is written as an id, and the company calls nobody so.
        NotSayable: a value cannot be, or is one that a page may not say.
    """
    said = "A public key may not say whose address this is; your server can, or a token that it signed."
    if problems := [Problem(0, 0, name, said) for name in _OPENS_THEIR_PAGE if getattr(who, name) is not None]:
        raise NotSayable(problems)
    if number_of(MEMBER, who.member) is not None:
        return member_named(workspace, who.member)
    return _known_now(workspace, who, actor, now)


def _known_now(workspace: Workspace, who: Identification, actor: Actor, now: datetime) -> Member:
    try:
        return member_named(workspace, who.member)
    except NoSuchMember:
        said = {name: value for name, value in asdict(who).items() if value is not None and name != "member"}
        deed = Deed("identify", MEMBER_UPDATED, who.member, said)
        act(workspace=workspace, deed=deed, actor=actor, now=now)
    return member_named(workspace, who.member)
