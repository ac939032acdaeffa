"""How often one address may be wrong about codes and names (TRUST): 10 times a minute, then it waits.

Owns the count, in this process. Whoever knows a code never waits, and nobody is locked out for good.
"""

import ipaddress
import threading
import time
from collections import OrderedDict, deque

MOST_WRONG = 10
SPAN_SECONDS = 60.0
MOST_REMEMBERED = 50_000
# A household has a network of this size of its own in IPv6, not one address.
_HOUSEHOLD_BITS = 64


class TooManyTries(Exception):
    """So many were wrong that no further one is taken for a while.

    Attributes:
        seconds: until the next may come.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many were wrong; try again in {seconds} s")
        self.seconds = seconds


class Tries:
    """Counts wrong tries by the address that they came from.

    Args:
        most: how many may be wrong within a minute.
        remembered: how many addresses are remembered.
    """

    def __init__(self, *, most: int = MOST_WRONG, remembered: int = MOST_REMEMBERED) -> None:
        self._most, self._remembered = most, remembered
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, address: str, *, now: float | None = None) -> None:
        """Let a try be made.

        Raises:
            TooManyTries: so many were wrong that it is not.
        """
        moment = time.monotonic() if now is None else now
        with self._lock:
            wrong = self._wrong.get(household(address))
            left = wrong[0] + SPAN_SECONDS - moment if wrong and len(wrong) == self._most else 0.0
        if left > 0:
            raise TooManyTries(int(left) + 1)

    def note_wrong(self, address: str, *, now: float | None = None) -> None:
        """Count a try that was wrong."""
        who = household(address)
        with self._lock:
            wrong = self._wrong.setdefault(who, deque(maxlen=self._most))
            wrong.append(time.monotonic() if now is None else now)
            self._wrong.move_to_end(who)
            while len(self._wrong) > self._remembered:
                self._wrong.popitem(last=False)

    def forget(self) -> None:
        """Count anew."""
        with self._lock:
            self._wrong.clear()


def household(address: str) -> str:
    """Return what counts as one address: itself, or the network of a household in IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _HOUSEHOLD_BITS), strict=False))


tries = Tries()
