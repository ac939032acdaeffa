"""A part of a long list: so many rows, those that come after one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """At most so many rows, those whose numbers come after one."""

    limit: int
    after: int = 0
