"""What members are in a program, and how referrals stand, counted."""

import pytest

from sayso.domains.events.queries import events_by_type
from sayso.domains.referrals.queries import badges_given, referrals_by_status, tiers_shown
from tests.domains.cast import FRIENDS, ada_recommends_ben, decide, event, open_bluebell

pytestmark = pytest.mark.django_db

REGULARS = """
sayso: 1
program: regulars
title: Regulars
currency: EUR
facts:
  visits: {count: purchase, within: 90d}
badges:
  regular: {on: purchase, if: member.visits >= 1}
"""


def test_who_never_rose_is_shown_the_lowest_tier_and_who_was_merged_is_not_shown() -> None:
    bluebell = open_bluebell(FRIENDS, REGULARS)
    decide(bluebell, [
        event("b-1", "purchase", "Ben", amount_minor=10_000),
        event("c-1", "signup", "Chloé"),
        event("d-1", "purchase", "Dario", amount_minor=100),
        event("e-1", "purchase", "Benjamin", amount_minor=100),
        event("e-2", "member_merged", "Ben", props={"other": "Benjamin"}),
    ])  # fmt: skip
    assert tiers_shown(bluebell, "friends") == {"Ben": "silver", "Chloé": "bronze", "Dario": "bronze"}
    assert tiers_shown(bluebell, "regulars") == tiers_shown(bluebell, "unknown") == {}


def test_referrals_badges_and_events_are_counted_within_their_workspace() -> None:
    bluebell, other = open_bluebell(FRIENDS, REGULARS), open_bluebell(FRIENDS, name="other")
    decide(bluebell, [*ada_recommends_ben(), event("b-3", "purchase", "Ben", amount_minor=100)])
    assert referrals_by_status(bluebell, "friends") == {"completed": 1}
    assert badges_given(bluebell, "regulars") == {"regular": 1}
    assert events_by_type(bluebell) == {
        "member_updated": 1, "program_published": 2, "purchase": 2, "signup": 2, "timer": 1,
    }  # fmt: skip
    assert referrals_by_status(other, "friends") == badges_given(other, "regulars") == {}
    assert events_by_type(other) == {"program_published": 1}
