"""How often one key may ask: so many requests a minute in each process that serves.

Owns the counting. It must not know keys or routes; what the front door takes has bounds of its own.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

WINDOW_SECONDS = 60
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to somebody.

    Attributes:
        quota: requests in a window.
        left: how many of them are left; below 0 when there were too many.
        seconds: until the window ends and the quota is whole again.
    """

    quota: int
    left: int
    seconds: int

    def headers(self) -> dict[str, str]:
        """Return the header fields that tell of it, as the draft "RateLimit header fields for HTTP" names them."""
        return {
            "RateLimit-Policy": f'"minute";q={self.quota};w={WINDOW_SECONDS}',
            "RateLimit": f'"minute";r={max(self.left, 0)};t={self.seconds}',
        }


class Counter:
    """Counts requests by whoever asks, in windows that begin with the first request.

    Args:
        seconds: reads a clock that only goes forward.
    """

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._windows: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, who: str, quota: int) -> Allowance:
        """Count one request, and return what is left."""
        now = self._seconds()
        with self._lock:
            began, count = self._windows.pop(who, (now, 0))
            if now - began >= WINDOW_SECONDS:
                began, count = now, 0
            self._windows[who] = (began, count + 1)
            while len(self._windows) > MOST_REMEMBERED:
                self._windows.popitem(last=False)
        return Allowance(quota, quota - count - 1, max(1, int(began + WINDOW_SECONDS - now)))


counter = Counter()
