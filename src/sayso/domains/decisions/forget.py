"""Forgetting erased people in every room: people, sharing, referrals, rewards, and wherever an event of somebody else
names them.

Owns the order. What each room wipes is its own.
"""

from collections.abc import Iterable
from functools import partial

from sayso.core.engine.decision import Decided
from sayso.core.engine.events import LEAD, MEMBER_UPDATED, SIGNUP, SPAN
from sayso.domains.decisions.closure import codes_in
from sayso.domains.events.models import Event
from sayso.domains.outreach.erase import forget_mails
from sayso.domains.people.erase import Names, erase_people, forgotten, refs_of, wipe_mentions
from sayso.domains.referrals.listing import forget_listed
from sayso.domains.referrals.models import Referral
from sayso.domains.rewards.erase import forget_orders
from sayso.domains.sharing.contacts import contacts_of
from sayso.domains.sharing.erase import forget_shared
from sayso.domains.sharing.models import Code, Invitation


def forget_people(workspace: int, decided: Iterable[Decided]) -> None:
    """Wipe the members whose erasure a batch decided from every table, in the transaction that decided it.

    Who comes again under the same name later in the batch is somebody new, whom nothing of this touches.

    Args:
        workspace: the number of their workspace.
        decided: the batch, whose rows are written.
    """
    refs: dict[int, set[str]] = {}
    for each in decided:
        if each.event.ref:
            refs.setdefault(each.event.member, set()).add(each.event.ref)
        if each.decision and each.decision.erased:
            _forget(workspace, each.decision.erased, refs, each.event.position)


def _forget(workspace: int, erased: set[int], refs: dict[int, set[str]], until: int) -> None:
    gone = forgotten(workspace, erased)
    mine = (refs.get(number, ()) for number in gone)
    names = Names(refs_of(workspace, gone).union(*mine), _codes(workspace, gone, until), until)
    contacts = contacts_of(workspace, gone)
    forget_mails(workspace, gone)
    erase_people(workspace, gone, names)
    of_others = partial(_of_others, workspace, gone)
    wipe_mentions(workspace, gone, names, also=_credited(workspace, gone), of_others=of_others)
    forget_orders(workspace, gone)
    forget_listed(workspace, gone)
    forget_shared(workspace, gone, contacts)


def _codes(workspace: int, gone: set[int], until: int) -> set[str]:
    """The codes of people: those they have, and those they had in a batch that never stored them.

    What they asked for and somebody else had is not theirs; who appeared after them may have taken it up again.
    """
    own = set(Code.objects.filter(workspace=workspace, member__in=gone).values_list("code", flat=True))
    said = Event.objects.filter(workspace=workspace, member__in=gone, type=MEMBER_UPDATED)
    named = {code.casefold() for props in said.values_list("props", flat=True) for code in codes_in(props)} - {""}
    others = Code.objects.filter(workspace=workspace, code__in=named - own, member__lt=until * SPAN)
    return (own | named) - set(others.exclude(member__in=gone).values_list("code", flat=True))


def _credited(workspace: int, gone: set[int]) -> set[int]:
    """Places in the log of events that credit people with a friend, whatever code they give, if any.

    Who invited a friend is credited without being named, beside a code that may be theirs, mistyped.
    """
    opened = Referral.objects.filter(advocate__in=gone, workspace=workspace).values_list("id", flat=True)
    invited = Invitation.objects.filter(advocate__in=gone, friend__gt=0, workspace=workspace)
    friends = list(invited.values_list("friend", flat=True))
    came = Event.objects.filter(member__in=friends, type__in=(SIGNUP, LEAD, MEMBER_UPDATED), workspace=workspace)
    return {*(number // SPAN for number in opened), *came.values_list("position", flat=True)}


def _of_others(workspace: int, gone: set[int], codes: set[str]) -> set[str]:
    theirs = Code.objects.filter(workspace=workspace, code__in=codes).exclude(member__in=gone)
    return set(theirs.values_list("code", flat=True))
