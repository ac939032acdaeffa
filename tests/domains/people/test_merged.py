"""Who was merged, and merged again, is found as whom they have become, wherever somebody looks."""

from __future__ import annotations

import pytest

from sayso.domains.outreach.models import Mail, MailKind
from sayso.domains.outreach.recipient import recipient_of
from sayso.domains.people.models import Member
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
