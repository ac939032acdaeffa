"""What was handed over is seen with its reward, and only while its owner has it."""

import pytest

from sayso.domains.workspaces.ids import number_of
from tests.domains.cast import decide, event, open_bluebell
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
    assert issued["proof"] == ""
    returns(bluebell, "Ada")
    [reversed_] = api.get("/rewards").json()["items"]
    assert (reversed_["state"], reversed_["handed_over"]) == ("reversed", [])


@pytest.mark.django_db(transaction=True)
def test_the_proof_of_a_person_is_seen_by_who_decides_about_rewards_alone() -> None:
    bluebell = open_bluebell(GIFTS)
    api, reader = Caller(secret_of(bluebell, "read", "rewards")), Caller(secret_of(bluebell, "read"))
    buys(bluebell, "Ada", "Ben")
    first, second = api.get("/rewards").json()["items"]
    assert (first["proof"], second["proof"]) == ("", "")
    api.post(f"/rewards/{first['id']}/issuance", {"proof": "parcel 17"})
    assert api.post(f"/rewards/{first['id']}/issuance", {"proof": "parcel 18"}).status_code == 409
    decide(bluebell, [event("m-1", "member_merged", "Eva", props={"other": "Ben"})])
    api.post(f"/rewards/{second['id']}/issuance", {"proof": "parcel 19"})
    # Sent as an event, it changes nothing any more.
    again = {"reward": number_of("rew", first["id"]), "proof": "parcel 20"}
    decide(bluebell, [event("i-1", "reward_issued", "Ada", props=again)])
    returns(bluebell, "Ada")
    assert [each["proof"] for each in api.get("/rewards").json()["items"]] == ["parcel 17", "parcel 19"]
    assert [each["proof"] for each in reader.get("/rewards").json()["items"]] == ["", ""]
    assert "parcel 17" not in reader.get(f"/rewards/{first['id']}").content.decode()
    decide(bluebell, [event("e-1", "member_erased", "Ada")])
    assert api.get(f"/rewards/{first['id']}").json()["proof"] == ""
