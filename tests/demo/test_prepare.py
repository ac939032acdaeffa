"""The year's files: what is real in them, what is simulated, and that they come out the same again."""

import json
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from demo.baskets import ZONE
from demo.prepare import KNOWN, UnexpectedData, Year, prepare_year


@pytest.fixture(scope="session")
def events(year: Year) -> list[dict[str, Any]]:
    """All events of the year."""
    return [json.loads(line) for line in year.events.read_text(encoding="utf-8").splitlines()]


def local_day(event: dict[str, Any]) -> date:
    """The day of an event in the workspace's zone."""
    return datetime.fromisoformat(event["occurred_at"]).astimezone(ZONE).date()


def test_the_known_figures_are_found(year: Year) -> None:
    figures = {name: getattr(year.figures, name) for name in KNOWN}
    assert figures == {
        "households": 2_469,
        "baskets": 155_848,
        "worth_nothing": 478,
        "whole_dollars": 4_519_934,
        "whole_dollars_of_900": 9_221,
    }


def test_other_data_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KNOWN, "baskets", 155_847)
    with pytest.raises(UnexpectedData, match="baskets: 155848 instead of 155847"):
        prepare_year(tmp_path)
    assert not list(tmp_path.rglob("*.json"))


def test_events_are_in_order_of_time_within_the_local_year(events: list[dict[str, Any]]) -> None:
    moments = [event["occurred_at"] for event in events]
    assert moments == sorted(moments)
    assert {local_day(event).year for event in events} == {2017}


def test_ids_are_unique_and_tell_what_is_simulated(events: list[dict[str, Any]]) -> None:
    assert len({event["id"] for event in events}) == len(events)
    for event in events:
        assert event["id"].startswith("sim-") == event["props"].get("simulated", False)


def test_a_basket_reads_as_the_issue_writes_it(events: list[dict[str, Any]]) -> None:
    first = next(event for event in events if event["type"] == "purchase")
    assert first == {
        "id": "b-31198570044",
        "type": "purchase",
        "member": "900",
        "occurred_at": "2017-01-01T11:53:26Z",
        "amount_minor": 50,
        "currency": "USD",
        "props": {"store": "330"},
    }


def test_demographics_say_only_what_is_known(events: list[dict[str, Any]]) -> None:
    attributes = [event["props"]["attributes"] for event in events if "attributes" in event["props"]]
    assert len(attributes) == 801
    assert sum("marital_status" in each for each in attributes) == 801 - 137


def test_at_most_one_spend_per_household_and_local_day(events: list[dict[str, Any]]) -> None:
    spends = [(event["member"], local_day(event)) for event in events if event["type"] == "points_spent"]
    assert len(set(spends)) == len(spends) > 4_000


def test_friends_sign_up_on_the_day_before_their_first_basket(events: list[dict[str, Any]]) -> None:
    shopping: dict[str, list[date]] = defaultdict(list)
    for event in events:
        if event["type"] == "purchase":
            shopping[event["member"]].append(local_day(event))
    signups = [event for event in events if event["type"] == "signup"]
    codes = {event["props"]["code"]: event["member"] for event in events if "code" in event["props"]}
    assert (len(signups), len(codes)) == (300, 100)
    for signup in signups:
        advocate = codes[signup["referral_code"]]
        assert (shopping[signup["member"]][0] - local_day(signup)).days == 1
        assert shopping[advocate][0] < local_day(signup)
        assert advocate != signup["member"]


def test_the_same_seed_makes_the_same_files_and_a_made_year_is_kept(tmp_path: Path) -> None:
    once = prepare_year(tmp_path / "once", households=30)
    again = prepare_year(tmp_path / "again", households=30)
    other = prepare_year(tmp_path / "once", households=30, seed=1)
    assert once.events.read_bytes() == again.events.read_bytes() != other.events.read_bytes()
    once.events.write_text("kept")
    assert prepare_year(tmp_path / "once", households=30) == once
    assert once.events.read_text() == "kept"


def test_fewer_households_spend_as_they_do_among_all(tmp_path: Path, year: Year) -> None:
    few = prepare_year(tmp_path, households=30)
    everyone = set(year.spends.read_text().splitlines())
    spends = few.spends.read_text().splitlines()
    assert few.figures.households == 30
    assert few.figures.whole_dollars_of_900 == 9_221
    assert spends
    assert set(spends) <= everyone
