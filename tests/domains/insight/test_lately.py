"""What the staff read of the last events."""

from __future__ import annotations

import pytest

from sayso.domains.insight.lately import MOST_SENTENCES, happened_lately
from tests.domains.cast import FRIENDS, ada_recommends_ben, decide, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)

SHOPPING = "    shopping: {on: purchase, give: 1 per 1 EUR}\n"


def test_a_reward_is_told_first_however_much_else_came_out() -> None:
    more = "".join(SHOPPING.replace("shopping", f"shopping_{number}") for number in range(MOST_SENTENCES + 1))
    bluebell = open_bluebell(FRIENDS.replace(SHOPPING, more))
    decide(bluebell, ada_recommends_ben())
    bought = next(each for each in happened_lately(bluebell, language="en", limit=5) if each.type == "purchase")
    assert "“thanks”" in bought.decided[0]
    assert len(bought.decided) == len(set(bought.decided)) <= MOST_SENTENCES
