"""Signing up on a page that anybody can open: once, with a recommendation, and without touching who is known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sayso.core.engine.events import SIGNUP
from sayso.domains.decisions.verify import verify
from sayso.domains.events.act import Actor, NotSayable
from sayso.domains.events.identities import recognise
from sayso.domains.events.models import Event
from sayso.domains.people.consents import NEWS, SHARED, ConsentAnswer, as_prop, consents_of
from sayso.domains.people.contact import Contact, contacts_of
from sayso.domains.people.models import Identity, Member
from sayso.domains.people.names import first_names
from sayso.domains.people.queries import member_named, member_numbered
from sayso.domains.referrals.models import Referral
from sayso.domains.referrals.sign_up import AlreadyHere, OwnRecommendation, SignedUp, SignUp, sign_up
from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, START, ada_recommends_ben, decide, event, open_bluebell

NEW_ONLY = FRIENDS.replace("program: friends", "program: friends\npeople: {friends: friend.is_new}")


@pytest.fixture
def bluebell(transactional_db: None) -> Workspace:
    workspace = open_bluebell(NEW_ONLY)
    decide(workspace, ada_recommends_ben())
    decide(workspace, [event("a-3", "member_updated", "Ada", **mailbox("ada.l@gmail.com"))])
    return workspace


def mailbox(address: str) -> dict[str, Any]:
    props = {"email": address}
    return {"props": props, "identities": tuple(recognise(props).identities)}


def enter(bluebell: Workspace, once: str = "form-1", **fields: Any) -> SignedUp:
    known = {"name": "Chloé", "email": "chloe@example.com", **fields.pop("known", {})}
    said = SignUp("friends", known, "en", 1, **{"code": "ada-10", **fields})
    return sign_up(workspace=bluebell, said=said, actor=Actor("landing", once=once), now=START)


def test_a_friend_signs_up_once_however_often_the_form_is_sent(bluebell: Workspace) -> None:
    first = enter(bluebell, consents={NEWS: ConsentAnswer(True, 1, "en")})
    again = enter(bluebell, consents={NEWS: ConsentAnswer(True, 1, "en")})
    assert first.referral is not None
    assert (first.position, first.member, first.refusal) == (again.position, again.member, "")
    assert again.is_repeat
    chloe = member_numbered(bluebell, first.member)
    assert chloe.ref.startswith("web-")
    assert (chloe.language, chloe.attributes) == ("en", {"name": "Chloé"})
    assert consents_of(bluebell, chloe.id)[NEWS].given
    assert Event.objects.filter(workspace=bluebell, type=SIGNUP, member=chloe.id).count() == 1
    stored = Event.objects.get(workspace=bluebell, position=first.position)
    assert stored.props["shown_version"] == {"friends": 1}


def test_who_signed_up_before_is_told_so_whatever_dots_and_signs_the_address_has(bluebell: Workspace) -> None:
    enter(bluebell, known={"email": "chloe.d@gmail.com"})
    with pytest.raises(AlreadyHere):
        enter(bluebell, "form-2", known={"email": "chloed+news@googlemail.com"})
    assert Event.objects.filter(workspace=bluebell, type=SIGNUP).count() == 3


@pytest.mark.parametrize("email", ["ada.l@gmail.com", "a.d.a.l@gmail.com", "adal+friend@googlemail.com"])
def test_nobody_recommends_to_themselves(bluebell: Workspace, email: str) -> None:
    with pytest.raises(OwnRecommendation):
        enter(bluebell, known={"email": email})
    touch = {"code": "ada-10", "at": START.isoformat(), "source": "token"}
    with pytest.raises(OwnRecommendation):
        enter(bluebell, "form-2", known={"email": email}, code="", touches=[touch])


def test_who_types_a_known_address_speaks_for_nobody(bluebell: Workspace) -> None:
    allowed = {NEWS: ConsentAnswer(True, 3, "es"), SHARED: ConsentAnswer(False, 3, "es")}
    bought = event("d-1", "purchase", "dario-7", amount_minor=900, **mailbox("dario@example.com"))
    said = event("d-2", "member_updated", "dario-7", props={"consents": as_prop(allowed)})
    decide(bluebell, [bought, said])
    stranger = {"name": "Mallory", "email": "dario@example.com"}
    found = enter(
        bluebell, known=stranger, consents={NEWS: ConsentAnswer(False, 1, "en"), SHARED: ConsentAnswer(True, 1, "en")}
    )
    kept = consents_of(bluebell, found.member)
    assert {each.purpose: (each.given, each.version) for each in kept.values()} == {NEWS: (True, 3), SHARED: (False, 3)}
    assert first_names(bluebell, [found.member]) == {}


def test_what_a_stranger_says_of_themselves_is_not_shown_as_the_customer_s(bluebell: Workspace) -> None:
    decide(bluebell, [event("e-1", "member_updated", "eva-3", **mailbox("eva@example.com"))])
    typed = {"email": "eva@example.com", "phone": "+34600000001", "company": "Mallory Ltd", "message": "Call me"}
    eva = enter(bluebell, known=typed).member
    assert contacts_of(bluebell, [eva]) == {eva: Contact(email="eva@example.com")}
    assert "Mallory" not in repr(Event.objects.get(workspace=bluebell, member=eva, type=SIGNUP).props)
    # As it was stored before the form dropped it.
    old = {"email": "eva@example.com", "company": "Mallory Ltd", "known_address": True}
    decide(bluebell, [event("s-1", SIGNUP, "eva-3", props=old)])
    assert contacts_of(bluebell, [eva]) == {eva: Contact(email="eva@example.com")}


def test_a_customer_who_never_signed_up_is_judged_by_their_history(bluebell: Workspace) -> None:
    bought = event("d-1", "purchase", "dario-7", amount_minor=900, **mailbox("dario@example.com"))
    decide(bluebell, [bought])
    known = {"email": "dario@example.com", "phone": "+34600000001"}
    found = enter(bluebell, known=known)
    assert (found.referral, found.refusal, found.was_known) == (None, "not_new", True)
    assert member_numbered(bluebell, found.member).ref == "dario-7"
    assert not Identity.objects.filter(workspace=bluebell, kind="phone").exists()
    assert not Reward.objects.filter(workspace=bluebell, beneficiary=found.member).exists()
    assert enter(bluebell, known=known).is_repeat


def test_a_person_looks_first_where_a_stranger_may_have_typed_the_address_of_whom_we_know(bluebell: Workspace) -> None:
    decide(bluebell, [event("e-1", "member_updated", "eva-3", **mailbox("eva@example.com"))])
    found = enter(bluebell, known={"email": "Eva@example.com"})
    assert found.was_known
    assert found.referral is not None
    assert found.member == member_named(bluebell, "eva-3").id
    assert found.referral.status == "in_review"
    decide(bluebell, [event("e-2", "purchase", "eva-3", after=timedelta(days=1), amount_minor=3000)])
    given = Reward.objects.filter(workspace=bluebell, referral=found.referral.id)
    assert {each.state for each in given} == {"in_review"}
    assert enter(bluebell, known={"email": "Eva@example.com"}).is_repeat


def test_who_was_only_typed_may_still_come_themselves_and_be_brought_by_somebody_else(bluebell: Workspace) -> None:
    decide(bluebell, [event("e-1", "member_updated", "eva-3", **mailbox("eva@example.com"))])
    enter(bluebell, known={"email": "eva@example.com"})
    with pytest.raises(AlreadyHere):
        enter(bluebell, "form-2", known={"email": "eva@example.com"})
    later = timedelta(days=1)
    decide(
        bluebell,
        [
            event("c-1", "member_updated", "Chloé", after=later, props={"code": "chloe-7"}),
            event("e-2", "signup", "eva-3", after=2 * later, referral_code="chloe-7"),
        ],
    )
    eva, chloe = member_named(bluebell, "eva-3").id, member_named(bluebell, "Chloé").id
    found = Referral.objects.filter(workspace=bluebell, friend=eva).order_by("id")
    assert [(row.advocate == chloe, row.status) for row in found] == [(False, "rejected"), (True, "open")]
    given = Reward.objects.filter(workspace=bluebell, beneficiary=eva).order_by("id")
    assert [(each.referral, each.state) for each in given] == [(found[0].id, "denied"), (found[1].id, "approved")]
    assert verify(bluebell) == []


def test_the_forms_of_one_known_address_earn_once(transactional_db: None) -> None:
    hello = "    hello: {on: signup, give: 100}"
    shopping = "shopping: {on: purchase, give: 1 per 1 EUR}"
    workspace = open_bluebell(FRIENDS.replace(shopping, f"{shopping}\n{hello}"))
    decide(workspace, ada_recommends_ben())
    decide(workspace, [event("e-1", "member_updated", "eva-3", **mailbox("eva@example.com"))])
    eva = enter(workspace, known={"email": "eva@example.com"}).member
    for number in range(2, 5):
        with pytest.raises(AlreadyHere):
            enter(workspace, f"form-{number}", known={"email": "eva@example.com"})
    assert enter(workspace, known={"email": "eva@example.com"}).is_repeat
    assert Event.objects.filter(workspace=workspace, member=eva, type=SIGNUP).count() == 1
    # What the company vouches for comes through.
    decide(workspace, [event("e-2", SIGNUP, "eva-3", after=timedelta(days=1))])
    assert Event.objects.filter(workspace=workspace, member=eva, type=SIGNUP).count() == 2


@pytest.mark.parametrize(("handling", "status"), [("allow", "open"), ("block", None)])
def test_the_program_says_what_an_address_that_is_known_is_worth(
    transactional_db: None, handling: str, status: str | None
) -> None:
    workspace = open_bluebell(f"{NEW_ONLY}\nguard: {{known_address: {handling}}}")
    decide(workspace, ada_recommends_ben())
    decide(workspace, [event("e-1", "member_updated", "eva-3", **mailbox("eva@example.com"))])
    found = enter(workspace, known={"email": "eva@example.com"})
    assert (found.referral and found.referral.status) == status


def test_without_a_recommendation_nothing_opens_and_with_a_wrong_address_nothing_is_stored(bluebell: Workspace) -> None:
    assert enter(bluebell, code="nobody").refusal == "not_eligible"
    with pytest.raises(NotSayable):
        enter(bluebell, "form-2", known={"email": "no address"})
    assert not Member.objects.filter(workspace=bluebell, ref__startswith="web-", attributes={"name": "x"}).exists()
