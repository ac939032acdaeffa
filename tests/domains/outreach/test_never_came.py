"""Whom an advocate handed in on the page and who never came is forgotten, whether anybody wrote to them or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sayso.domains.decisions.backtest import backtest_draft
from sayso.domains.decisions.sweep import sweep_all
from sayso.domains.decisions.verify import verify
from sayso.domains.events.act import Actor, Undecided
from sayso.domains.events.identities import recognise
from sayso.domains.events.models import Event, Naming
from sayso.domains.outreach import leads
from sayso.domains.outreach.leads import forget_contacts, forget_who_never_came
from sayso.domains.outreach.models import Mail
from sayso.domains.people.models import Identity, Member
from sayso.domains.people.queries import MEMBER
from sayso.domains.people.update import merge_members
from sayso.domains.referrals.hand_in import SOURCE, Contact, hand_in
from sayso.domains.referrals.lead import Lead, take_lead
from sayso.domains.referrals.opened import NothingOpened
from sayso.domains.referrals.sign_up import SignUp, sign_up
from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, START, ada_recommends_ben, decide, event, open_bluebell
from tests.domains.outreach.mailing import hand_over, open_with, soon, turn_on
from tests.domains.outreach.post_office import PostOffice, signup
from tests.domains.referrals.test_at_once import pause

pytestmark = pytest.mark.django_db(transaction=True)

# The window of FRIENDS is 60 days, and its last step may take as many more.
STILL, OVER = timedelta(days=148), timedelta(days=153)
# After its window, three days and three months may go by before the contact buys.
SLOW = FRIENDS.replace(
    "signed_up: {on: signup}", "signed_up: {on: lead}\n    visited: {on: visit, within: 72h}"
).replace("within: 60d", "within: 3 months")
# Longer than the calendar reaches, should all its steps come as late as they may.
ENDLESS = FRIENDS.replace(
    "    purchased:", "".join(f"    step_{n}: {{on: visit, within: 100 years}}\n" for n in range(90)) + "    purchased:"
)
EARNS = FRIENDS.replace("on: signup", "on: lead").replace(
    "  thanks:", "  heard: {to: advocate, at: signed_up, give: {credit: 1 EUR}}\n  thanks:"
)
SOON_DUE = FRIENDS.replace("within: 60d", "within: 14d").replace("on: signup", "on: lead")


@pytest.fixture
def bluebell() -> Workspace:
    workspace = open_bluebell(FRIENDS)
    decide(workspace, ada_recommends_ben())
    return workspace


def hand_in_eva(workspace: Workspace) -> None:
    known = {"name": "Eva Blue", "email": "eva@example.com", "phone": "+34600000009", "message": "An oat latte"}
    contact = Contact("ada-10", known, {"language": "en"})
    hand_in(workspace=workspace, contact=contact, actor=Actor(SOURCE, once="form-1"), now=START)


def let_pass(workspace: Workspace, time: timedelta) -> None:
    """Have the clock of the workspace show a later time, and the worker do its duty until there is no more of it."""
    decide(workspace, [event(f"clock-{time.days}", "purchase", "Dario", after=time, amount_minor=100)])
    while forget_who_never_came(datetime.now(UTC)):
        pass


def kept(workspace: Workspace) -> bool:
    """Whether anything says who Eva is."""
    stored = [*Event.objects.filter(workspace=workspace).values_list("props", flat=True)]
    stored += Member.objects.filter(workspace=workspace).values_list("attributes", flat=True)
    stored += Identity.objects.filter(workspace=workspace).values_list("value", flat=True)
    return any(word in repr(stored) for word in ("Eva", "eva@", "600000009", "latte"))


def test_whom_nobody_wrote_to_is_forgotten_after_the_longest_referral(
    bluebell: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leads, "PIECE_OF_LOG", 2)
    hand_in_eva(bluebell)
    assert not Mail.objects.exists()
    let_pass(bluebell, STILL)
    assert kept(bluebell)
    let_pass(bluebell, OVER)
    assert not kept(bluebell)
    assert Member.objects.filter(workspace=bluebell, ref__startswith="web-").count() == 1
    assert verify(bluebell) == []
    hand_in_again = Contact("ada-10", {"email": "eva@example.com"}, {})
    hand_in(workspace=bluebell, contact=hand_in_again, actor=Actor(SOURCE, once="form-2"), now=START)


def test_whom_a_step_may_still_pay_is_known_until_it_cannot() -> None:
    workspace = open_bluebell(SLOW)
    decide(workspace, ada_recommends_ben())
    hand_in_eva(workspace)
    let_pass(workspace, timedelta(days=60 + 89 + 3 + 28))
    assert kept(workspace)
    enter = SignUp("friends", {"name": "Eva", "email": "eva@example.com"}, "en", 1, code="ada-10")
    came = sign_up(workspace=workspace, said=enter, actor=Actor("landing", once="form-2"), now=START)
    assert came.member == Member.objects.get(workspace=workspace, ref__startswith="web-").id
    assert came.was_known


def test_whom_the_last_step_cannot_pay_any_more_is_forgotten() -> None:
    workspace = open_bluebell(SLOW)
    decide(workspace, ada_recommends_ben())
    hand_in_eva(workspace)
    let_pass(workspace, timedelta(days=60 + 92 + 3 + 34))
    assert not kept(workspace)


def test_steps_that_take_longer_than_the_calendar_are_never_too_late() -> None:
    workspace = open_bluebell(ENDLESS)
    decide(workspace, ada_recommends_ben())
    hand_in_eva(workspace)
    let_pass(workspace, timedelta(days=4000))
    assert kept(workspace)


def test_who_came_themselves_is_known_on(bluebell: Workspace) -> None:
    hand_in_eva(bluebell)
    eva = Member.objects.get(workspace=bluebell, ref__startswith="web-").ref
    decide(bluebell, [event("e-1", "signup", eva, after=timedelta(days=3))])
    let_pass(bluebell, OVER)
    assert kept(bluebell)


def test_what_somebody_earned_who_named_them_is_decided_alike_once_they_are_forgotten() -> None:
    workspace = open_bluebell(EARNS)
    decide(workspace, ada_recommends_ben())
    hand_in_eva(workspace)
    assert Reward.objects.filter(workspace=workspace, clause="heard").exists()
    let_pass(workspace, timedelta(days=400))
    assert not kept(workspace)
    workspace.refresh_from_db()
    assert backtest_draft(workspace=workspace, text=EARNS, progress=lambda part: None).unchanged
    forgotten = Event.objects.get(workspace=workspace, type="lead")
    assert forgotten.referral_code == "ada-10"
    assert Naming.objects.filter(workspace=workspace, position=forgotten.position).count() == 1


def test_who_was_merged_into_a_customer_came() -> None:
    workspace = open_bluebell(EARNS)
    decide(workspace, ada_recommends_ben())
    hand_in_eva(workspace)
    web = Member.objects.get(workspace=workspace, ref__startswith="web-")
    name = public_id(MEMBER, web.id)
    merge_members(workspace=workspace, member="cust-7", other=name, actor=Actor("crm"), now=START)
    decide(workspace, [event("o-9", "purchase", "cust-7", after=timedelta(days=1), amount_minor=3000)])
    let_pass(workspace, timedelta(days=400))
    assert Event.objects.get(workspace=workspace, type="lead").props["name"] == "Eva Blue"
    workspace.refresh_from_db()
    assert backtest_draft(workspace=workspace, text=EARNS, progress=lambda part: None).unchanged


def test_whom_the_rules_refused_is_forgotten_too(bluebell: Workspace) -> None:
    decide(bluebell, [event("a-9", "member_banned", "Ada", after=timedelta(days=1), props={"reason": "spam"})])
    with pytest.raises(NothingOpened):
        hand_in_eva(bluebell)
    let_pass(bluebell, STILL)
    assert kept(bluebell)
    let_pass(bluebell, OVER)
    assert not kept(bluebell)


def test_who_was_never_decided_is_forgotten_too(bluebell: Workspace) -> None:
    pause(bluebell)
    with pytest.raises(Undecided):
        hand_in_eva(bluebell)
    Workspace.objects.update(failing="")
    let_pass(bluebell, OVER)
    assert not kept(bluebell)


def test_whom_the_company_knows_from_its_own_system_is_the_company_s_to_forget(bluebell: Workspace) -> None:
    lead = Lead("crm-1", "ada-10", {"name": "Eva Blue", "email": "eva@example.com"})
    take_lead(workspace=bluebell, lead=lead, actor=Actor("crm"), now=START)
    let_pass(bluebell, OVER)
    assert kept(bluebell)


def crm_says(workspace: Workspace, kind: str) -> None:
    """The company's own system says something about Eva under the name that the page gave her."""
    eva = Member.objects.get(workspace=workspace, ref__startswith="web-").ref
    props: dict[str, Any] = {"email": "eva@office.example", "attributes": {"stage": "calls back"}}
    identities = tuple(recognise(props).identities)
    decide(workspace, [event("crm-1", kind, eva, after=timedelta(days=50), props=props, identities=identities)])


@pytest.mark.parametrize("kind", ["member_updated", "lead"])
def test_whom_a_system_of_the_company_s_took_over_is_the_company_s_to_forget(bluebell: Workspace, kind: str) -> None:
    hand_in_eva(bluebell)
    crm_says(bluebell, kind)
    let_pass(bluebell, OVER)
    assert kept(bluebell)
    assert Event.objects.get(workspace=bluebell, external_id="crm-1").props["email"] == "eva@office.example"
    known = Identity.objects.filter(workspace=bluebell, kind="email", value__startswith="eva@")
    assert set(known.values_list("value", flat=True)) == {"eva@example.com", "eva@office.example"}


@pytest.mark.parametrize("kind", ["member_updated", "lead"])
def test_who_was_written_to_and_whom_the_company_took_over_is_not_wiped(office: PostOffice, kind: str) -> None:
    workspace = open_with(FRIENDS.replace("on: signup", "on: lead"))
    turn_on(workspace, "lead")
    decide(workspace, [signup("a-1", "Ada", "ada@example.com"), *ada_recommends_ben()[1:2]])
    hand_in_eva(workspace)
    hand_over()
    assert office.empty(soon())
    crm_says(workspace, kind)
    forget_contacts(datetime.now(UTC) + timedelta(days=31))
    assert kept(workspace)
    assert Event.objects.get(workspace=workspace, external_id="crm-1").props["email"] == "eva@office.example"
    assert Mail.objects.get(kind="lead").reason == "they came by themselves, or the company took them over"


def test_a_referral_that_ended_by_itself_is_no_sign_that_they_came(office: PostOffice) -> None:
    workspace = open_with(SOON_DUE)
    turn_on(workspace, "lead")
    decide(workspace, [signup("a-1", "Ada", "ada@example.com"), *ada_recommends_ben()[1:2]])
    hand_in_eva(workspace)
    hand_over()
    later = datetime.now(UTC) + timedelta(days=30)
    let_pass(workspace, timedelta(days=20))
    sweep_all(later)
    assert Event.objects.filter(workspace=workspace, type="timer", member__gt=0).exists()
    forget_contacts(later)
    assert not kept(workspace)
