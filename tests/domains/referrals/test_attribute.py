"""Referrals that staff open, and what keeps them from it."""

from datetime import timedelta

import pytest

from sayso.domains.decisions.verify import verify
from sayso.domains.events.act import Actor
from sayso.domains.events.models import Event
from sayso.domains.people.queries import NoSuchMember
from sayso.domains.referrals.attribute import Attribution, attribute_referral
from sayso.domains.referrals.models import Referral
from sayso.domains.referrals.opened import NothingOpened
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, START, decide, event, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)

STAFF = Actor("staff", "Eva")


@pytest.fixture
def bluebell() -> Workspace:
    """Ada and Ben are customers, and nobody said that they know each other."""
    workspace = open_bluebell(FRIENDS)
    bought = event("b-2", "purchase", "Ben", after=timedelta(hours=2), amount_minor=2500)
    decide(workspace, [event("a-1", "signup", "Ada"), event("b-1", "signup", "Ben"), bought])
    return workspace


def attribute(workspace: Workspace, advocate: str = "Ada", friend: str = "Ben", event: int = 0) -> list[Referral]:
    """Let Eva say so."""
    said = Attribution(advocate, friend, "Ben named her on the phone", event=event)
    return attribute_referral(workspace=workspace, attribution=said, actor=STAFF, now=START)


def test_the_event_that_made_it_takes_its_step(bluebell: Workspace) -> None:
    bought = Event.objects.get(external_id="b-2")
    (opened,) = attribute(bluebell, event=bought.position)
    assert opened.status == "completed"
    stored = Event.objects.get(type="referral_attributed")
    assert (stored.source, stored.refers_to_position) == ("till", bought.position)
    assert verify(bluebell) == []


def test_a_refusal_says_which_rule(bluebell: Workspace) -> None:
    with pytest.raises(NothingOpened, match="came with a code of their own"):
        attribute(bluebell, friend="Ada")
    with pytest.raises(NoSuchMember):
        attribute(bluebell, advocate="Nobody")
    attribute(bluebell)
    with pytest.raises(NothingOpened, match="recommended in this program before"):
        attribute(bluebell)
