"""What was handed over is seen with its reward, and only while its owner has it."""

import pytest

from tests.domains.cast import open_bluebell
from tests.domains.rewards.gifts import GIFTS, buys, fill, provide, returns, work
from tests.web.api.calling import Caller, secret_of


@pytest.mark.django_db(transaction=True)
def test_a_reward_shows_its_code_while_it_is_issued() -> None:
    bluebell = open_bluebell(GIFTS)
    api = Caller(secret_of(bluebell, "read", "rewards"))
    fill(bluebell, "AAA-1")
    provide(bluebell, "gift_card", "pool", pool="vouchers")
    buys(bluebell, "Ada")
    [waiting] = api.get("/rewards").json()["items"]
    assert (waiting["state"], waiting["handed_over"]) == ("approved", [])
    work()
    [issued] = api.get("/rewards").json()["items"]
    assert issued["handed_over"] == [{"kind": "gift_card", "code": "AAA-1", "reference": ""}]
    reader = Caller(secret_of(bluebell, "read"))
    bare = [{"kind": "gift_card", "code": "", "reference": ""}]
    assert [each["handed_over"] for each in reader.get("/rewards").json()["items"]] == [bare], "a code is money"
    assert reader.get(f"/rewards/{issued['id']}").json() == {**issued, "handed_over": bare}
    returns(bluebell, "Ada")
    [reversed_] = api.get("/rewards").json()["items"]
    assert (reversed_["state"], reversed_["handed_over"]) == ("reversed", [])
