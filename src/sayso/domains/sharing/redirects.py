"""Links that were looked up a moment ago, so that not every visit asks the database.

Owns that there is one look-up for all who miss the same link at the same time, and that what leads nowhere is not
remembered. It must not know where a link leads.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sayso.domains.sharing.destinations import Closed, Destination, Early, destination_of
from sayso.domains.workspaces.beliefs import Beliefs
from sayso.domains.workspaces.brand import workspace_of_host
from sayso.domains.workspaces.head import NoSuchWorkspace
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.queries import workspace_named

BELIEVED_SECONDS = 5.0
MOST_BELIEVED = 20_000


@dataclass(frozen=True, slots=True)
class Site:
    """By what a visitor named the workspace: its name in the path, or else a host of the company's own."""

    name: str
    host: str = ""

    def workspace(self) -> Workspace | None:
        """Return the workspace; None where there is none."""
        if not self.name:
            return workspace_of_host(self.host)
        try:
            return workspace_named(self.name)
        except NoSuchWorkspace:
            return None


Key = tuple[Site, str]
Found = Destination | Closed | Early


def look_up(site: Site, slug: str) -> Found:
    """Return where a link leads, or why nowhere, from the database."""
    workspace = site.workspace()
    if workspace is None:
        return Closed.UNKNOWN
    return destination_of(workspace, slug, f"/w/{site.name}" if site.name else "", datetime.now(UTC))


@dataclass(slots=True)
class _LookUp:
    """A look-up under way, and those who wait for it."""

    done: threading.Event = field(default_factory=threading.Event)
    found: Found | None = None


class Redirects:
    """Where links lead, as looked up a moment ago.

    Args:
        look_up: asks the database.
        seconds: how long an answer is believed at most.
        most: how many are remembered.
    """

    def __init__(
        self,
        look_up: Callable[[Site, str], Found] = look_up,
        *,
        seconds: float = BELIEVED_SECONDS,
        most: int = MOST_BELIEVED,
    ) -> None:
        self._look_up = look_up
        self._known: Beliefs[Key, Destination] = Beliefs(seconds=seconds, most=most)
        self._asked: dict[Key, _LookUp] = {}
        self._lock = threading.Lock()

    def known(self, site: Site, slug: str) -> Destination | None:
        """Return where a link leads if it was looked up a moment ago."""
        return self._known.get((site, slug))

    def find(self, site: Site, slug: str) -> Found:
        """Look a link up; whoever asks for the same one meanwhile waits for this answer."""
        key = (site, slug)
        with self._lock:
            asked = self._asked.get(key)
            mine = asked is None
            if asked is None:
                asked = self._asked[key] = _LookUp()
        if not mine:
            asked.done.wait()
            # Whoever asked first may have failed; then each asks for themselves, and fails with a reason.
            return asked.found if asked.found is not None else self._look_up(site, slug)
        try:
            asked.found = found = self._remembered(key)
        finally:
            with self._lock:
                del self._asked[key]
            asked.done.set()
        return found

    def forget(self) -> None:
        """Look every link up again."""
        self._known.forget()

    def _remembered(self, key: Key) -> Found:
        asked = time.monotonic()
        found = self._look_up(*key)
        self._known.keep(key, found if isinstance(found, Destination) else None, asked=asked)
        return found


redirects = Redirects()
