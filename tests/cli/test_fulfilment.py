"""Providers, pools of codes and rewards by `sayso provider`, `sayso coupons` and `sayso rewards`."""

from pathlib import Path

import pytest

from sayso.domains.rewards.fulfilment.queries import handed_over
from sayso.domains.rewards.models import Provider
from sayso.domains.workspaces.models import Workspace
from tests.cli.running import run, told
from tests.domains.cast import decide, event, open_bluebell
from tests.domains.rewards.gifts import GIFTS, buys, the_reward, work

pytestmark = pytest.mark.django_db(transaction=True)

AT = ("--workspace", "bluebell")


@pytest.fixture
def bluebell() -> Workspace:
    return open_bluebell(GIFTS)


@pytest.fixture
def codes(tmp_path: Path) -> Path:
    file = tmp_path / "codes.csv"
    file.write_text('code,note\nAAA-1,x\n"AAA-2"\nAAA-1\n\n', encoding="utf-8")
    return file


def test_codes_are_loaded_given_out_and_counted(bluebell: Workspace, codes: Path) -> None:
    assert told("coupons", "load", codes, "--pool", "vouchers", "--low", 2, *AT) == {
        "pool": "vouchers", "loaded": 2, "known": 1, "wrong": 0
    }  # fmt: skip
    told("provider", "set", "gift_card", "pool", "--pool", "vouchers", *AT)
    buys(bluebell, "Ada")
    work()
    [stock] = told("coupons", "show", *AT)["pools"]
    assert stock == {"pool": "vouchers", "loaded": 2, "given": 1, "left": 1, "waiting": 0, "low": True}
    [row] = told("rewards", "list", "--state", "issued", *AT)["rewards"]
    assert (row["member"], row["gives"], row["order"]) == ("Ada", "gift_card", "delivered")
    reward = the_reward(bluebell)
    assert [each.code for each in handed_over(bluebell, [reward.id])[reward.id]] == ["AAA-1"]


def test_who_hands_over_reads_what_it_is_and_what_it_costs(bluebell: Workspace) -> None:
    buys(bluebell, "Ada")
    decide(bluebell, [event("d-1", "deposit", "Ada"), event("r-1", "review", "Ben")])
    listed = run("rewards", "list", *AT).stdout
    assert "€10   -      a gift card worth €5 and a mug" in listed
    assert "a choice of a gift card worth €10 or €5 credit" in listed
    assert [row["cost_minor"] for row in told("rewards", "list", *AT)["rewards"]] == [2000, 1000, 1000]


def test_a_list_that_stops_says_so(bluebell: Workspace) -> None:
    buys(bluebell, "Ada", "Ben", "Eva")
    assert "1 of 3, the oldest; --limit shows more." in run("rewards", "list", "--limit", 1, *AT).stdout
    assert " of " not in run("rewards", "list", *AT).stdout
    said = told("rewards", "list", "--limit", 2, *AT)
    assert (len(said["rewards"]), said["in_all"]) == (2, 3)


def test_wrong_lines_are_told_and_the_others_are_loaded(bluebell: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    file.write_text("AAA-1\nzwölf\nAAA-2\n", encoding="utf-8")
    result = run("coupons", "load", file, "--pool", "vouchers", *AT)
    assert result.exit_code == 1
    assert "codes.csv:2: is no code." in result.output
    assert "2 codes loaded, 0 there already, 1 wrong." in result.output


def test_a_provider_is_set_shown_and_its_secret_told_once(bluebell: Workspace) -> None:
    url = "https://gifts.example/orders"
    secret = told("provider", "set", "gift_card", "webhook", "--url", url, "--check", *AT)["secret"]
    assert secret.startswith("whsec_")
    assert secret not in str(Provider.objects.get().settings)
    assert "secret" not in told("provider", "set", "gift_card", "webhook", "--no-check", *AT)
    assert told("provider", "list", *AT)["providers"] == [
        {"kind": "gift_card", "program": "*", "clause": "*", "way": "webhook", "with": url}
    ]
    assert run("provider", "set", "gift_card", "webhook", "--url", "http://10.0.0.1/", *AT).exit_code == 1


def test_a_person_hands_over_with_proof_or_denies(bluebell: Workspace) -> None:
    buys(bluebell, "Ada", "Ben")
    first, second = (row["reward"] for row in told("rewards", "list", *AT)["rewards"])
    assert "proof" not in run("rewards", "list", *AT).stdout
    assert told("rewards", "issue", first, "--proof", "parcel 17", "--by", "Eva", *AT)["state"] == "issued"
    [issued] = told("rewards", "list", "--state", "issued", *AT)["rewards"]
    assert (issued["reward"], issued["proof"]) == (first, "parcel 17")
    assert "parcel 17" in run("rewards", "list", "--state", "issued", *AT).stdout
    assert told("rewards", "deny", second, "--reason", "paid otherwise", *AT)["state"] == "denied"
    assert run("rewards", "issue", second, "--proof", "parcel 18", *AT).exit_code == 1
    assert run("rewards", "issue", "mem_0000000004001", "--proof", "parcel 18", *AT).exit_code == 1


def test_orders_that_need_a_person_are_listed(bluebell: Workspace) -> None:
    told("provider", "set", "gift_card", "generated", *AT)
    decide(bluebell, [event("d-1", "deposit", "Ada")])
    work()
    assert told("rewards", "list", "--stuck", *AT)["rewards"] == []
    [row] = told("rewards", "list", *AT)["rewards"]
    assert (row["gives"], row["order"]) == ("gift_card, gift", "delivered; pending")
