"""What the guard held against a contact is held in a backtest too, once the words of the contact are wiped."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sayso.core.engine.backtest import Report
from sayso.core.engine.events import LEAD, Arrival
from sayso.domains.decisions.backtest import backtest_draft
from sayso.domains.events.act import Actor
from sayso.domains.events.identities import recognise
from sayso.domains.events.models import Event
from sayso.domains.ledger.models import Balance
from sayso.domains.outreach.leads import forget_who_never_came
from sayso.domains.people.models import Identity
from sayso.domains.people.update import merge_members
from sayso.domains.referrals.hand_in import SOURCE, Contact, hand_in
from sayso.domains.referrals.models import Referral
from sayso.domains.referrals.opened import NothingOpened
from sayso.domains.rewards.approve import approve_reward
from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import START, decide, event, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)

PAID_AT_ONCE = """
sayso: 1
program: friends
title: Contacts
currency: EUR
referral:
  window: 30d
  steps: {handed_in: {on: lead}}
  success: handed_in
guard: {same_person: block}
rewards:
  thanks: {to: advocate, at: handed_in, give: {credit: 20 EUR}}
"""
LOOKED_AT = PAID_AT_ONCE.replace("same_person: block", "same_person: review")
ADA_S = {"email": "eva@example.com", "phone": "+34600000009"}
THROWN_AWAY = {"email": "eva@mailinator.com"}


def ada_hands_in(text: str, known: dict[str, str], *before: Arrival) -> Workspace:
    """Ada, whose number it is, hands in a contact in a workspace with one program."""
    workspace = open_bluebell(text)
    decide(workspace, before)
    props: dict[str, Any] = {"code": "ada-10", "phone": ADA_S["phone"]}
    identities = tuple(recognise(props).identities)
    decide(workspace, [event("a-1", "member_updated", "Ada", props=props, identities=identities)])
    contact = Contact("ada-10", {"name": "Eva", **known}, {"language": "en"})
    with suppress(NothingOpened):
        hand_in(workspace=workspace, contact=contact, actor=Actor(SOURCE, once="form-1"), now=START)
    return workspace


def forget(workspace: Workspace) -> None:
    decide(workspace, [event("clock", "visit", "Dario", after=timedelta(days=400))])
    while forget_who_never_came(datetime.now(UTC)):
        pass
    lead = Event.objects.get(workspace=workspace, type=LEAD)
    assert (lead.props, lead.referral_code) == ({}, "ada-10")
    assert not Identity.objects.filter(workspace=workspace, member=lead.member, kind__in=("email", "phone")).exists()


def again(workspace: Workspace, text: str) -> Report:
    workspace.refresh_from_db()
    return backtest_draft(workspace=workspace, text=text, progress=lambda part: None)


@pytest.mark.parametrize(
    ("text", "known", "status"),
    [
        (PAID_AT_ONCE, ADA_S, "rejected"),
        (LOOKED_AT, ADA_S, "in_review"),
        (PAID_AT_ONCE, THROWN_AWAY, "in_review"),
        (PAID_AT_ONCE, {"email": "eva@example.com"}, "completed"),
    ],
)
def test_a_forgotten_contact_is_held_again_as_it_was(text: str, known: dict[str, str], status: str) -> None:
    workspace = ada_hands_in(text, known)
    assert Referral.objects.get(workspace=workspace).status == status
    forget(workspace)
    assert again(workspace, text).unchanged


def test_what_staff_let_through_after_it_was_forgotten_is_paid_again() -> None:
    workspace = ada_hands_in(LOOKED_AT, ADA_S)
    forget(workspace)
    waiting = Reward.objects.get(workspace=workspace, state="in_review")
    approve_reward(workspace=workspace, reward=waiting.id, actor=Actor("console", by="Chloé"), now=START)
    assert Balance.objects.filter(workspace=workspace, unit="EUR", balance=2000).exists()
    assert again(workspace, LOOKED_AT).unchanged


def test_a_draft_that_minds_less_would_have_paid() -> None:
    workspace = ada_hands_in(PAID_AT_ONCE, ADA_S)
    forget(workspace)
    assert again(workspace, PAID_AT_ONCE.replace("block", "allow")).counts["gained"] == 1


@pytest.mark.parametrize("came_first", [True, False])
def test_the_advocate_is_found_whoever_they_became(came_first: bool) -> None:
    chloe = event("c-1", "visit", "Chloé")
    workspace = ada_hands_in(PAID_AT_ONCE, ADA_S, *([chloe] if came_first else []))
    decide(workspace, [] if came_first else [chloe])
    merge_members(workspace=workspace, member="Chloé", other="Ada", actor=Actor("crm"), now=START + timedelta(days=2))
    forget(workspace)
    assert again(workspace, PAID_AT_ONCE).unchanged
