"""What was looked up a moment ago and is believed for a little longer, so that not every request asks the database.

Owns the bound, and the two spans of a belief: in the second, one who asks looks up again for all. What was not found is
not remembered: whoever tries many must not push out what is good. It must not look anything up.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

_EARLY = 0.6

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True)
class _Belief(Generic[V]):
    """What was found, and the ends of its two spans."""

    found: V
    until: float
    at_most_until: float
    asked_again: bool = False


class Beliefs(Generic[K, V]):
    """What was found a moment ago, by its key.

    Args:
        seconds: how long it is believed at most; it is looked up again a little earlier.
        most: how many are remembered.
    """

    def __init__(self, *, seconds: float, most: int) -> None:
        self._seconds, self._most = seconds, most
        self._known: OrderedDict[K, _Belief[V]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._known)

    def get(self, key: K) -> V | None:
        """Return what is believed; None where whoever asks is to look it up."""
        known = self._known.get(key)
        if known is None:
            return None
        seconds = time.monotonic()
        if seconds < known.until:
            return known.found
        with self._lock:
            mine, known.asked_again = not known.asked_again, True
        return known.found if not mine and seconds < known.at_most_until else None

    def keep(self, key: K, found: V | None, *, asked: float) -> None:
        """Believe what was found from when it was asked for, by `time.monotonic`; None is forgotten."""
        with self._lock:
            self._known.pop(key, None)
            if found is None:
                return
            self._known[key] = _Belief(found, asked + self._seconds * _EARLY, asked + self._seconds)
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def forget(self) -> None:
        """Believe nothing any more."""
        with self._lock:
            self._known.clear()
