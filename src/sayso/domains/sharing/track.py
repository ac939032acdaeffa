"""Telling what somebody did on a page that anybody can read.

Owns how little such a word is worth: it is stored as one kind of event, which no program may listen to. It must never
be able to pay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sayso.core.domain_error import DomainError
from sayso.domains.events.act import Actor, Deed, act
from sayso.domains.people.queries import member_called
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.models import Workspace

# Whatever a page calls it, it is stored as this.
PAGE_EVENT = "page_event"
LONGEST_NAME = 60
MOST_DETAILS = 10
LONGEST_DETAIL = 200


class NotTrackable(DomainError, ValueError):
    """A page cannot say that."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody did.

    Attributes:
        member: the company's name for them.
        name: what the page calls it, `plans_compared`.
        details: more of it, short texts by name.
    """

    member: str
    name: str
    details: dict[str, str] = field(default_factory=dict)


def track(*, workspace: Workspace, seen: Seen, actor: Actor, now: datetime) -> None:
    """Store what somebody did on a page; nothing comes of it.

    Args:
        workspace: where.
        seen: who did what.
        actor: in whose name.
        now: the time.

    Raises:
        NotTrackable: it is too long, or some version of some program listens to what pages tell.
        NoSuchMember: nobody is called that.
    """
    _check(seen)
    if is_listened_to(workspace, PAGE_EVENT):
        raise NotTrackable(f"a program listens to {PAGE_EVENT}, so pages that anybody can read may not tell it")
    ref = member_called(workspace, seen.member).ref
    # What is nested is neither an identity nor an amount, whatever it is called.
    deed = Deed("track", PAGE_EVENT, ref, {"name": seen.name, "details": dict(seen.details)})
    act(workspace=workspace, deed=deed, actor=actor, now=now)


def is_listened_to(workspace: Workspace, kind: str) -> bool:
    """Whether any version of a program, of whatever time, does or counts something at events of a type."""
    rulebook = rulebook_of(head_of(workspace))
    if kind in rulebook.measures:
        return True
    return any(kind in version.listens for held in rulebook.programs.values() for version in held)


def _check(seen: Seen) -> None:
    if not 0 < len(seen.name) <= LONGEST_NAME or not seen.name.isprintable():
        raise NotTrackable(f"what happened has a name of 1 to {LONGEST_NAME} characters that can be printed")
    if len(seen.details) > MOST_DETAILS:
        raise NotTrackable(f"at most {MOST_DETAILS} details are taken")
    if any(max(len(name), len(value)) > LONGEST_DETAIL for name, value in seen.details.items()):
        raise NotTrackable(f"a detail has at most {LONGEST_DETAIL} characters")
