"""How often something may be tried from one address (TRUST, Security): so often a minute or an hour, then it waits.

Owns the count, in this process; the limits are whoever's who asks. It must not lock anybody out for good.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque

_MOST_ADDRESSES = 10_000


class Throttle:
    """Counts tries by address.

    Args:
        limits: for each span in seconds, how many tries it may hold.
        most: how many addresses are remembered.
    """

    def __init__(self, limits: tuple[tuple[float, int], ...], *, most: int = _MOST_ADDRESSES) -> None:
        self._limits, self._most = limits, most
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, address: str, *, now: float | None = None) -> float:
        """Count a try and return 0; where no further one is taken, return for how many seconds, and count nothing.

        Of many that come at once, no more than the limit are let through.
        """
        moment = time.monotonic() if now is None else now
        with self._lock:
            tries = self._tries.setdefault(address, deque(maxlen=max(most for _, most in self._limits)))
            waits = [tries[-most] + span - moment for span, most in self._limits if len(tries) >= most]
            wait = max(0.0, *waits, 0.0)
            if not wait:
                tries.append(moment)
            self._tries.move_to_end(address)
            while len(self._tries) > self._most:
                self._tries.popitem(last=False)
        return wait

    def give_back(self, address: str) -> None:
        """Count the latest try no more: it was right."""
        with self._lock:
            tries = self._tries.get(address)
            if tries:
                tries.pop()
