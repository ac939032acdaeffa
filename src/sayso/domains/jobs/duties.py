"""Duties: what the worker does again and again, each known by its name.

Owns the list. A room registers its duties when Django is ready; the worker runs whatever is there. It must not run
anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


def _nothing_is_open() -> None:
    """Most duties end what they begin."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that the worker sees to.

    Attributes:
        name: what it is called in logs and figures.
        work: does a piece of it, seconds long at most, given the time; whether there may be more. Safe when
            several hosts do it at once.
        every_seconds: how long it rests when there is nothing more to do.
        finish: ends what it left open between two pieces; done once, when the worker stops.
    """

    name: str
    work: Callable[[datetime], bool]
    every_seconds: float
    finish: Callable[[], None] = _nothing_is_open


_duties: dict[str, Duty] = {}


def register_duty(duty: Duty) -> None:
    """Put a duty on the list, in place of any of its name."""
    _duties[duty.name] = duty


def all_duties() -> list[Duty]:
    """Return every duty, in the order in which they were registered."""
    return list(_duties.values())
