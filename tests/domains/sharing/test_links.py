"""Share links and the codes behind them: one for each advocate, program and channel."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sayso.core.program.document import CHANNELS
from sayso.domains.decisions.verify import verify
from sayso.domains.events.act import Actor
from sayso.domains.people.queries import NoSuchMember, member_named
from sayso.domains.people.update import ban_member, erase_member, merge_members
from sayso.domains.programs.queries import NoSuchProgram
from sayso.domains.sharing.letters import LETTERS
from sayso.domains.sharing.links import MayNotShare, NoSuchChannel, link_for, links_for, links_of
from sayso.domains.sharing.models import AdvocateName, Code, Link
from sayso.domains.sharing.qr import qr_png, qr_svg
from sayso.domains.sharing.queries import link_of
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, START, decide, event, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)
URL = "https://friends.bluebell.example/r/kq3mvx7p"


@pytest.fixture
def bluebell() -> Workspace:
    """A workspace with a program in which Ada may recommend."""
    workspace = open_bluebell(FRIENDS)
    decide(workspace, [event("a-1", "signup", "Ada")])
    return workspace


def link(workspace: Workspace, member: str = "Ada", channel: str = "whatsapp", program: str = "friends") -> Link:
    return link_for(workspace=workspace, program=program, member=member, channel=channel, now=START)


def test_an_advocate_has_one_link_for_each_channel(bluebell: Workspace) -> None:
    first, again, mail = link(bluebell), link(bluebell), link(bluebell, channel="email")
    assert first.slug == again.slug != mail.slug
    assert first.code == mail.code == Code.objects.get(workspace=bluebell).code
    assert {each.channel for each in links_of(bluebell, first.member)} == {"whatsapp", "email"}


def test_a_slug_can_be_read_aloud(bluebell: Workspace) -> None:
    made = link(bluebell)
    assert set(made.slug) <= set(LETTERS)
    assert set("01ilo").isdisjoint(LETTERS)
    assert link_of(bluebell, made.slug.upper()) == made
    assert link_of(bluebell, "nobody") is None


def test_a_link_is_not_found_in_another_workspace(bluebell: Workspace) -> None:
    other = open_bluebell(name="other")
    assert link_of(other, link(bluebell).slug) is None


def test_what_cannot_be_shared_says_so(bluebell: Workspace) -> None:
    with pytest.raises(NoSuchChannel, match="carrier-pigeon"):
        link(bluebell, channel="carrier-pigeon")
    with pytest.raises(NoSuchProgram):
        link(bluebell, program="enemies")
    with pytest.raises(NoSuchMember):
        link(bluebell, member="Nobody")
    ban_member(workspace=bluebell, member="Ada", actor=Actor("till"), now=START)
    with pytest.raises(MayNotShare):
        link(bluebell)
    assert not Link.objects.exists()


def test_a_slug_that_is_taken_is_drawn_anew(bluebell: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    decide(bluebell, [event("b-1", "signup", "Ben")])
    drawn = iter(["22222222", "22222222", "33333333"])
    monkeypatch.setattr("sayso.domains.sharing.links.some_letters", lambda _: next(drawn))
    assert link(bluebell).slug == "22222222"
    assert link(bluebell, member="Ben").slug == "33333333"


def test_links_for_all_channels_are_made_together_and_found_again(bluebell: Workspace) -> None:
    ada, before = member_named(bluebell, "Ada"), link(bluebell, channel="email")
    asked: dict[str, Any] = {
        "workspace": bluebell,
        "program": "friends",
        "member": ada,
        "channels": CHANNELS,
        "now": START,
    }
    made = links_for(**asked)
    assert list(made) == list(CHANNELS)
    assert made["email"] == before
    assert len({each.slug for each in made.values()}) == len({each.number for each in made.values()}) == len(CHANNELS)
    assert links_for(**asked) == made


def test_links_of_a_member_who_was_merged_stay_good(bluebell: Workspace) -> None:
    decide(bluebell, [event("a-2", "signup", "Ada-old", after=timedelta(hours=1))])
    before = link(bluebell, member="Ada-old")
    merge_members(workspace=bluebell, member="Ada", other="Ada-old", actor=Actor("till"), now=START)
    assert link(bluebell).slug == before.slug
    assert Code.objects.get(code=before.code).member == member_named(bluebell, "Ada").id


def test_nothing_is_left_of_the_links_of_somebody_who_was_erased(bluebell: Workspace) -> None:
    made = link(bluebell)
    assert verify(bluebell) == []
    erase_member(workspace=bluebell, member="Ada", actor=Actor("till"), now=START)
    assert link_of(bluebell, made.slug) is None
    assert not AdvocateName.objects.exists()
    assert verify(bluebell) == []
    made.save(force_insert=True)
    assert [str(each) for each in verify(bluebell)] == [
        f"promise 10: link {made.slug}: it is left of a member who was erased, {made.member}"
    ]


def test_a_qr_code_is_a_plain_picture() -> None:
    svg, png = qr_svg(URL), qr_png(URL)
    assert svg.startswith("<svg ")
    assert "<script" not in svg
    assert "style=" not in svg
    assert "viewBox" in svg
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
