"""Counting what pages do: how often each variant was seen, and how many sign-ups came through it.

Owns the buffer between the pages and the table. Counts are added up in this process and written together a moment
later, so that no page waits for a row that every page changes. What a crash loses is a fraction of a second of views;
sign-ups stand in the log too, with their variant.
"""

import atexit
import threading
from collections import Counter
from dataclasses import dataclass

import structlog
from django.db import DatabaseError, connection, transaction

from sayso.domains.workspaces.models import Workspace

WRITE_AFTER_SECONDS = 0.5
_log = structlog.get_logger(__name__)
# Writers take the rows in one order, so that two of them never wait for each other.
_ADD = """
INSERT INTO pages_pageday (program, variant, day, workspace_id, shown, signed_up) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (program, variant, day, workspace_id)
DO UPDATE SET shown = pages_pageday.shown + excluded.shown, signed_up = pages_pageday.signed_up + excluded.signed_up
"""


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """A variant of a program's page, on a day.

    Attributes:
        day: of the workspace's time zone, a proleptic ordinal.
    """

    workspace: int
    program: str
    variant: str
    day: int


class PageCounts:
    """The buffer of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown: Counter[Seen] = Counter()
        self._signed_up: Counter[Seen] = Counter()
        self._timer: threading.Timer | None = None

    def note(self, seen: Seen, *, signed_up: bool = False) -> None:
        """Count one view of a page, or one sign-up through it."""
        with self._lock:
            (self._signed_up if signed_up else self._shown)[seen] += 1
            if self._timer is None:
                self._timer = threading.Timer(WRITE_AFTER_SECONDS, self.write_and_leave)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> None:
        """Write what was counted; what cannot be written now is kept for the next time."""
        with self._lock:
            shown, signed_up = self._shown, self._signed_up
            self._shown, self._signed_up, self._timer = Counter(), Counter(), None
        rows = [
            (each.program, each.variant, each.day, each.workspace, shown[each], signed_up[each])
            for each in sorted(shown.keys() | signed_up.keys())
        ]
        if not rows:
            return
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(_ADD, rows)
        except Exception:
            with self._lock:
                self._shown.update(shown)
                self._signed_up.update(signed_up)
            raise

    def forget(self) -> None:
        """Throw away what was counted and is not written yet."""
        with self._lock:
            self._shown, self._signed_up = Counter(), Counter()
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None

    def write_and_leave(self) -> None:
        """Write at the end of a thread, or of the process; where the database is away the log says what is lost."""
        try:
            self.write()
        except DatabaseError:
            _log.exception("views of pages are not written")
        finally:
            connection.close()


page_counts = PageCounts()
atexit.register(page_counts.write_and_leave)


def count_view(workspace: Workspace, program: str, variant: str, day: int) -> None:
    """Count that somebody saw a page."""
    page_counts.note(Seen(workspace.pk, program, variant, day))


def count_sign_up(workspace: Workspace, program: str, variant: str, day: int) -> None:
    """Count that somebody signed up through a page."""
    page_counts.note(Seen(workspace.pk, program, variant, day), signed_up=True)
