"""How long an order waits before something is tried again.

Owns the times. It must not try anything.
"""

import secrets
from datetime import timedelta

FIRST_SECONDS = 10.0
LONGEST_SECONDS = 6 * 3600.0
# After so long nobody is asked any more: a person has to look.
GIVEN_UP_AFTER = timedelta(days=5)
_MOST_ASKED_SECONDS = 24 * 3600.0
_JITTER = 0.2


def wait_after(attempts: int, asked_seconds: float | None = None) -> timedelta:
    """Return how long to wait after so many attempts: twice as long each time, a fifth more or less by chance.

    Args:
        attempts: how often nothing came of it.
        asked_seconds: what the receiver asked for, which is the least; None when it did not say.
    """
    seconds = min(FIRST_SECONDS * 2 ** min(attempts, 20), LONGEST_SECONDS)
    seconds *= 1 + _JITTER * (secrets.randbelow(2001) - 1000) / 1000
    return timedelta(seconds=max(seconds, min(asked_seconds or 0, _MOST_ASKED_SECONDS)))
