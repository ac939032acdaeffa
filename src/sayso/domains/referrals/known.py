"""Who is known by an address or number that somebody typed on a page that anybody can open.

Owns the look-up, among members and among those who wait to be decided. An address proves nobody: what may follow from
it is for `sign_up` and `hand_in` to say.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sayso.domains.events.act import Undecided
from sayso.domains.events.identities import recognise
from sayso.domains.events.queries import set_aside_events
from sayso.domains.people.models import Identity, Member
from sayso.domains.people.queries import member_now, merged_numbers, refs_of
from sayso.domains.workspaces.models import Workspace

# Under these somebody is known however they write their address (TRUST: dots and plus signs).
_SAME_PERSON = ("email", "mailbox", "phone")


def known_by(workspace: Workspace, known: Mapping[str, str]) -> Member | None:
    """Return whoever has the mail address that somebody gave; where none is given, the number: households share those.

    Args:
        workspace: where.
        known: what was given, `email` and `phone`.
    """
    values = _recognised(known, _given(known))
    found = Identity.objects.filter(value__in=values, kind__in=_SAME_PERSON, workspace=workspace).first()
    return member_now(workspace, found.member) if found else None


def check_nobody_waits(
    workspace: Workspace, known: Mapping[str, str], *, types: Collection[str], member: Member | None = None
) -> None:
    """Check that nobody of the same address, or number where none is given, came already and is decided later.

    Args:
        workspace: where.
        known: what was given, `email` and `phone`.
        types: of the events with which they may have come.
        member: who is known by it, and may be by other addresses too.

    Raises:
        Undecided: somebody did; this is for whoever comes a second time.
    """
    name = _given(known)
    values = _recognised(known, name)
    refs = {*refs_of(workspace, merged_numbers(workspace, member.id)).values()} if member else ()
    for event in set_aside_events(workspace, types=types):
        if event.ref in refs or values & _recognised(event.props, name):
            raise Undecided(event.position, event.failure)


def _given(known: Mapping[str, str]) -> str:
    return "email" if known.get("email") else "phone"


def _recognised(said: Mapping[str, Any], name: str) -> set[str]:
    return {value for _, value in recognise({name: said.get(name)}).identities}
