"""Handing in a contact: an advocate names somebody who would like to hear from the company, on a page that anybody can
open.

Owns what may be said there of somebody who is known already: nothing. How a lead becomes a referral is `lead`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sayso.core.domain_error import DomainError
from sayso.core.engine.events import LEAD, SIGNUP
from sayso.domains.events.act import Actor, Deed, Done, act, was_done
from sayso.domains.events.in_turn import in_turn
from sayso.domains.events.models import Event
from sayso.domains.people.queries import merged_numbers
from sayso.domains.referrals.known import check_nobody_waits, known_by
from sayso.domains.referrals.lead import Lead, deed_of, opened_as_lead
from sayso.domains.referrals.models import Referral
from sayso.domains.workspaces.models import Workspace

# In whose name the page stores them. It may forget these; who comes from a system of the company's is the company's.
SOURCE = "landing"


class KnownContact(DomainError):
    """Somebody of this address is a lead or a customer already; nothing was stored."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom an advocate hands in.

    Attributes:
        code: the advocate's.
        known: who the contact is: `name`, `email`, `phone`, `company`, `message`.
        said: what else belongs to it: consents, language.
    """

    code: str
    known: Mapping[str, str]
    said: Mapping[str, Any]


def hand_in(*, workspace: Workspace, contact: Contact, actor: Actor, now: datetime) -> list[Referral]:
    """Take in a contact as a lead, once, and return the referrals that it opened.

    Args:
        workspace: where.
        contact: whom.
        actor: in whose name; `once` names this form, so that it counts once however often it is sent.
        now: the time.

    Raises:
        KnownContact: somebody of this address is known by more than their address.
        NoSuchCode, NotSayable, NothingOpened: as `take_lead`.
        Undecided: it was stored and is decided later, or another contact of this address was.
    """
    ref = f"web-{blake2b(actor.once.encode(), digest_size=10).hexdigest()}"
    lead = Lead(ref, contact.code, {**contact.known, **contact.said})
    # What the rules refuse is stored all the same: nothing may fail in the turn once it is.
    done = in_turn(workspace, lambda: _taken_in(workspace, lead, contact, actor, now))
    return opened_as_lead(workspace, done)


def _taken_in(workspace: Workspace, lead: Lead, contact: Contact, actor: Actor, now: datetime) -> Done:
    if not was_done(workspace, Deed("lead", LEAD, lead.friend), actor):
        _check_is_new(workspace, contact)
    return act(workspace=workspace, deed=deed_of(workspace, lead), actor=actor, now=now)


def _check_is_new(workspace: Workspace, contact: Contact) -> None:
    found = known_by(workspace, contact.known)
    if found is not None:
        numbers = merged_numbers(workspace, found.id)
        if Event.objects.filter(member__in=numbers, workspace=workspace).exists():
            raise KnownContact("somebody of this address is known already")
    check_nobody_waits(workspace, contact.known, types=(SIGNUP, LEAD))
