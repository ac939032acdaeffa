"""How staff reach somebody: by what they, the company or whoever handed them in said.

Owns where that is found. It must not keep any of it: what was forgotten or erased is not found any more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sayso.core.engine.events import LEAD, SIGNUP
from sayso.core.engine.guard import KNOWN_ADDRESS
from sayso.domains.events.models import Event
from sayso.domains.people.models import Identity, Member
from sayso.domains.people.queries import history_owners
from sayso.domains.workspaces.models import Workspace

_SAID = ("name", "company", "message")
_REACHED = ("email", "phone")


@dataclass(frozen=True, slots=True)
class Contact:
    """By what somebody is reached; empty is what is not known.

    Attributes:
        message: what they look for, in the words of whoever handed them in.
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    company: str = ""
    message: str = ""


def contacts_of(workspace: Workspace, members: Collection[int]) -> dict[int, Contact]:
    """Return how members are reached, by number.

    Args:
        workspace: whose members.
        members: their numbers.
    """
    found = {number: Contact() for number in members}
    owners = history_owners(workspace, members)
    forms = Event.objects.filter(workspace=workspace, member__in=owners, type__in=(LEAD, SIGNUP))
    for number, props in forms.order_by("position").values_list("member", "props"):
        if not props.get(KNOWN_ADDRESS):  # whoever typed an address may be anybody
            found[owners[number]] = _with(found[owners[number]], props)
    known = Member.objects.filter(workspace=workspace, id__in=members)
    for number, attributes in known.values_list("id", "attributes"):
        found[number] = _with(found[number], attributes)
    ways = Identity.objects.filter(workspace=workspace, member__in=members, kind__in=_REACHED)
    for number, kind, value in ways.order_by("-value").values_list("member", "kind", "value"):
        found[number] = replace(found[number], **{kind: value})
    return found


def _with(contact: Contact, said: dict[str, object]) -> Contact:
    """A contact with what is said newly of them; what is no text is not it."""
    told = {name: value for name in _SAID if isinstance(value := said.get(name), str) and value}
    return replace(contact, **told)
