"""Sets of keys that were looked up, told by one part of the key instead of by listing every combination.

Owns the answer to "was this looked for". A batch looks up a member's balances once, in whatever unit; listing every
kind and unit for every member would cost more than the look-up.
"""

from collections.abc import Collection, Iterable
from typing import Any


class Asked(set[Any]):
    """Keys by one of their parts; numbers from `new` on were given out by nobody before this batch.

    Attributes:
        new: the first number that this batch gives out; None where keys are texts.
        part: which part of the key was looked up; None where the key has one part only.
    """

    __slots__ = ("new", "part")

    def __init__(self, found: Iterable[Any] = (), *, new: int | None = None, part: int | None = None) -> None:
        super().__init__(found)
        self.new, self.part = new, part

    def __contains__(self, key: Any) -> bool:
        value = key if self.part is None else key[self.part]
        return set.__contains__(self, value) or (self.new is not None and value >= self.new)


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

    def __contains__(self, key: Any) -> bool:
        subject = key[0]
        looked_up = subject >= self.new or set.__contains__(self, subject)
        return (looked_up and key[1] in self.measures) or subject in self.wide
