"""What the staff read of the last events."""

from __future__ import annotations

import pytest

from sayso.domains.events.act import Actor
from sayso.domains.insight.lately import MOST_SENTENCES, happened_lately
from sayso.domains.rewards.issue import issue_reward
from sayso.domains.rewards.models import Reward
from tests.domains.cast import FRIENDS, START, ada_recommends_ben, decide, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)

SHOPPING = "    shopping: {on: purchase, give: 1 per 1 EUR}\n"


def test_a_reward_is_told_first_however_much_else_came_out() -> None:
    more = "".join(SHOPPING.replace("shopping", f"shopping_{number}") for number in range(MOST_SENTENCES + 1))
    bluebell = open_bluebell(FRIENDS.replace(SHOPPING, more))
    decide(bluebell, ada_recommends_ben())
    bought = next(each for each in happened_lately(bluebell, language="en", limit=5) if each.type == "purchase")
    assert "€20 credit" in bought.decided[0]
    assert len(bought.decided) == len(set(bought.decided)) <= MOST_SENTENCES


def test_what_was_done_with_a_reward_is_told_of_whose_it_is() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, ada_recommends_ben())
    welcome = Reward.objects.get(workspace=bluebell, clause="welcome")
    issue_reward(workspace=bluebell, reward=welcome.id, proof="by hand", actor=Actor("staff"), now=START)
    issued = happened_lately(bluebell, language="en", limit=1)[0]
    assert (issued.type, issued.member) == ("reward_issued", "Ben")
    published = happened_lately(bluebell, language="en", limit=10)[-1]
    assert (published.type, published.member, published.program, published.version) == (
        "program_published", "", "friends", 1,
    )  # fmt: skip
