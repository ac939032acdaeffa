"""Somebody who was handed in hears from us once, knows who gets what for it, and is forgotten."""

from datetime import datetime, timedelta

import pytest

from sayso.domains.events.act import Actor
from sayso.domains.events.models import Event
from sayso.domains.outreach.leads import forget_contacts
from sayso.domains.outreach.models import Mail
from sayso.domains.outreach.switches import MailNotSendable, set_mail
from sayso.domains.people.models import Identity
from sayso.domains.people.queries import member_named
from sayso.domains.referrals.lead import Lead, take_lead
from sayso.domains.referrals.opened import NothingOpened
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, START, decide, event
from tests.domains.outreach.mailing import ada_and_ben, hand_over, open_with, soon, told, turn_on
from tests.domains.outreach.post_office import PostOffice, html_of, signup, text_of

pytestmark = pytest.mark.django_db(transaction=True)
WORDED = f"""{FRIENDS}
messages:
  lead: {{text: "A word from {{{{ company }}}}. {{{{ link }}}}"}}
"""


@pytest.fixture
def bluebell(office: PostOffice) -> Workspace:
    workspace = open_with(FRIENDS)
    turn_on(workspace, "lead", "friend_joined")
    told(workspace, office, *ada_and_ben()[:2])
    return workspace


def hand_in(workspace: Workspace, friend: str, **known: str) -> None:
    """Ada hands somebody in."""
    lead = Lead(friend, "ADA-10", {"email": f"{friend.lower()}@example.com", "country": "ES", **known})
    take_lead(workspace=workspace, lead=lead, actor=Actor("page"), now=START)
    hand_over()


def test_eva_hears_once_from_ada_and_ada_gets_nothing_yet(bluebell: Workspace, office: PostOffice) -> None:
    hand_in(bluebell, "Eva")
    (letter,) = office.empty(soon())
    assert letter["To"] == "eva@example.com"
    assert letter["Subject"] == "Ada recommends Bluebell Coffee to you"
    text = " ".join(text_of(letter).split())
    assert "gets a reward if you become a customer" in text
    assert "the only mail that you get" in text
    assert "https://friends.example/w/bluebell/r/" in text
    assert "List-Unsubscribe" in letter
    with pytest.raises(NothingOpened):
        hand_in(bluebell, "Eva")
    assert office.empty(soon()) == []


def test_it_goes_only_where_it_was_turned_on(bluebell: Workspace, office: PostOffice) -> None:
    hand_in(bluebell, "Eva", country="US")
    hand_in(bluebell, "Dario", country="", phone="+39 02 1234567")
    lead = Lead("Chloé", "ADA-10", {"email": "chloe@example.com"})
    take_lead(workspace=bluebell, lead=lead, actor=Actor("page"), now=START)
    hand_over()
    assert office.empty(soon()) == []
    assert set(Mail.objects.values_list("reason", flat=True)) == {"mails of this kind are turned off"}
    with pytest.raises(MailNotSendable, match="country by country"):
        set_mail(workspace=bluebell, kind="lead", on=True, now=START)


def test_the_disclosure_cannot_be_worded_away(office: PostOffice) -> None:
    workspace = open_with(WORDED)
    turn_on(workspace, "lead")
    told(workspace, office, *ada_and_ben()[:2])
    hand_in(workspace, "Eva")
    (letter,) = office.empty(soon())
    assert "A word from Bluebell Coffee." in text_of(letter)
    for form in (text_of(letter), html_of(letter)):
        assert "gets a reward if you become a customer" in " ".join(form.split())


def test_after_thirty_days_the_address_is_forgotten(bluebell: Workspace, office: PostOffice) -> None:
    hand_in(bluebell, "Eva", name="Eva Blue")
    assert office.empty(soon())
    eva = member_named(bluebell, "Eva").id
    assert not forget_contacts(soon() + timedelta(days=29))
    assert Identity.objects.filter(member=eva, kind="email").exists()
    forget_contacts(later())
    assert not Identity.objects.filter(member=eva, kind__in=("email", "mailbox", "phone")).exists()
    stored = repr([*Event.objects.filter(member=eva).values(), member_named(bluebell, "Eva").attributes])
    assert "eva@" not in stored
    assert "Blue" not in stored
    assert Mail.objects.get(kind="lead").reason == "the address was forgotten"
    hand_in(bluebell, "Eva-again", email="eva@example.com")
    assert office.empty(later()) == []


def test_the_address_of_who_was_never_written_to_is_forgotten_too(bluebell: Workspace, office: PostOffice) -> None:
    hand_in(bluebell, "Eva", country="US")
    assert office.empty(soon()) == []
    forget_contacts(later())
    assert not Identity.objects.filter(member=member_named(bluebell, "Eva").id, kind="email").exists()
    assert Mail.objects.get(kind="lead").reason == "mails of this kind are turned off"


def test_who_came_in_the_meantime_is_known_on(bluebell: Workspace, office: PostOffice) -> None:
    hand_in(bluebell, "Eva")
    office.empty(soon())
    letters = told(bluebell, office, signup("e-1", "Eva", "eva@example.com", after=timedelta(days=1)))
    assert set(letters) == {"ada@example.com"}
    forget_contacts(later())
    assert Identity.objects.filter(member=member_named(bluebell, "Eva").id, kind="email").exists()


def test_who_was_erased_before_hears_nothing(bluebell: Workspace, office: PostOffice) -> None:
    hand_in(bluebell, "Eva")
    decide(bluebell, [event("e-9", "member_erased", "Eva", after=timedelta(days=1))])
    assert office.empty(soon()) == []


def later() -> datetime:
    """When an address that was written to now is forgotten."""
    return soon() + timedelta(days=30)
