"""A type of event is heard where any part of a program speaks of it, a condition too."""

import pytest

from sayso.domains.programs.heard import note_on
from sayso.domains.workspaces.head import head_of
from tests.domains.cast import open_bluebell, publish

VISITS = """
sayso: 1
program: visits
title: Visits
currency: EUR
facts:
  tastings: {count: tasting, within: 30d}
rewards:
  again: {to: member, on: booking, when: days_since(member.last_visit) > 30 and member.tastings > 2, give: {points: 5}}
points:
  unit: stars
"""

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_a_program_speaks_of_is_heard_from_its_publication_on() -> None:
    bluebell = open_bluebell()
    assert note_on("visit", head_of(bluebell)).endswith("no program is published in the workspace bluebell.")
    assert note_on("refund", head_of(bluebell)) == ""
    publish(bluebell, VISITS)
    heard = ("booking", "visit", "tasting", "signup", "lead", "purchase", "refund")
    assert [note_on(kind, head_of(bluebell)) for kind in heard] == [""] * len(heard)
    assert note_on("vist", head_of(bluebell)).endswith("the nearest that is heard is visit.")
    assert note_on("refnud", head_of(bluebell)).endswith("the nearest that is heard is refund.")
