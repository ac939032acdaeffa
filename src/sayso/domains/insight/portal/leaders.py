"""The list of those who recommended most, by first names, as a member of a program sees it.

Owns the ranks. Who stands on it is `referrals.listing`'s word.
"""

from __future__ import annotations

from dataclasses import dataclass

from sayso.domains.insight.portal.me import Me
from sayso.domains.people.models import Member
from sayso.domains.people.names import first_names
from sayso.domains.referrals.listing import leaders_of

MOST = 10


@dataclass(frozen=True, slots=True)
class Leader:
    """One line of the list.

    Attributes:
        rank: from 1; who has as many shares it.
        name: the first name; empty where none is known.
    """

    rank: int
    name: str
    friends: int
    is_me: bool


def leaders_for(me: Me, program: str) -> list[Leader]:
    """Return the list of a program."""
    rows = leaders_of(me.workspace, program, limit=MOST)
    active = Member.objects.filter(id__in=[row.member for row in rows], workspace=me.workspace, status="active")
    there = set(active.values_list("id", flat=True))
    names, counts = first_names(me.workspace, there), [row.friends for row in rows if row.member in there]
    return [
        Leader(1 + sum(count > row.friends for count in counts), names.get(row.member, ""), row.friends,
               row.member in me.numbers)
        for row in rows
        if row.member in there
    ]  # fmt: skip
