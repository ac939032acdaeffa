"""Taking in a lead: somebody who was recommended and is not a customer yet (SEMANTICS 23)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sayso.core.engine.events import LEAD
from sayso.core.program.document import Document
from sayso.domains.events.act import Actor, Deed, Done, act
from sayso.domains.people.queries import known_or_new
from sayso.domains.referrals.models import Referral
from sayso.domains.referrals.opened import NothingOpened, opened_by, why_nothing_opened
from sayso.domains.sharing.queries import code_named
from sayso.domains.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Lead:
    """Who was recommended, and by whom.

    Attributes:
        friend: the company's name for them.
        code: with which the advocate recommends.
        known: what is known of them: `email`, `phone`, and whatever the company wants to say.
    """

    friend: str
    code: str
    known: Mapping[str, Any] = field(default_factory=dict)


def takes_leads(document: Document) -> bool:
    """Say whether a step of a program is a contact that an advocate hands in; else nobody would hear of one."""
    return document.referral is not None and any(each.on == LEAD for each in document.referral.steps.values())


def take_lead(*, workspace: Workspace, lead: Lead, actor: Actor, now: datetime) -> list[Referral]:
    """Open the referrals of a lead, one for each program that takes it, and return them.

    Args:
        workspace: whose advocate.
        lead: who was recommended by whom.
        actor: in whose name.
        now: the time.

    Raises:
        NoSuchCode: nobody recommends with that code.
        NotSayable: what is known of them cannot be.
        NothingOpened: the rules refuse it; the message says which.
    """
    deed = deed_of(workspace, lead)
    return opened_as_lead(workspace, act(workspace=workspace, deed=deed, actor=actor, now=now))


def deed_of(workspace: Workspace, lead: Lead) -> Deed:
    """Return what takes in a lead.

    Raises:
        NoSuchCode: nobody recommends with that code.
    """
    code_named(workspace, lead.code)
    return Deed("lead", LEAD, known_or_new(workspace, lead.friend), dict(lead.known), referral_code=lead.code)


def opened_as_lead(workspace: Workspace, done: Done) -> list[Referral]:
    """Return the referrals that a lead opened.

    Raises:
        NothingOpened: the rules refuse it; the message says which.
    """
    opened = opened_by(workspace, done.position)
    if not opened:
        raise NothingOpened(why_nothing_opened(workspace, done.reasons))
    return opened
