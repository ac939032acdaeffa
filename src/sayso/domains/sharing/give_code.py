"""Giving a member a referral code to recommend with: a new one, or one of the company's own making that is free."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sayso.core.domain_error import DomainError
from sayso.core.engine.events import MEMBER_UPDATED
from sayso.domains.events.act import Actor, Deed, KeyReused, Undecided, act, id_of
from sayso.domains.events.models import State
from sayso.domains.events.queries import event_called
from sayso.domains.people.queries import MEMBER, NoSuchMember, member_called, merged_numbers
from sayso.domains.sharing.letters import some_letters
from sayso.domains.sharing.models import Code
from sayso.domains.sharing.queries import codes_of
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.models import Workspace

# So many letters that guessing a code takes longer than it is worth.
_LENGTH = 9


class CodeTaken(DomainError, ValueError):
    """Somebody else recommends with the code; one that somebody has stays theirs."""


def give_code(*, workspace: Workspace, member: str, actor: Actor, now: datetime) -> Code:
    """Return a code with which a member recommends in every program; who has none yet gets one.

    Args:
        workspace: whose member.
        member: the company's name for them, or their id.
        actor: in whose name.
        now: the time.

    Raises:
        NoSuchMember: nobody is called that.
        Undecided: theirs waits to be decided.
    """
    found = member_called(workspace, member)
    numbers = merged_numbers(workspace, found.id)
    codes = codes_of(workspace, numbers)
    if codes:
        return codes[0]
    deed = Deed("code", MEMBER_UPDATED, found.ref, {"codes": [some_letters(_LENGTH)]})
    # Two who ask at once get one code: the first one's.
    once = replace(actor, once=public_id(MEMBER, found.id))
    try:
        act(workspace=workspace, deed=deed, actor=once, now=now)
    except KeyReused:
        first = event_called(workspace, id_of(deed, once), source=once.source)
        if first.state == State.SET_ASIDE:
            raise Undecided(first.position, first.failure) from None
    return codes_of(workspace, numbers)[0]


def check_codes_are_free(*, workspace: Workspace, member: str, codes: Collection[str]) -> None:
    """Check that a member may be given codes of the company's own making.

    Args:
        workspace: whose member.
        member: the company's name for them, or their id; they need not be known yet.
        codes: as somebody wrote them.

    Raises:
        CodeTaken: somebody else has one of them.
    """
    try:
        mine = set(merged_numbers(workspace, member_called(workspace, member).id))
    except NoSuchMember:
        mine = set()
    asked = {each.casefold(): each for each in codes}
    found = Code.objects.filter(code__in=asked, workspace=workspace).order_by("code")
    taken = [asked[each.code] for each in found if each.member not in mine]
    if taken:
        raise CodeTaken(f"somebody else recommends with {', '.join(map(repr, taken))}; nothing was changed")
