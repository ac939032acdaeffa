"""Who was merged, and merged again, is found as whom they have become, wherever somebody looks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sayso.domains.outreach.models import Mail, MailKind
from sayso.domains.outreach.recipient import recipient_of
from sayso.domains.people.consents import PROP, SHARED, consenting, consents_of
from sayso.domains.people.contact import Contact, contacts_of
from sayso.domains.people.models import Member
from sayso.domains.people.names import first_names
from sayso.domains.people.queries import MEMBER, NoSuchMember, member_called, member_named, member_now
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, decide, event, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("web-ben", "ben", "benjamin")


@pytest.fixture
def bluebell() -> Workspace:
    workspace = open_bluebell(FRIENDS)
    mail = (("email", "ben@example.com"),)
    decide(workspace, [event(f"s-{name}", "signup", name) for name in NAMES])
    decide(workspace, [event("m-1", "member_merged", "ben", props={"other": "web-ben"})])
    decide(workspace, [event("m-2", "member_merged", "benjamin", props={"other": "ben"})])
    decide(workspace, [event("e-1", "member_updated", "benjamin", props={"email": mail[0][1]}, identities=mail)])
    return workspace


def test_who_was_merged_twice_is_found(bluebell: Workspace) -> None:
    first = Member.objects.filter(workspace=bluebell).order_by("id")[0]
    last = member_named(bluebell, "benjamin")
    assert first.merged_into not in (0, last.id)
    assert member_now(bluebell, first.id) == last
    assert member_called(bluebell, public_id(MEMBER, first.id)) == last
    waiting = Mail(workspace=bluebell, number=1, kind=MailKind.WELCOME, cause=1, member=first.id)
    assert recipient_of(waiting).address == "ben@example.com"
    with pytest.raises(NoSuchMember):
        member_now(bluebell, 999)


def test_who_was_merged_in_leaves_their_language_their_name_and_their_consents() -> None:
    workspace = open_bluebell(FRIENDS)
    said = {"name": "Ben Bakker", PROP: {SHARED: {"given": True, "version": 1, "language": "nl"}}}
    decide(workspace, [event("u-1", "member_updated", "web-ben", props={"language": "nl", "country": "NL"})])
    decide(workspace, [event("s-1", "signup", "web-ben", props=said), event("u-2", "member_updated", "ben")])
    decide(workspace, [event("m-1", "member_merged", "ben", props={"other": "web-ben"})])
    ben = member_named(workspace, "ben")
    assert (ben.language, ben.country) == ("nl", "NL")
    assert first_names(workspace, [ben.id]) == {ben.id: "Ben"}
    assert consents_of(workspace, ben.id)[SHARED].given
    assert consenting(workspace, [ben.id], SHARED) == {ben.id}


def test_who_was_merged_in_leaves_what_was_said_of_them() -> None:
    workspace = open_bluebell(FRIENDS)
    said = {"name": "Ben Bakker", "company": "Harbour", "message": "A machine"}
    decide(workspace, [event("l-1", "lead", "web-ben", props=said), event("u-1", "member_updated", "ben")])
    decide(workspace, [event("m-1", "member_merged", "ben", props={"other": "web-ben"})])
    ben = member_named(workspace, "ben").id
    assert contacts_of(workspace, [ben]) == {ben: Contact(**said)}


def test_the_last_word_counts_whichever_of_the_two_said_it() -> None:
    workspace = open_bluebell(FRIENDS)
    no, yes = ({PROP: {SHARED: {"given": given, "version": 1, "language": "en"}}} for given in (False, True))
    decide(workspace, [event("c-1", "member_updated", "ben", after=timedelta(hours=1), props=no)])
    decide(workspace, [event("c-2", "member_updated", "web-ben", props=yes)])
    decide(workspace, [event("m-1", "member_merged", "ben", after=timedelta(hours=2), props={"other": "web-ben"})])
    both = list(Member.objects.filter(workspace=workspace).values_list("id", flat=True))
    ben = member_named(workspace, "ben").id
    assert consenting(workspace, both, SHARED) == set()
    assert not consents_of(workspace, ben)[SHARED].given
    decide(workspace, [event("c-3", "member_updated", "ben", after=timedelta(hours=3), props=yes)])
    assert consenting(workspace, both, SHARED) == {ben}
