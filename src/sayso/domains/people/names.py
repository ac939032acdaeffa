"""What people are called by others: their first name, as they or the company gave it.

Owns where a name is found. Whether somebody may be named to somebody else is `consents`' word. It must not keep one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sayso.domains.events.models import Event
from sayso.domains.people.models import Identity, Member
from sayso.domains.people.queries import history_owners
from sayso.domains.workspaces.models import Workspace

# How the company may call it among a member's attributes, and a page's form in an event's props.
_CALLED = ("first_name", "name")
_NAMING = ("signup", "lead")
LONGEST = 40
_LAST_DIGITS = 3


def first_names(workspace: Workspace, members: Collection[int]) -> dict[int, str]:
    """Return the first names of members, by number; of whom none is known there is none.

    Args:
        workspace: whose members.
        members: their numbers.
    """
    rows = Member.objects.filter(workspace=workspace, id__in=members).values_list("id", "attributes")
    found = {number: _first_of(attributes) for number, attributes in rows}
    owners = history_owners(workspace, [number for number, name in found.items() if not name])
    said = Event.objects.filter(workspace=workspace, member__in=owners, type__in=_NAMING).order_by("position")
    for number, props in said.values_list("member", "props"):
        found[owners[number]] = _first_of(props) or found[owners[number]]
    return {number: name for number, name in found.items() if name}


def recognised_as(member: Member) -> str:
    """Return by what members recognise themselves, while nobody learns how they are reached: "Ada, a…@example.com".

    Of whom neither a name nor an address is known, it is what the company calls them.
    """
    found = Identity.objects.filter(member=member.id, kind__in=("email", "phone"), workspace=member.workspace_id)
    reached = found.order_by("kind", "value").values_list("value", flat=True).first() or ""
    name = first_names(member.workspace, [member.id]).get(member.id, "")
    return ", ".join(filter(None, (name, _veiled(reached)))) or member.ref


def _veiled(address: str) -> str:
    """An address or number with most of it left out."""
    user, at, host = address.rpartition("@")
    return f"{user[:1]}…@{host}" if at else f"…{address[-_LAST_DIGITS:]}" if address else ""


def _first_of(said: Mapping[str, Any]) -> str:
    for name in _CALLED:
        value = said.get(name)
        if isinstance(value, str) and value.split():
            return value.split()[0][:LONGEST]
    return ""
