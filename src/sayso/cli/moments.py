"""Owns how a moment is written on the command line: RFC 3339, or a day, which begins in the workspace's time zone.

It must not ask what time it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

import click


@dataclass(frozen=True, slots=True)
class WrittenMoment:
    """A moment as it was written; a day, or a time without an offset, still needs a time zone."""

    moment: datetime

    def within(self, zone: tzinfo) -> datetime:
        """Return the moment in UTC, read in this time zone where it names none."""
        local = self.moment if self.moment.tzinfo else self.moment.replace(tzinfo=zone)
        return local.astimezone(UTC)


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
            if len(value) == len("2027-01-31"):
                return WrittenMoment(datetime.combine(date.fromisoformat(value), time()))
            return WrittenMoment(datetime.fromisoformat(value))
        except ValueError:
            self.fail(f"{value!r} is no moment; write 2027-01-31 or 2027-01-31T09:00:00Z", param, ctx)


MOMENT = MomentType()
