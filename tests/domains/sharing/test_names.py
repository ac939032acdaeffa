"""Finding who recommends by name: enough for a friend, and nothing for whoever wants to know who is here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sayso.domains.events.act import Actor
from sayso.domains.people.update import ban_member, erase_member
from sayso.domains.sharing.models import AdvocateName
from sayso.domains.sharing.names import NameAsked, Named, find_by_name, folded, note_names
from sayso.domains.sharing.tries import TooManyTries
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, START, decide, event, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "203.0.113.5"


def advocate(member: str, code: str, **attributes: Any) -> Any:
    props = {"codes": [code], "attributes": attributes}
    return event(f"m-{member}", "member_updated", member, props=props)


@pytest.fixture
def bluebell() -> Workspace:
    """A workspace with two of a name, and one of whom only the page knows the name."""
    workspace = open_bluebell(FRIENDS)
    decide(
        workspace,
        [
            advocate("ada", "ada-1", name="Ada Lovelace", city="Valencia"),
            advocate("chloé", "chloe-1", first_name="Chloé", last_name="de la Cruz"),
            event("d-1", "signup", "dario", props={"name": "Dario Fo"}),
            event("d-2", "member_updated", "dario", props={"codes": ["dario-1"]}),
            advocate("eva", "eva-1", name="Eva Green", postcode="46001"),
            advocate("eva too", "eva-2", name="Eva  GREEN"),
            event("n-1", "member_updated", "ben", props={"attributes": {"name": "Ben Miller"}}),
        ],
    )
    while note_names(START):
        pass
    return workspace


def test_a_name_that_comes_after_the_code_or_changes_is_found(bluebell: Workspace) -> None:
    for number, name in enumerate(("Dora Late", "Dora Later")):
        given = {"codes": ["dora-1"]} if not number else {}
        decide(bluebell, [event(f"x-{number}", "member_updated", "dora", props=given)])
        note_names(START)
        decide(bluebell, [event(f"y-{number}", "member_updated", "dora", props={"attributes": {"name": name}})])
        note_names(START)
        assert ask(bluebell, name) == Named("dora-1")
    assert ask(bluebell, "Dora Late") == Named()


def test_names_are_noted_by_the_set(bluebell: Workspace) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            note_names(START)
        return len(asked)

    found = []
    for count in (1, 30):
        decide(bluebell, [advocate(f"m{count}-{one}", f"m{count}-{one}", name=f"Flo {one}") for one in range(count)])
        found.append(statements())
    assert found[0] == found[1]


def ask(workspace: Workspace, name: str, detail: str = "", address: str = ADDRESS) -> Named:
    return find_by_name(workspace=workspace, asked=NameAsked(name, detail, "friends"), address=address)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Ada Lovelace", "ada-1"), ("  ada   LOVELACE ", "ada-1"), ("Ada M. Lovelace", "ada-1"),
        ("chloe cruz", "chloe-1"), ("Dario Fo", "dario-1"),
    ],
)  # fmt: skip
def test_somebody_is_found_as_people_write_names(bluebell: Workspace, name: str, code: str) -> None:
    assert ask(bluebell, name) == Named(code)


@pytest.mark.parametrize("name", ["Nobody Here", "Ben Miller", "Ada", "Lovelace", "", "%", "ada%", "1"])
def test_who_is_not_found_is_told_nothing(bluebell: Workspace, name: str) -> None:
    assert ask(bluebell, name) == Named()


def test_several_of_a_name_need_one_more_detail(bluebell: Workspace) -> None:
    assert ask(bluebell, "Eva Green") == Named(ask_more=True)
    assert ask(bluebell, "Eva Green", "46001") == Named("eva-1")
    assert ask(bluebell, "Eva Green", "Madrid") == Named()


@pytest.mark.parametrize("detail", ["eva@gmail.com", "E.va+x@googlemail.com", "+34 600 123 456", "3456", "123 456"])
def test_a_detail_may_be_how_they_are_reached(bluebell: Workspace, detail: str) -> None:
    mine = (("email", "eva@gmail.com"), ("mailbox", "eva@gmail.com"), ("phone", "+34600123456"))
    decide(bluebell, [event("e-9", "member_updated", "eva too", identities=mine, props={"country": "ES"})])
    assert ask(bluebell, "eva green", detail) == Named("eva-2")


def test_whoever_no_longer_takes_part_is_not_found(bluebell: Workspace) -> None:
    ban_member(workspace=bluebell, member="ada", actor=Actor("till"), now=START)
    assert ask(bluebell, "Ada Lovelace") == Named()
    erase_member(workspace=bluebell, member="dario", actor=Actor("till"), now=START)
    assert ask(bluebell, "Dario Fo") == Named()
    assert not AdvocateName.objects.filter(folded="dario fo").exists()


def test_a_name_that_was_given_up_leads_to_nobody(bluebell: Workspace) -> None:
    later = timedelta(hours=1)
    decide(bluebell, [event("a-9", "member_updated", "ada", after=later, props={"attributes": {"name": "Ada King"}})])
    assert ask(bluebell, "Ada Lovelace") == Named()


def test_names_of_another_workspace_are_not_found(bluebell: Workspace) -> None:
    assert ask(open_bluebell(FRIENDS, name="other"), "Ada Lovelace") == Named()


def test_names_cannot_be_tried_for_long_right_or_wrong(bluebell: Workspace) -> None:
    for number in range(5):
        ask(bluebell, f"Nobody {number}")
        ask(bluebell, "Ada Lovelace")
    for name in ("Ada Lovelace", "Nobody Here"):
        with pytest.raises(TooManyTries):
            ask(bluebell, name)
    assert ask(bluebell, "Ada Lovelace", address="203.0.113.6").code


def test_names_are_compared_without_what_people_leave_out() -> None:
    assert folded("  Zoë  Núñez-Pérez ") == "zoe perez"
    assert folded("Ada") == "ada"
    assert folded("--- ") == ""
