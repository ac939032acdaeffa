"""Forms that are sent at the same moment, or while deciding is paused, and name the same new address."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from sayso.core.engine.events import LEAD, SIGNUP
from sayso.domains.decisions.pausing import IN_A_ROW
from sayso.domains.decisions.set_aside import replay_set_aside
from sayso.domains.decisions.store import DatabaseStore
from sayso.domains.decisions.verify import verify
from sayso.domains.events.act import Actor, Undecided
from sayso.domains.events.identities import recognise
from sayso.domains.events.models import Event
from sayso.domains.ledger.models import Balance
from sayso.domains.people.models import Identity, Member
from sayso.domains.people.update import merge_members
from sayso.domains.referrals.hand_in import Contact, KnownContact, hand_in
from sayso.domains.referrals.models import Referral
from sayso.domains.referrals.opened import NothingOpened
from sayso.domains.referrals.sign_up import AlreadyHere, SignedUp, SignUp, sign_up
from sayso.domains.sharing.invite import Guest, Invitee, invite
from sayso.domains.sharing.models import Invitation
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, START, ada_recommends_ben, decide, event, open_bluebell
from tests.faults.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 8
# As different people may write the same mailbox.
ADDRESSES = ("chloe.d@gmail.com", "ChloeD@gmail.com", "chloed+news@googlemail.com")


@pytest.fixture
def bluebell(transactional_db: None) -> Workspace:
    workspace = open_bluebell(FRIENDS)
    decide(workspace, ada_recommends_ben())
    return workspace


def enter(workspace: Workspace, form: int, address: str = ADDRESSES[0]) -> SignedUp:
    said = SignUp("friends", {"name": f"Chloé {form}", "email": address}, "en", 1, code="ada-10")
    return sign_up(workspace=workspace, said=said, actor=Actor("landing", once=f"form-{form}"), now=START)


def hand_over(workspace: Workspace, form: int, address: str) -> list[Referral]:
    contact = Contact("ada-10", {"name": f"Chloé {form}", "email": address}, {"language": "en"})
    return hand_in(workspace=workspace, contact=contact, actor=Actor("landing", once=f"form-{form}"), now=START)


def pause(workspace: Workspace) -> None:
    """Have the engine look as if it had failed on many."""
    Workspace.objects.filter(pk=workspace.pk).update(failing=" ".join(f"{number:x}" for number in range(IN_A_ROW)))


def count(workspace: Workspace, kind: str) -> int:
    return Event.objects.filter(workspace=workspace, type=kind, source="landing").count()


def newcomers(workspace: Workspace) -> int:
    return Member.objects.filter(workspace=workspace, ref__startswith="web-").count()


def test_one_address_is_one_sign_up_however_many_forms_name_it_at_once(bluebell: Workspace) -> None:
    came, turned_away = list[SignedUp](), list[int]()

    def send(number: int) -> None:
        try:
            came.append(enter(bluebell, number, ADDRESSES[number % len(ADDRESSES)]))
        except AlreadyHere:
            turned_away.append(number)

    race(send, racers=RACERS)
    assert (len(came), len(turned_away)) == (1, RACERS - 1)
    assert (count(bluebell, SIGNUP), newcomers(bluebell)) == (1, 1)
    [first] = set(range(RACERS)) - set(turned_away)
    assert enter(bluebell, first, ADDRESSES[first % len(ADDRESSES)]).is_repeat
    assert Identity.objects.get(workspace=bluebell, kind="mailbox", value="chloed@gmail.com").member == came[0].member
    assert verify(bluebell) == []


def test_one_address_is_one_contact_however_many_hand_it_in_at_once(bluebell: Workspace) -> None:
    opened = list[Referral]()

    def send(number: int) -> None:
        with suppress(KnownContact, NothingOpened):
            opened.extend(hand_over(bluebell, number, ADDRESSES[number % len(ADDRESSES)]))

    race(send, racers=RACERS)
    assert (len(opened), count(bluebell, LEAD), newcomers(bluebell)) == (1, 1, 1)
    assert verify(bluebell) == []


@pytest.mark.inside
def test_a_database_that_breaks_off_on_the_way_is_asked_again(
    bluebell: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = DatabaseStore.write

    def lose(store: DatabaseStore, batch: Any) -> None:
        if batch.decided[-1].event.type == SIGNUP:
            monkeypatch.undo()
            raise OperationalError("the server closed the connection unexpectedly")
        write(store, batch)

    monkeypatch.setattr(DatabaseStore, "write", lose)
    assert enter(bluebell, 1).referral is not None
    assert DatabaseStore.write is write
    assert (count(bluebell, SIGNUP), newcomers(bluebell)) == (1, 1)
    assert verify(bluebell) == []


def test_a_contact_whom_the_rules_refuse_was_handed_in_all_the_same(bluebell: Workspace) -> None:
    decide(bluebell, [event("a-9", "member_banned", "Ada", after=timedelta(days=1), props={"reason": "spam"})])
    with pytest.raises(NothingOpened):
        hand_over(bluebell, 1, "chloe@example.com")
    assert count(bluebell, LEAD) == 1
    with pytest.raises(KnownContact):
        hand_over(bluebell, 2, "chloe@example.com")


def test_who_signs_up_while_deciding_is_paused_is_in_when_it_goes_on(bluebell: Workspace) -> None:
    pause(bluebell)
    with pytest.raises(Undecided):
        enter(bluebell, 1)
    assert count(bluebell, SIGNUP) == 1
    replay_set_aside(workspace=bluebell, now=START)
    found = enter(bluebell, 1)
    assert found.is_repeat
    assert found.referral is not None


def test_two_forms_of_one_address_are_one_sign_up_while_deciding_is_paused(bluebell: Workspace) -> None:
    pause(bluebell)
    for form, address in enumerate((*ADDRESSES, "eva@example.com")):
        with pytest.raises(Undecided):
            enter(bluebell, form, address)
    assert count(bluebell, SIGNUP) == 2
    replay_set_aside(workspace=bluebell, now=START)
    assert newcomers(bluebell) == 2
    with pytest.raises(AlreadyHere):
        enter(bluebell, 9, ADDRESSES[1])


HELLO = FRIENDS.replace("    shopping:", "    hello: {on: signup, give: 100}\n    shopping:")


def open_with_chloe(**by: str) -> Workspace:
    """A sign-up earns something, and the company's own system says by what Chloé is known."""
    workspace = open_bluebell(HELLO)
    decide(workspace, ada_recommends_ben())
    know_chloe(workspace, **by)
    return workspace


def know_chloe(workspace: Workspace, **by: str) -> None:
    identities = tuple(recognise(by).identities)
    decide(workspace, [event("-".join(by.values()), "member_updated", "Chloé", identities=identities)])


def told_to_wait(workspace: Workspace, *forms: dict[str, str]) -> None:
    for number, known in enumerate(forms):
        said = SignUp("friends", known, "en", 1, code="ada-10")
        with pytest.raises(Undecided):
            sign_up(workspace=workspace, said=said, actor=Actor("landing", once=f"form-{number}"), now=START)


def earned(workspace: Workspace) -> int:
    """What Chloé has once what waited was decided."""
    replay_set_aside(workspace=workspace, now=START)
    chloe = Member.objects.get(workspace=workspace, ref="Chloé").id
    return Balance.objects.get(workspace=workspace, owner=chloe, unit="stars").balance


def test_forms_of_a_known_address_earn_once_while_deciding_is_paused(transactional_db: None) -> None:
    workspace = open_with_chloe(email=ADDRESSES[0])
    pause(workspace)
    told_to_wait(workspace, *({"email": address} for address in ADDRESSES))
    assert count(workspace, SIGNUP) == 1
    assert earned(workspace) == 100
    with pytest.raises(AlreadyHere):
        enter(workspace, 9)


def test_forms_of_whoever_is_known_by_several_addresses_earn_once_while_deciding_is_paused(
    transactional_db: None,
) -> None:
    workspace = open_with_chloe(email="chloe@example.com", phone="+34600000001")
    know_chloe(workspace, email="chloe@office.example")
    pause(workspace)
    told_to_wait(
        workspace, {"email": "chloe@example.com"}, {"email": "chloe@office.example"}, {"phone": "+34600000001"}
    )
    assert count(workspace, SIGNUP) == 1
    assert earned(workspace) == 100


def test_who_signed_up_under_a_name_that_was_merged_earns_once_while_deciding_is_paused(
    transactional_db: None,
) -> None:
    workspace = open_with_chloe(email="chloe@example.com")
    decide(workspace, [event("c-8", "visit", "card-7")])
    merge_members(workspace=workspace, member="Chloé", other="card-7", actor=Actor("crm"), now=START)
    pause(workspace)
    decide(workspace, [event("c-9", SIGNUP, "card-7")])
    told_to_wait(workspace, {"email": "chloe@example.com"})
    assert count(workspace, SIGNUP) == 0
    assert earned(workspace) == 100


def test_a_contact_that_waits_to_be_decided_is_handed_in_once(bluebell: Workspace) -> None:
    pause(bluebell)
    for form, address in enumerate(ADDRESSES):
        with pytest.raises(Undecided):
            hand_over(bluebell, form, address)
    assert count(bluebell, LEAD) == 1


def test_an_invitation_that_waits_to_be_decided_is_kept(bluebell: Workspace) -> None:
    pause(bluebell)
    with pytest.raises(Undecided):
        invite(
            workspace=bluebell,
            invitation=Invitee("Ada", Guest(email="chloe@example.com")),
            actor=Actor("page"),
            now=START,
        )
    replay_set_aside(workspace=bluebell, now=START)
    assert Invitation.objects.filter(workspace=bluebell).count() == 1
