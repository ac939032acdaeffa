"""Owns how a moment is written and shown on the command line: RFC 3339, or a day, in the workspace's time zone.

It must not ask what time it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

import click

FIRST_YEAR, LAST_YEAR = 1000, 8999


def local(moment: datetime | None, zone: tzinfo) -> datetime | None:
    """Return a moment as a workspace's clock shows it, to the second; nothing where there is none."""
    return moment.astimezone(zone).replace(microsecond=0) if moment else None


@dataclass(frozen=True, slots=True)
class WrittenMoment:
    """A moment as it was written; a day, or a time without an offset, still needs a time zone."""

    moment: datetime

    def within(self, zone: tzinfo) -> datetime:
        """Return the moment in UTC, read in this time zone where it names none."""
        local = self.moment if self.moment.tzinfo else self.moment.replace(tzinfo=zone)
        return local.astimezone(UTC)


def _year(moment: datetime) -> int:
    """The year, where what is reckoned from the moment has a year too.

    Raises:
        ValueError: it has none.
    """
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError
    return moment.year


class MomentType(click.ParamType[WrittenMoment]):
    """A moment or a day."""

    name = "moment"

    def convert(
        self, value: str | WrittenMoment, param: click.Parameter | None, ctx: click.Context | None
    ) -> WrittenMoment:  # fmt: skip
        """Read `2027-01-31`, `2027-01-31T09:00` or `2027-01-31T09:00:00Z`."""
        if isinstance(value, WrittenMoment):
            return value
        try:
            day = len(value) == len("2027-01-31")
            moment = datetime.combine(date.fromisoformat(value), time()) if day else datetime.fromisoformat(value)
            return WrittenMoment(moment.replace(year=_year(moment)))
        except ValueError:
            self.fail(f"{value!r} is no moment; write 2027-01-31 or 2027-01-31T09:00:00Z", param, ctx)


MOMENT = MomentType()
