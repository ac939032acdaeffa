"""What a member is told of a reward that waits for budget, and of one that waited in vain (SEMANTICS 29)."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from sayso.core.engine.events import Arrival
from sayso.domains.insight.portal.friends import friends_of
from sayso.domains.insight.portal.rewards import rewards_of_mine
from sayso.domains.workspaces.models import Workspace
from sayso.web.portal.lines import friend_line, reward_line
from tests.domains.cast import FRIENDS, decide, event, open_bluebell
from tests.domains.insight.members_page import me_in
from tests.web.portal.visiting import enter, page

pytestmark = pytest.mark.django_db(transaction=True)

WAITS = "If there is none by 30 September, it lapses."
LAPSED = "There was no budget left for your reward, and it lapsed."


@pytest.fixture
def spent() -> Workspace:
    """The welcomes of six friends take three quarters' budgets, so Ada's thanks for the sixth waits and lapses."""
    workspace = open_bluebell(FRIENDS.replace("amount: 200 EUR", "amount: 20 EUR").replace(", expires: 60d", ""))
    came = [_came(who, hours) for hours, who in enumerate(("Chloé", "Dario", "Eva", "Noa", "Zoë", "Ben"))]
    bought = event("b-2", "purchase", "Ben", after=timedelta(hours=9), amount_minor=2500)
    decide(workspace, [event("a-2", "member_updated", "Ada", props={"code": "ADA-10"}), *came, bought])
    return workspace


def _came(who: str, hours: int) -> Arrival:
    return event(f"{who}-1", "signup", who, after=timedelta(hours=hours), referral_code="ada-10")


def passes(workspace: Workspace, days: int) -> None:
    """So many days go by at Bluebell."""
    decide(workspace, [event(f"later-{days}", "survey_answered", "Eva", after=timedelta(days=days))])


def test_until_when_a_reward_waits_is_told_wherever_it_is_shown(client: Client, spent: Workspace) -> None:
    enter(client, spent)
    for where in ("friends", "rewards", "rewards/why"):
        assert WAITS in page(client, where), where
    passes(spent, 175)  # two more budgets came in, and older rewards drew on them
    assert WAITS in page(client, "rewards")


def test_what_waited_in_vain_is_not_blamed_on_whom_it_was_for(client: Client, spent: Workspace) -> None:
    passes(spent, 265)
    enter(client, spent)
    for where in ("friends", "rewards", "rewards/why"):
        shown = html.unescape(page(client, where))
        assert LAPSED in shown, where
        assert "not used in time" not in shown


def test_why_it_never_came_is_told_after_another_came(client: Client, spent: Workspace) -> None:
    """The latest decision about a clause is not the one about the reward that lapsed."""
    passes(spent, 265)
    ida, after = _came("Ida", 266 * 24), timedelta(days=360)
    decide(spent, [ida, event("i-2", "purchase", "Ida", after=timedelta(days=267), amount_minor=2500)])
    decide(spent, [event("later", "survey_answered", "Eva", after=after)])
    assert LAPSED in page(enter(client, spent), "rewards/why")


@pytest.mark.parametrize("language", ["es", "it", "nl"])
def test_waiting_and_lapsing_have_words_in_every_language(spent: Workspace, language: str) -> None:
    said = set[str]()
    for _ in range(2):
        with translation.override(language):
            me = me_in(spent, language=language)  # type: ignore[arg-type]
            (reward,) = rewards_of_mine(me)
            (friend,) = [each for each in friends_of(me) if each.reward]
            told = reward_line(reward).text.partition(". ")[2]
            assert told
            assert friend_line(friend).text.endswith(told)
            said.add(told)
        passes(spent, 265)
    assert len(said) == 2
    assert not any(english in text for english in ("budget left", "it lapses") for text in said)
