"""When deciding pauses: the engine itself failed on so many events in a row, of several members, that it is not the
events.

Owns the row of failures that a workspace's head keeps, and what goes on all the same. It must not decide or store.
"""

from collections.abc import Sequence
from itertools import takewhile
from zlib import crc32

from sayso.core.engine.decision import Decided
from sayso.core.engine.events import (
    CLOCK_MOVED,
    MEMBER_ERASED,
    PROGRAM_PAUSED,
    PROGRAM_PUBLISHED,
    PROGRAM_RESUMED,
    RATE_SET,
    Arrival,
)

IN_A_ROW = 20
# One sender that makes the engine stumble again and again over its own member pauses nobody else.
LEAST_MEMBERS = 5
FAILURE = "deciding is paused"
# What removes the cause, and what the law does not let wait.
GOES_ON = frozenset({PROGRAM_PUBLISHED, PROGRAM_PAUSED, PROGRAM_RESUMED, RATE_SET, CLOCK_MOVED, MEMBER_ERASED})
# A mark tells members apart well enough, and does not tell who they are.
_MARKS = 2**16


def is_paused(row: str) -> bool:
    """Whether a row of failures is one at which deciding pauses.

    Args:
        row: a mark of the member of each event on which the engine failed, with a space between them.
    """
    marks = row.split()
    return len(marks) >= IN_A_ROW and len(set(marks)) >= LEAST_MEMBERS


def row_after(row: str, decided: Sequence[Decided]) -> str:
    """Return the row of failures after a batch.

    An event that was decided ends the row. One that was set aside for what it says, and a timer, leave it.
    """
    failed: list[str] = []
    for each in reversed(decided):
        if each.arrival is None:
            continue
        if each.decision is not None:
            row = ""
            break
        if each.is_defect:
            failed.append(f"{crc32(each.arrival.ref.encode()) % _MARKS:x}")
    return " ".join([*row.split(), *reversed(failed)][-IN_A_ROW:]) if row or failed else ""


def first_of_a_kind(arrivals: Sequence[Arrival]) -> tuple[int, bool]:
    """Return how many of some arrivals, from the first on, are decided alike while deciding is paused.

    Returns:
        How many, and whether they are decided.
    """
    goes_on = arrivals[0].type in GOES_ON
    return sum(1 for _ in takewhile(lambda each: (each.type in GOES_ON) == goes_on, arrivals)), goes_on
