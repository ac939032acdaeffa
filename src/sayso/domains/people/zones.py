"""The days of a time zone as numbers that a database can search.

Owns when a zone's offset changes. PostgreSQL has time zones of its own, but of another edition; it reads some names as
abbreviations, and takes the later of two equal midnights. The engine's calendar must be met exactly.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sayso.core.program.calendar import SECOND, Moment, moment_of

_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# No zone ever kept an offset for less than this.
_STEP = timedelta(days=7)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Offsets:
    """A zone's offsets from UTC in microseconds, and from when each but the first holds.

    Attributes:
        since: moments at which the offset changes, rising.
        local: the same as local time, for finding the moment of a local time; a local time that comes twice is its
            first, one that is skipped goes by the offset before.
    """

    shifts: tuple[int, ...]
    since: tuple[Moment, ...]
    local: tuple[int, ...]


@lru_cache(64)
def offsets_of(zone: str) -> Offsets:
    """Return the offsets of a zone between 1900 and 2100; the first and the last one stand for what lies outside."""
    info = ZoneInfo(zone)
    shifts, since, local = [_shift(info, _FIRST)], [], []
    at = _FIRST
    while at < _LAST:
        if _shift(info, at + _STEP) != shifts[-1]:
            change = moment_of(_change(info, at, at + _STEP))
            shifts.append(_shift(info, at + _STEP))
            since.append(change)
            local.append(change + max(shifts[-2:]))
        at += _STEP
    return Offsets(tuple(shifts), tuple(since), tuple(local))


def _shift(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds()) * SECOND


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the offset changes between two moments."""
    was = _shift(zone, before)
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0) if middle.replace(microsecond=0) > before else before + _SECOND
        if _shift(zone, middle) == was:
            before = middle
        else:
            after = middle
    return after
