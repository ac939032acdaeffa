"""Days, periods and deadlines in the workspace's one time zone.

Owns the arithmetic of calendar time (SEMANTICS 8 to 10). A moment is whole microseconds since 1970, UTC;
a day is the proleptic ordinal of a local date. It must not ask what time it is.
"""

import calendar as months
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sayso.core.program.values import Duration, Limit, MoneyLimit, Period

Moment = int
Day = int

LAST_DAY: Day = date.max.toordinal()

SECOND = 1_000_000
HOUR = 3600 * SECOND
# Offsets change on quarters of an hour in every zone of today, so one look-up serves a whole quarter.
_QUARTER = 900 * SECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


# From the second day of the calendar to the last but one: a moment outside has no local day in some zone.
FIRST_WITH_A_DAY: Moment = -719_161 * 24 * HOUR
LAST_WITH_A_DAY: Moment = 2_932_895 * 24 * HOUR


def moment_of(when: datetime) -> Moment:
    """Microseconds since 1970 of an aware datetime."""
    delta = when - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds


def datetime_of(moment: Moment) -> datetime:
    """The aware UTC datetime of a moment."""
    return _EPOCH + timedelta(microseconds=moment)


class Calendar:
    """Calendar arithmetic of one time zone; keeps what it has looked up."""

    __slots__ = ("_befores", "_days", "_month_ends", "_starts", "_windows", "zone")

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self._days: dict[int, Day] = {}
        self._starts: dict[Day, Moment] = {}
        self._windows: dict[tuple[Day, Duration], Day] = {}
        self._month_ends: dict[tuple[Day, Duration], Moment] = {}
        self._befores: dict[tuple[Moment, Duration], Moment] = {}

    def day(self, moment: Moment) -> Day:
        """The local day in which a moment falls."""
        quarter = moment // _QUARTER
        day = self._days.get(quarter)
        if day is None:
            day = self._days[quarter] = datetime_of(moment).astimezone(self.zone).toordinal()
        return day

    def start(self, day: Day) -> Moment:
        """The moment at which a local day begins."""
        moment = self._starts.get(day)
        if moment is None:
            local = datetime.combine(date.fromordinal(day), datetime.min.time(), self.zone)
            moment = self._starts[day] = moment_of(local.astimezone(UTC))
        return moment

    def deadline(self, moment: Moment, duration: Duration) -> Moment:
        """The end of a stretch of time: the midnight that closes its last day, or so many hours later."""
        if duration.hours:
            return moment + duration.hours * HOUR
        return self.start(later(self.day(moment), duration) + 1)

    def month_end(self, day: Day, duration: Duration) -> Moment:
        """The end of the month in which a stretch of time that begins on a local day ends (SEMANTICS 8)."""
        moment = self._month_ends.get((day, duration))
        if moment is None:
            last = date.fromordinal(later(day, duration))
            end = last.replace(day=1).toordinal() + months.monthrange(last.year, last.month)[1]
            moment = self._month_ends[day, duration] = self.start(end)
        return moment

    def before(self, moment: Moment, duration: Duration) -> Moment:
        """The start of the local day that lies so long before the day of a moment."""
        start = self._befores.get((moment, duration))
        if start is None:
            start = self._befores[moment, duration] = self.start(self.first_day(self.day(moment), duration))
        return start

    def window(self, moment: Moment, duration: Duration) -> Day:
        """The first local day of the stretch that ends at a moment (SEMANTICS 12)."""
        if duration.hours:
            return self.day(moment - duration.hours * HOUR)
        return self.first_day(self.day(moment), duration)

    def first_day(self, day: Day, duration: Duration) -> Day:
        """The first day of the stretch that ends on a day."""
        first = self._windows.get((day, duration))
        if first is None:
            first = self._windows[day, duration] = earlier(day, duration)
        return first

    def counting(self, moment: Moment, limit: Limit | MoneyLimit) -> tuple[Day, Day]:
        """First and last local day that count towards a limit at a moment.

        It looks forward as well, so that a late event meets what was accepted before it (SEMANTICS 10, 11).
        """
        today = self.day(moment)
        if limit.per is None:
            return 0, LAST_DAY
        if isinstance(limit.per, Duration):
            return self.window(moment, limit.per), later(today, limit.per)
        return period_start(today, limit.per), next_period(today, limit.per) - 1


def later(day: Day, duration: Duration) -> Day:
    """The day so much later; months clamp (31 January and a month is 28 February)."""
    return shift_months(day, duration.months) + duration.days


def earlier(day: Day, duration: Duration) -> Day:
    """The day so much earlier; months clamp."""
    return shift_months(day, -duration.months) - duration.days


def shift_months(day: Day, count: int) -> Day:
    """The same day of another month, or that month's last day."""
    if not count:
        return day
    here = date.fromordinal(day)
    year, month = divmod(here.year * 12 + here.month - 1 + count, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(here.day, last)).toordinal()


def period_start(day: Day, period: Period) -> Day:
    """The first day of the calendar period in which a day falls; weeks begin on Monday (ISO 8601)."""
    here = date.fromordinal(day)
    match period:
        case "week":
            return day - here.weekday()
        case "month":
            return here.replace(day=1).toordinal()
        case "quarter":
            return here.replace(month=(here.month - 1) // 3 * 3 + 1, day=1).toordinal()
        case "year":
            return here.replace(month=1, day=1).toordinal()
        case _:
            return day


def next_period(day: Day, period: Period) -> Day:
    """The first day of the calendar period after the one in which a day falls."""
    lengths: dict[Period, Duration] = {
        "week": Duration(days=7),
        "month": Duration(months=1),
        "quarter": Duration(months=3),
        "year": Duration(months=12),
    }
    return later(period_start(day, period), lengths.get(period, Duration(days=1)))


def periods_in(length: Duration, period: Period) -> int | None:
    """How many periods begin within a length, where both count in months or both in days; else None."""
    months = {"month": 1, "quarter": 3, "year": 12}.get(period)
    days = {"day": 1, "week": 7}.get(period)
    if months and length.months:
        return -(-length.months // months)
    return -(-length.days // days) if days and length.days else None


def time_meant(value: str, kind: Literal["date", "moment"], calendar: Calendar) -> Day | Moment | None:
    """A text such as `2027-01-31` or `2027-01-31T09:00:00Z` as the day or the moment that it names; None for any other.

    A moment without an offset is local; a day is the moment at which it begins, and a moment falls in its local day.
    """
    try:
        if len(value) == len("2027-01-31"):
            day = date.fromisoformat(value).toordinal()
            return day if kind == "date" else calendar.start(day)
        when = datetime.fromisoformat(value)
        moment = moment_of(when if when.tzinfo else when.replace(tzinfo=calendar.zone))
        return calendar.day(moment) if kind == "date" else moment
    except (ValueError, OverflowError):
        return None
