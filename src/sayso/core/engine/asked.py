"""Which keys were looked up, told by one part of the key instead of by listing every combination.

Owns the answer to "was this looked for". A batch looks up a member's balances once, in whatever unit; listing every
kind and unit for every member would cost more than the look-up.
"""

from collections.abc import Collection
from typing import Any


class Asked:
    """Keys that were looked up.

    Attributes:
        found: what was looked up, whole keys or the part of them that `part` says.
        new: numbers from here on were given out by nobody before this batch; 0 where keys are no such numbers.
        part: which part of a key was looked up; None where a key is looked up whole.
    """

    __slots__ = ("found", "new", "part")

    def __init__(self, *, new: int = 0, part: int | None = None) -> None:
        self.found: set[Any] = set()
        self.new = new
        self.part = part

    def has(self, key: Any) -> bool:
        """Whether this key was looked up, found or not."""
        value = key if self.part is None else key[self.part]
        return value in self.found or (self.new > 0 and value >= self.new)


class AskedSeries(Asked):
    """Series by subject and measure: what no version measures was not loaded, and must not look like nothing.

    Attributes:
        wide: subjects of whom every measure was loaded.
    """

    __slots__ = ("measures", "wide")

    def __init__(self, *, new: int, measures: Collection[str]) -> None:
        super().__init__(new=new, part=0)
        self.measures = frozenset(measures)
        self.wide: set[int] = set()

    def has(self, key: Any) -> bool:
        """Whether this subject's measure was looked up."""
        subject: int = key[0]
        looked_up = subject >= self.new or subject in self.found
        return (looked_up and key[1] in self.measures) or subject in self.wide
