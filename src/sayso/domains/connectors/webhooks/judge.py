"""What follows from an attempt: when the next one is, how long the receiver is left alone, and when it is given up.

Pure: the time and the chance are given. It must not read or write anything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

# Seconds from each failed attempt to the next: ten attempts in about three days.
WAITS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
# A waiting time is made up to this part longer, so that what failed together does not come back together.
JITTER = 0.2
GIVE_UP = timedelta(days=5)
GONE = 410
_ASK_TO_WAIT = (429, 503)
_LONGEST_WAIT_SECONDS = 86_400.0
# After so many failures in a row the receiver is spared, at first for seconds, at last for an hour.
_SPARED_FROM = 3
_FIRST_SPARED_SECONDS = 5.0
_LONGEST_SPARED_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """What came of an attempt.

    Attributes:
        status: the receiver's answer; 0 for none.
        problem: why it failed, as a sentence.
        retry_after: what the receiver said in a header of that name.
    """

    status: int = 0
    problem: str = ""
    retry_after: str = ""

    @property
    def delivered(self) -> bool:
        """Whether the receiver took it."""
        return 200 <= self.status < 300


def asked_seconds(outcome: DeliveryAttempt, *, now: datetime) -> float:
    """Return how long the receiver asks to be left alone, a day at most; 0 when it does not ask."""
    if outcome.status not in _ASK_TO_WAIT or not outcome.retry_after:
        return 0.0
    text = outcome.retry_after.strip()
    try:
        seconds = float(text) if text.isdecimal() else (parsedate_to_datetime(text) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), _LONGEST_WAIT_SECONDS)


def wait_seconds(outcome: DeliveryAttempt, *, attempts: int, now: datetime, chance: float) -> float | None:
    """Return how long a delivery that failed waits; None when it is given up.

    Args:
        outcome: of the attempt that failed.
        attempts: how many were made, this one included.
        now: the time.
        chance: from 0 to 1.
    """
    if attempts > len(WAITS):
        return None
    return max(WAITS[attempts - 1], asked_seconds(outcome, now=now)) * (1 + JITTER * chance)


def spared_seconds(outcome: DeliveryAttempt, *, failures: int, now: datetime) -> float:
    """Return how long nothing at all is sent to an endpoint.

    Args:
        outcome: of the attempt that failed.
        failures: how many failed in a row, this one included.
        now: the time.
    """
    spared = 0.0
    if failures >= _SPARED_FROM:
        doublings = min(failures - _SPARED_FROM, 10)
        spared = min(_FIRST_SPARED_SECONDS * 2**doublings, _LONGEST_SPARED_SECONDS)
    return max(spared, asked_seconds(outcome, now=now))


def ends(outcome: DeliveryAttempt, *, failing_since: datetime, now: datetime) -> str:
    """Return why an endpoint is disabled after an attempt that failed; nothing when it is not."""
    if outcome.status == GONE:
        return "the receiver answered 410 Gone"
    if now - failing_since >= GIVE_UP:
        since = failing_since.isoformat(timespec="seconds").replace("+00:00", "Z")
        return f"nothing was delivered since {since}; the last attempt: {outcome.problem}"
    return ""
