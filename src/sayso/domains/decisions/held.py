"""Workspaces that another writer holds: they are tried now and then, so that waiting for them costs the others little.

Owns whose turn it is among those that wait, and how long the committer waits for a lock. It must not decide anything.
"""

from collections.abc import Collection
from time import perf_counter

# So long is waited for a lock: longer than the writing of an import's batch takes.
PATIENCE_SECONDS = 1.0
# What turned out to be held for longer is tried again for a while, then left alone: the others lose a fifth of the time
# at most, however many are held, and a writer that always comes back is met within seconds all the same.
_AGAIN_SECONDS, _REST_SECONDS = 0.2, 0.8


class Held:
    """The workspaces that were held when it was their turn, until they are had again."""

    def __init__(self) -> None:
        self._workspaces: set[int] = set()
        self._again_at = 0.0

    def note(self, workspace: int) -> None:
        """Note that somebody else holds a workspace: it is left alone for a while, and all others that are held."""
        self._workspaces.add(workspace)
        self._again_at = perf_counter() + _REST_SECONDS

    def let_go(self, workspace: int) -> None:
        """Note that nobody else holds a workspace."""
        self._workspaces.discard(workspace)

    def patience_with(self, workspace: int) -> float:
        """Return for how many seconds a lock in a workspace is waited for."""
        return _AGAIN_SECONDS if workspace in self._workspaces else PATIENCE_SECONDS

    def rest_seconds(self) -> float:
        """Return how long those that are held are left alone from now on."""
        return max(self._again_at - perf_counter(), 0.0)

    def turn_of(self, waiting: Collection[int], *, at_once: bool = False) -> int | None:
        """Return whose turn it is, of those that wait; None while those that are held are left alone.

        Args:
            waiting: workspaces, in the order in which they wait.
            at_once: nobody is left alone.
        """
        free = next((each for each in waiting if each not in self._workspaces), None)
        if self._workspaces and (at_once or not self.rest_seconds()):
            return next((each for each in waiting if each in self._workspaces), free)
        return free
