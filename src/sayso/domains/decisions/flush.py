"""When what was committed is on the disk: batches go on being decided while it writes, and nobody is answered before.

Owns the one connection that waits for PostgreSQL's log. A batch commits without waiting (`synchronous_commit` off on
the committer's connection); then a commit that does wait, on this connection, makes everything before it lasting. The
connection was open before the batch was decided: a server that crashed in between takes it down, so that nothing which
the crash undid is ever taken for kept. It must not know what a batch is.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any
from weakref import ref

from django.db import DatabaseError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

# It writes a record to the log, which a commit without changes would not.
_RECORD = "SELECT pg_logical_emit_message(true, 'sayso', '')"
_SESSION = "SELECT pg_backend_pid()"

_log = logging.getLogger(__name__)

Tell = Callable[[Exception | None], None]


class Flusher:
    """A thread that tells when what was committed before is kept for good.

    Attributes:
        busy_since: when it began to wait for the disk, by `time.perf_counter`; 0 while it does not.
    """

    def __init__(self) -> None:
        self.busy_since = 0.0
        self._waiting: list[tuple[BaseDatabaseWrapper, Tell]] = []
        self._changed = threading.Condition(threading.Lock())
        self._thread: threading.Thread | None = None
        self._stopping, self._possible = False, True
        self._witness: BaseDatabaseWrapper | None = None
        self._relaxed: Callable[[], Any] = lambda: None

    def relax(self, connection: BaseDatabaseWrapper) -> BaseDatabaseWrapper | None:
        """Let the commits of a connection not wait for the disk, from before a batch is decided.

        Returns:
            What `when_kept` is to be given when the batch was committed; None where commits wait, so that they are kept
            as soon as they are done.
        """
        if connection.vendor != "postgresql" or not self._possible:
            return None
        if self._witness is None and not self._find_witness(connection):
            return None
        connection.ensure_connection()
        # A connection that replaces this one waits again, until it is told otherwise here.
        if self._relaxed() is not connection.connection:
            with connection.cursor() as cursor:
                cursor.execute("SET synchronous_commit = off")
            self._relaxed = ref(connection.connection)
        return self._witness

    def _find_witness(self, connection: BaseDatabaseWrapper) -> bool:
        witness = connection.copy()
        witness.inc_thread_sharing()
        witness.connect()
        try:
            _record_on(witness)
            self._possible = _is_direct(witness)
        except DatabaseError as error:
            if isinstance(error, OperationalError):
                witness.close()
                raise
            # Something like PostgreSQL that has no such record.
            self._possible = False
        if self._possible:
            self._witness = witness
        else:  # commits go on waiting, one by one
            witness.close()
        return self._possible

    def when_kept(self, witness: BaseDatabaseWrapper, tell: Tell) -> None:
        """Have somebody told when what was committed is kept, or why that is not known."""
        with self._changed:
            if self._thread is None:
                thread = threading.Thread(target=self._work, name="sayso-flusher", daemon=True)
                thread.start()
                self._thread = thread
            self._waiting.append((witness, tell))
            self._changed.notify()

    def stop(self) -> None:
        """Tell everybody who waits, and give the connection back."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join()
        if self._witness is not None:
            self._witness.close()
        self._witness, self._thread, self._stopping, self._relaxed = None, None, False, lambda: None

    def _work(self) -> None:
        try:
            self._tell_who_waits()
        except Exception:
            # Whoever comes next starts another thread; those in between find out that nobody answers them.
            _log.exception("the flusher failed")
            with self._changed:
                self._thread, self.busy_since = None, 0.0

    def _tell_who_waits(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    if self._stopping:
                        return
                    self._changed.wait()
                told, self._waiting = self._waiting, []
            self.busy_since = time.perf_counter()
            for witness in {id(witness): witness for witness, _ in told}.values():
                failure = self._flush(witness)
                for other, tell in told:
                    if other is witness:
                        tell(failure)
            self.busy_since = 0.0

    def _flush(self, witness: BaseDatabaseWrapper) -> Exception | None:
        try:
            if witness.connection is None:
                return ConnectionError("the connection that would have seen a crash is gone")
            _record_on(witness)
        except Exception as error:
            witness.close()
            if self._witness is witness:
                self._witness = None
            return error
        return None


def _is_direct(witness: BaseDatabaseWrapper) -> bool:
    """Whether the connection is to the server itself: one to a pooler, which lends it sessions, outlives a crash."""
    with witness.wrap_database_errors, witness.connection.cursor() as cursor:
        (session,) = cursor.execute(_SESSION).fetchone()
    # A pooler tells a number of its own when the connection begins.
    return bool(session == witness.connection.info.backend_pid)


def _record_on(witness: BaseDatabaseWrapper) -> None:
    # Not through Django, which would connect again when the connection is gone.
    with witness.wrap_database_errors, witness.connection.cursor() as cursor:
        cursor.execute(_RECORD)
