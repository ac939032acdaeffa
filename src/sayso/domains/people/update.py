"""Making members known, changing what is known about them, merging, barring and erasing them.

Owns the verbs on people: each checks, submits one event and returns the member as they stand then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sayso.core.domain_error import DomainError
from sayso.core.engine.events import MEMBER_BANNED, MEMBER_ERASED, MEMBER_MERGED, MEMBER_UPDATED
from sayso.domains.events.act import Actor, Deed, act, was_done
from sayso.domains.people.models import Member
from sayso.domains.people.queries import known_or_new, member_called, member_numbered
from sayso.domains.workspaces.models import Workspace


class SameMember(DomainError, ValueError):
    """A member cannot be merged into themselves."""


@dataclass(frozen=True, slots=True)
class Update:
    """What is to be known about a member; what is None stays as it is.

    Attributes:
        account: the company's name for their household or company.
        tags, groups, codes: whole lists; codes are added to those that the member has.
    """

    language: str | None = None
    country: str | None = None
    email: str | None = None
    phone: str | None = None
    account: str | None = None
    tags: Sequence[str] | None = None
    groups: Sequence[str] | None = None
    codes: Sequence[str] | None = None
    attributes: dict[str, Any] | None = None


def update_member(*, workspace: Workspace, member: str, update: Update, actor: Actor, now: datetime) -> Member:
    """Make a member known, or change what is known about them.

    Args:
        workspace: whose member.
        member: the company's name for them, or the id of one who is known.
        update: what is to be known.
        actor: in whose name.
        now: the time.

    Raises:
        NoSuchMember: it is written as an id, and nobody has that one.
        NotSayable: a value cannot be.
    """
    name = known_or_new(workspace, member)
    said = {each.name: value for each in fields(update) if (value := getattr(update, each.name)) is not None}
    act(workspace=workspace, deed=Deed("update", MEMBER_UPDATED, name, said), actor=actor, now=now)
    return member_called(workspace, name)


def merge_members(*, workspace: Workspace, member: str, other: str, actor: Actor, now: datetime) -> Member:
    """Let a member take over another one (SEMANTICS 38); who is not known yet appears with it.

    Raises:
        NoSuchMember: the other is not known, or one is written as an id, and nobody has that one.
        SameMember: they are one already.
    """
    kept = known_or_new(workspace, member)
    deed = Deed("merge", MEMBER_MERGED, kept, {"other": other})
    if not was_done(workspace, deed, actor):
        gone = member_called(workspace, other)
        if gone.ref == kept:
            raise SameMember(f"{other!r} and {member!r} are one member already")
        deed = Deed("merge", MEMBER_MERGED, kept, {"other": gone.ref})
    act(workspace=workspace, deed=deed, actor=actor, now=now)
    return member_called(workspace, kept)


def ban_member(*, workspace: Workspace, member: str, actor: Actor, now: datetime) -> Member:
    """Bar a member: nothing is granted to them any more.

    Raises:
        NoSuchMember: the workspace knows nobody of this name.
    """
    return _alone(workspace, Deed("ban", MEMBER_BANNED, member), actor, now)


def erase_member(*, workspace: Workspace, member: str, actor: Actor, now: datetime) -> Member:
    """Remove a person and keep the books (SEMANTICS 39).

    Raises:
        NoSuchMember: the workspace knows nobody of this name.
    """
    return _alone(workspace, Deed("erase", MEMBER_ERASED, member), actor, now)


def _alone(workspace: Workspace, deed: Deed, actor: Actor, now: datetime) -> Member:
    found = member_called(workspace, deed.member)
    act(workspace=workspace, deed=Deed(deed.verb, deed.type, found.ref), actor=actor, now=now)
    return member_numbered(workspace, found.id)
