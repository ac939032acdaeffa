"""Several parts of a service under one process: when one ends, all end, and a signal stops them gracefully.

Owns the processes and their order of ending. It must not know what the parts do.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from types import FrameType

from sayso.cli.serving.lifetime import ENDING, die_with

# What is under way may finish for so long; a deciding transaction takes milliseconds, a duty some seconds.
GRACE_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.02
_Part = Callable[[], None]


def supervise(parts: Mapping[str, _Part], *, started: Callable[[], bool]) -> str:
    """Run every part in a process of its own until one ends or this process is told to stop.

    The parts are forked: what this process has loaded, they need not load. It must hold no connection and no thread.

    Args:
        parts: what to run, by name; each ends when its process receives SIGTERM.
        started: asked again and again whether all is under way, until it says so.

    Returns:
        The name of the part that ended by itself; empty when a signal asked for the end.
    """
    awake, waker = os.pipe()

    def told(_: int, __: FrameType | None) -> None:
        os.write(waker, b".")

    children = {name: _start(part) for name, part in parts.items()}
    for number in ENDING:
        signal.signal(number, told)
    try:
        ready = _watch([awake, *(child.sentinel for child in children.values())], started)
        return next((name for name, child in children.items() if child.sentinel in ready), "")
    finally:
        _stop(list(children.values()), awake)


def _watch(ends: list[int], started: Callable[[], bool]) -> Sequence[object]:
    while not started():
        if ready := wait(ends, timeout=_LOOK_AGAIN_SECONDS):
            return ready
    return wait(ends)


def _start(part: _Part) -> ForkProcess:
    # Forking is safe here and only here: nothing runs beside this thread yet.
    child = multiprocessing.get_context("fork").Process(target=_run, args=(part, os.getpid()))
    child.start()
    return child


def _run(part: _Part, parent: int) -> None:
    # A group of its own: Ctrl-C in a terminal is for the supervisor, which then stops the parts one way.
    os.setpgrp()
    die_with(parent)
    part()


def _stop(children: list[ForkProcess], awake: int) -> None:
    """Ask all to end, wait, and kill who has not ended in time; whoever asks a second time waits no longer."""
    for child in children:
        child.terminate()
    _drain(awake)
    deadline = time.monotonic() + GRACE_SECONDS
    while running := [child.sentinel for child in children if child.is_alive()]:
        left = deadline - time.monotonic()
        if left <= 0 or awake in wait([awake, *running], timeout=left):
            break
    for child in children:
        child.kill()
        child.join()


def _drain(awake: int) -> None:
    os.set_blocking(awake, False)
    try:
        os.read(awake, 4096)
    except BlockingIOError:
        return
