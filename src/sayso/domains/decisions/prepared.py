"""A cursor for the few statements of the deciding path, which come again and again with other values.

Owns how they reach PostgreSQL: each is planned once for a connection, and writes are sent without waiting for the one
before, so that a batch of a few events costs one round trip for all of them. It must not know what a statement does.
"""

import select
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import Error
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import Connection, OperationalError
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

# Statements whose text differs each time would fill the server's memory; what comes after so many is not kept.
MOST_PREPARED = 300
# What an integer is sent as; a text takes the type of the place where it stands.
_BIGINT, _BY_PLACE = 20, 0
_WELL = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
# The table has changed its form since, or the server has forgotten: a new connection begins anew.
_STALE = (b"0A000", b"26000")

_prepared: "WeakKeyDictionary[Connection[Any], dict[str, bytes]]" = WeakKeyDictionary()
_numbers = count(1)


class Prepared:
    """A cursor that executes with `%s` for each value, values being whole numbers and texts."""

    def __init__(self, cursor: Any) -> None:
        # Django's own name for the connection finds the thread's one anew each time that it is asked for anything.
        self.db: BaseDatabaseWrapper = cursor.db
        self._cursor = cursor
        self._connection: Connection[Any] = cursor.connection
        self._pgconn: PGconn = self._connection.pgconn
        self._names = _prepared.setdefault(self._connection, {})
        self._result: PGresult | None = None
        self._sending, self._sent = False, list[str]()
        if self.db.in_atomic_block and self._pgconn.transaction_status == TransactionStatus.IDLE:
            cursor.execute("SELECT 1")  # the driver begins the transaction with the first statement that it sees itself

    def execute(self, statement: str, values: Sequence[Any]) -> None:
        """Run a statement; within `sending` only send it."""
        with self.db.wrap_database_errors:
            cells = [str(value).encode() for value in values]
            if self._sending:
                self._send(statement, values, cells)
                return
            name = self._names.get(statement)
            if name is None and len(self._names) < MOST_PREPARED:
                name = b"sayso_%d" % next(_numbers)
                _well(self._pgconn.prepare(name, _numbered(statement), _types(values)))
                self._names[statement] = name
            if name is None:
                self._result = _well(self._pgconn.exec_params(_numbered(statement), cells, _types(values)))
            else:
                self._result = _well(self._pgconn.exec_prepared(name, cells))

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return the rows of the statement that ran last."""
        assert self._result is not None
        return self._rows(self._result)

    def fetch_together(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[list[tuple[Any, ...]]]:
        """Run statements that all select, each with its values, in one round trip; the rows of each."""
        with self.db.wrap_database_errors:
            for statement, values in statements:
                self._send(statement, values, [str(value).encode() for value in values])
            return list(map(self._rows, self._finish()))

    def _rows(self, result: PGresult) -> list[tuple[Any, ...]]:
        transformer = Transformer(self._connection)
        transformer.set_pgresult(result)
        return transformer.load_rows(0, result.ntuples, tuple)

    def copy(self, statement: str) -> Any:
        """Copy rows in, as the driver does."""
        self._finish()
        return self._cursor.copy(statement)

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Send what is executed within this without waiting; what failed is raised at the end."""
        self._sending = True
        try:
            yield
        except BaseException:
            self._give_up()
            raise
        finally:
            self._sending = False
        self._finish()

    # --- sending without waiting ----------------------------------------------------------------------------------

    def _send(self, statement: str, values: Sequence[Any], cells: Sequence[bytes]) -> None:
        if not self._sent:
            self._pgconn.enter_pipeline_mode()
        self._sent.append(statement)
        name = self._names.get(statement)
        if name is None and len(self._names) < MOST_PREPARED:
            name = self._names[statement] = b"sayso_%d" % next(_numbers)
            self._pgconn.send_prepare(name, _numbered(statement), _types(values))
        if name is None:
            self._pgconn.send_query_params(_numbered(statement), cells, _types(values))
        else:
            self._pgconn.send_query_prepared(name, cells)
        self._pgconn.flush()  # the server begins while the next statement is put into form

    def _finish(self) -> list[PGresult]:
        """Wait until all that was sent is done, and return the results that have rows, in their order.

        Raises:
            DatabaseError: one of the statements failed; those after it were not run.
        """
        if not self._sent:
            return []
        with self.db.wrap_database_errors:
            failed, found = self._results()
            if failed is not None:
                for statement in self._sent:
                    self._names.pop(statement, None)
            self._sent.clear()
            self._pgconn.exit_pipeline_mode()
            if failed is not None:
                _well(failed)
            return found

    def _give_up(self) -> None:
        """Leave with what was sent, whose failure is not what matters now."""
        try:
            self._finish()
        except Error:
            self._sent.clear()

    def _results(self) -> tuple[PGresult | None, list[PGresult]]:
        """Return the first failure, and the results that have rows, when everything is done."""
        failed, found = None, list[PGresult]()
        connection = self._pgconn
        either, readable = select.poll(), select.poll()
        either.register(connection.socket, select.POLLIN | select.POLLOUT)
        readable.register(connection.socket, select.POLLIN)
        connection.pipeline_sync()
        while connection.flush():
            # The server may wait for us to read before it reads on itself.
            if any(event & ~select.POLLOUT for _, event in either.poll()):
                connection.consume_input()
        while True:
            while connection.is_busy():
                readable.poll()
                connection.consume_input()
            result = connection.get_result()
            if result is None:
                continue
            if result.status == ExecStatus.PIPELINE_SYNC:
                return failed, found
            if result.status == ExecStatus.TUPLES_OK:
                found.append(result)
            elif result.status == ExecStatus.FATAL_ERROR:
                failed = failed or result


def _well(result: PGresult) -> PGresult:
    if result.status not in _WELL:
        error, code = error_from_result(result), result.error_field(DiagnosticField.SQLSTATE)
        # Where the connection was lost there is no code, and the driver does not tell that from a defect.
        raise OperationalError(str(error)) if not code or code in _STALE else error
    return result


def _types(values: Sequence[Any]) -> list[int]:
    return [_BIGINT if isinstance(value, int) else _BY_PLACE for value in values]


def _numbered(statement: str) -> bytes:
    """The statement with `$1`, `$2` where it has `%s`."""
    pieces = statement.split("%s")
    numbered = "".join(f"{piece}${number}" for number, piece in enumerate(pieces[:-1], 1))
    return (numbered + pieces[-1]).replace("%%", "%").encode()
