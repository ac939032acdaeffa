"""Heartbeats: when each duty was last done to its end, by a worker on whichever host.

Owns noting and reading it, so that somebody notices a duty that nobody does any more. It must not do a duty.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sayso.domains.jobs.models import Heartbeat

# Duties are done several times a second; more often than this it is not written down.
EVERY = timedelta(seconds=20)


def note_done(duty: str, now: datetime) -> None:
    """Write down that a duty was done.

    Args:
        duty: its name.
        now: the time.
    """
    Heartbeat.objects.update_or_create(duty=duty, defaults={"done_at": now})


def seconds_since_done(now: datetime) -> Mapping[str, float]:
    """Return how long ago each duty was last done, by name; those that were never done are not among them.

    Args:
        now: the time.
    """
    found = Heartbeat.objects.order_by("duty")
    return {each.duty: (now - each.done_at).total_seconds() for each in found if each.done_at is not None}
