"""Inviting somebody by their address or number: who comes with it is recognised, and nobody can read who it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sayso.core.engine.events import INVITED, SPAN
from sayso.domains.decisions.clock import move_clock
from sayso.domains.decisions.history import recorded_history
from sayso.domains.decisions.verify import verify
from sayso.domains.events.act import Actor, NotSayable
from sayso.domains.events.models import Event
from sayso.domains.events.receive import receive
from sayso.domains.people.queries import member_named
from sayso.domains.people.update import ban_member, erase_member
from sayso.domains.programs.queries import NoSuchProgram
from sayso.domains.referrals.models import Referral
from sayso.domains.sharing.clean import forget_invitations
from sayso.domains.sharing.contacts import contact_of, salt_of
from sayso.domains.sharing.invite import MOST_A_DAY, Guest, Invitee, TooManyInvitations, invite
from sayso.domains.sharing.links import MayNotShare, NoSuchChannel
from sayso.domains.sharing.models import Invitation, Salt
from sayso.domains.sharing.queries import invitations_of
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, START, decide, event, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)
TILL = Actor("till")
BEN = "ben.miller+news@gmail.com"
LATER = timedelta(hours=3)


@pytest.fixture
def bluebell() -> Workspace:
    """A workspace in which Ada may invite."""
    workspace = open_bluebell(FRIENDS)
    decide(workspace, [event("a-1", "signup", "Ada")])
    return workspace


def asks(workspace: Workspace, guest: Guest, actor: Actor = TILL, **more: Any) -> Invitation:
    wanted = Invitee(advocate=more.pop("advocate", "Ada"), guest=guest, **more)
    return invite(workspace=workspace, invitation=wanted, actor=actor, now=START)


def comes(workspace: Workspace, name: str = "Ben", **props: str) -> None:
    at = (START + LATER).isoformat()
    sent = {"id": f"s-{name}", "type": "signup", "member": name, "occurred_at": at, "props": props}
    arrival = receive(sent, source="till", latest=None)
    assert not isinstance(arrival, list), arrival
    decide(workspace, [arrival])


@pytest.mark.parametrize(
    ("guest", "props"),
    [
        (Guest(email="Ben.Miller@Gmail.com"), {"email": "benmiller+shop@googlemail.com"}),
        (Guest(email="ben@bluebell.example"), {"email": "BEN@bluebell.example"}),
        (Guest(phone="+34 600 000 000"), {"phone": "600 000 000", "country": "ES"}),
    ],
)
def test_who_signs_up_as_invited_is_the_friend_of_who_invited(
    bluebell: Workspace, guest: Guest, props: dict[str, str]
) -> None:
    sent = asks(bluebell, guest, channel="whatsapp", program="friends")
    comes(bluebell, **props)
    referral = Referral.objects.get(workspace=bluebell)
    assert referral.advocate == member_named(bluebell, "Ada").id
    assert referral.touched_at == sent.invited_at
    [mine] = invitations_of(bluebell, [referral.advocate])
    assert (mine.friend, mine.channel) == (referral.friend, "whatsapp")


def test_a_host_that_hashes_by_itself_comes_to_the_same(bluebell: Workspace) -> None:
    asks(bluebell, Guest(contact=contact_of(salt_of(bluebell), "ben@bluebell.example")))
    comes(bluebell, email="ben@bluebell.example")
    assert Referral.objects.get(workspace=bluebell).status == "open"


def test_nobody_else_is_taken_for_the_guest(bluebell: Workspace) -> None:
    asks(bluebell, Guest(email=BEN))
    comes(bluebell, "Chloé", email="chloe@gmail.com")
    comes(bluebell, "Dario")
    assert not Referral.objects.exists()


def test_the_address_stands_nowhere_and_hashes_differ_between_workspaces(bluebell: Workspace) -> None:
    other = open_bluebell(FRIENDS, name="other")
    decide(other, [event("a-1", "signup", "Ada")])
    here, there = asks(bluebell, Guest(email=BEN)), asks(other, Guest(email=BEN))
    assert here.contact != there.contact
    stored = Event.objects.get(workspace=bluebell, type=INVITED)
    assert "ben" not in str(vars(stored)).casefold()
    assert "ben" not in str(vars(here)).casefold()
    assert len(set(map(bytes, Salt.objects.values_list("salt", flat=True)))) == 2


def test_the_answer_never_tells_whether_somebody_is_known(bluebell: Workspace) -> None:
    comes(bluebell, "Chloé", email="chloe@bluebell.example")
    known, unknown = (asks(bluebell, Guest(email=f"{name}@bluebell.example")) for name in ("chloe", "nobody"))
    assert (known.friend, known.channel, known.program) == (unknown.friend, unknown.channel, unknown.program)


def test_one_key_invites_once(bluebell: Workspace) -> None:
    once = Actor("till", once="tap-1")
    assert asks(bluebell, Guest(email=BEN), once).id == asks(bluebell, Guest(email=BEN), once).id
    assert Invitation.objects.count() == 1


def test_a_member_invites_so_many_a_day_and_no_more(bluebell: Workspace) -> None:
    decide(bluebell, [event("c-1", "signup", "Chloé")])
    for number in range(MOST_A_DAY):
        asks(bluebell, Guest(email=f"friend-{number}@bluebell.example"))
    with pytest.raises(TooManyInvitations):
        asks(bluebell, Guest(email=BEN))
    asks(bluebell, Guest(email=BEN), advocate="Chloé")
    bluebell.refresh_from_db()
    bluebell.clock = START + timedelta(days=1, minutes=1)
    bluebell.save()
    asks(bluebell, Guest(email=BEN))


@pytest.mark.parametrize(
    "guest",
    [
        Guest(), Guest(email="ben"), Guest(phone="12"), Guest(contact="x" * 64), Guest(contact="AB" * 32),
        Guest(email=BEN, phone="+34 600 000 000"),
    ],
)  # fmt: skip
def test_a_guest_is_named_in_one_usable_way(bluebell: Workspace, guest: Guest) -> None:
    with pytest.raises(NotSayable):
        asks(bluebell, guest)
    assert not Event.objects.filter(type=INVITED).exists()


def test_what_cannot_be_says_so(bluebell: Workspace) -> None:
    with pytest.raises(NoSuchChannel):
        asks(bluebell, Guest(email=BEN), channel="pigeon")
    with pytest.raises(NoSuchProgram):
        asks(bluebell, Guest(email=BEN), program="enemies")
    ban_member(workspace=bluebell, member="Ada", actor=TILL, now=START)
    with pytest.raises(MayNotShare):
        asks(bluebell, Guest(email=BEN))


@pytest.mark.parametrize("props", [{}, {"contact": "ben"}, {"contact": "a" * 64, "email": BEN}, {"contact": 5}])
def test_an_event_of_an_invitation_names_the_guest_by_hash_only(props: dict[str, Any]) -> None:
    sent = {"id": "i-1", "type": INVITED, "member": "Ada", "occurred_at": START.isoformat(), "props": props}
    assert isinstance(receive(sent, source="till", latest=None), list)


def test_nothing_is_left_of_an_invitation_when_either_side_is_erased(bluebell: Workspace) -> None:
    asks(bluebell, Guest(email=BEN))
    asks(bluebell, Guest(email="chloe@bluebell.example"))
    comes(bluebell, email=BEN)
    erase_member(workspace=bluebell, member="Ben", actor=TILL, now=START)
    [left] = Invitation.objects.all()
    kept = Event.objects.filter(type=INVITED).order_by("position")
    assert [each.props for each in kept if each.position != left.id // SPAN] == [{}]
    comes(bluebell, "Ben again", email=BEN)
    assert Referral.objects.count() == 1
    erase_member(workspace=bluebell, member="Ada", actor=TILL, now=START)
    assert not Invitation.objects.exists()
    assert not any(each.props for each in Event.objects.filter(type=INVITED))


def test_erasure_takes_the_invitation_of_who_was_a_member_already(bluebell: Workspace) -> None:
    comes(bluebell, email=BEN)
    asks(bluebell, Guest(email="benmiller@gmail.com"))
    erase_member(workspace=bluebell, member="Ben", actor=TILL, now=START)
    assert not Invitation.objects.exists()
    assert not any(each.props for each in Event.objects.filter(type=INVITED))


def test_who_never_came_is_forgotten_when_the_window_is_long_over(bluebell: Workspace) -> None:
    for name in ("dario", "eva"):
        asks(bluebell, Guest(email=f"{name}@bluebell.example"))
    comes(bluebell, "Eva", email="eva@bluebell.example")
    vain = Invitation.objects.get(friend=0)
    for days, left in ((89, 2), (92, 1)):
        move_clock(workspace=bluebell, to=START + timedelta(days=days), now=START)
        forget_invitations(START)
        assert Invitation.objects.count() == left
    assert Event.objects.get(position=vain.id // SPAN).props == {}
    assert verify(bluebell) == []
    assert Referral.objects.count() == 1


def test_an_invitation_that_is_left_of_somebody_erased_is_named(bluebell: Workspace) -> None:
    asks(bluebell, Guest(email=BEN))
    [kept] = Invitation.objects.values()
    advocate = kept["advocate"]
    erase_member(workspace=bluebell, member="Ada", actor=TILL, now=START)
    assert verify(bluebell) == []
    Invitation.objects.create(**kept)
    assert [str(each) for each in verify(bluebell)] == [
        f"promise 10: invitation {kept['id']}: it is left of a member who was erased, {advocate}"
    ]


def test_the_log_replays_with_the_same_hashes(bluebell: Workspace) -> None:
    asks(bluebell, Guest(email=BEN))
    comes(bluebell, email=BEN)
    contact = Invitation.objects.get().contact
    signups = [each.event for each in recorded_history(bluebell) if each.event.ref == "Ben"]
    assert ("contact", contact) in signups[0].identities
