"""That the advocate gains something is said wherever it is so, and nowhere else."""

from __future__ import annotations

import pytest
from django.test import Client

from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, decide, event, open_bluebell
from tests.web.portal.visiting import enter, page

pytestmark = pytest.mark.django_db(transaction=True)
SAID = "If you join, I get a reward too."
FOR_FRIENDS = (
    FRIENDS[: FRIENDS.index("rewards:")]
    + """rewards:
  welcome: {to: friend, at: signed_up, give: {coupon: 5 EUR}}
"""
)


def ada_in(text: str) -> Workspace:
    workspace = open_bluebell(text)
    decide(workspace, [event("a-1", "signup", "Ada")])
    return workspace


@pytest.mark.parametrize(("text", "gains"), [(FRIENDS, True), (FOR_FRIENDS, False)])
@pytest.mark.parametrize("rest", ["", "card/friends"])
def test_a_reward_of_the_advocates_is_told_where_there_is_one(
    client: Client, text: str, gains: bool, rest: str
) -> None:
    assert (SAID in page(enter(client, ada_in(text)), rest)) is gains
