"""How processes end: with their parent, and when they are told to.

Owns what Linux is asked for and what a signal means. It must not start anything.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import threading
from types import FrameType

_PR_SET_PDEATHSIG = 1
ENDING = (signal.SIGTERM, signal.SIGINT)


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent is gone, however that ends.

    An orphan that goes on serving would answer beside the processes that replace it. Nothing is lost by the kill: what
    was acknowledged is committed. Only Linux can do this; elsewhere nothing happens.

    Args:
        parent: the number of the process that started this one.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before it could be asked for
        os._exit(1)


def keep_what_is_loaded() -> None:
    """Never look for garbage in what was loaded so far, and begin to look in what comes.

    That also leaves the pages of memory alone which forked processes share.
    """
    gc.freeze()
    gc.enable()


def stop_when_told() -> threading.Event:
    """Return an event that is set by the first SIGTERM or SIGINT that this process receives."""
    stop = threading.Event()

    def told(_: int, __: FrameType | None) -> None:
        stop.set()

    for number in ENDING:
        signal.signal(number, told)
    return stop
