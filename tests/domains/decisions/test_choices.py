"""A choice is made by whoever it was offered to."""

import pytest

from sayso.domains.rewards.models import Reward
from tests.domains.cast import decide, event, open_bluebell

pytestmark = pytest.mark.django_db


def test_who_names_a_reward_by_number_chooses_their_own_only() -> None:
    either = "rewards: {mine: {to: member, on: signup, give: {choice: [{credit: 5 EUR}, {donation: 5 EUR}]}}}"
    bluebell = open_bluebell(f"sayso: 1\nprogram: choice\ntitle: Choice\ncurrency: EUR\n{either}\n")
    decide(bluebell, [event("a-1", "signup", "Ada"), event("b-1", "signup", "Ben")])
    reward = Reward.objects.order_by("id")[0]
    for member, state in (("Ben", "approved"), ("Ada", "issued")):
        chosen = {"reward": reward.id, "choice": "credit"}
        decide(bluebell, [event(f"{member}-chooses", "reward_chosen", member, props=chosen)])
        assert Reward.objects.get(id=reward.id).state == state
