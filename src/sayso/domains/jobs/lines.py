"""Lines to receivers: threads that only send, so that who is slow holds up no other.

Owns how the free ones are shared out, and the wait for those that end. It must not send anything, nor know what is
sent.
"""

import random
from collections.abc import Collection, Hashable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TypeVar

_LOOK_AGAIN_SECONDS = 0.2
# What ends so soon after the first is written down with it: transactions cost more than sending.
_GATHER_SECONDS = 0.01

R = TypeVar("R", bound=Hashable)
A = TypeVar("A")


def share_out(most: Mapping[R, int], *, taken: Mapping[R, int], free: int) -> dict[R, int]:
    """Return how many of the free lines each receiver gets; who has the fewest comes first.

    Args:
        most: how many lines each may have to which something is due.
        taken: how many each has; none unless said.
        free: how many there are to share out.
    """
    receivers = list(most)
    random.shuffle(receivers)  # so that among equals nobody is always first
    receivers.sort(key=lambda receiver: taken.get(receiver, 0))
    each_gets, shares = max(1, free // max(len(receivers), 1)), {}
    for receiver in receivers:
        share = min(most[receiver] - taken.get(receiver, 0), each_gets, free)
        if share > 0:
            free -= share
            shares[receiver] = share
    return shares


def ended(lines: Collection[Future[A]]) -> list[Future[A]]:
    """Wait a moment for one of some lines to end, and return those that did, in their order."""
    if wait(lines, timeout=_LOOK_AGAIN_SECONDS, return_when=FIRST_COMPLETED).done:
        wait(lines, timeout=_GATHER_SECONDS)
    return [each for each in lines if each.done()]
