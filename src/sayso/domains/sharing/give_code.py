"""Giving a member a referral code to recommend with."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from sayso.core.engine.events import MEMBER_UPDATED
from sayso.domains.events.act import Actor, Deed, KeyReused, act
from sayso.domains.people.queries import MEMBER, member_called, merged_numbers
from sayso.domains.sharing.letters import some_letters
from sayso.domains.sharing.models import Code
from sayso.domains.sharing.queries import codes_of
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.models import Workspace

# So many letters that guessing a code takes longer than it is worth.
_LENGTH = 9


def give_code(*, workspace: Workspace, member: str, actor: Actor, now: datetime) -> Code:
    """Return a code with which a member recommends in every program; who has none yet gets one.

    Args:
        workspace: whose member.
        member: the company's name for them, or their id.
        actor: in whose name.
        now: the time.

    Raises:
        NoSuchMember: nobody is called that.
    """
    found = member_called(workspace, member)
    numbers = merged_numbers(workspace, found.id)
    codes = codes_of(workspace, numbers)
    if codes:
        return codes[0]
    deed = Deed("code", MEMBER_UPDATED, found.ref, {"codes": [some_letters(_LENGTH)]})
    # Two who ask at once get one code: the first one's.
    once = replace(actor, once=public_id(MEMBER, found.id))
    with suppress(KeyReused):
        act(workspace=workspace, deed=deed, actor=once, now=now)
    return codes_of(workspace, numbers)[0]
