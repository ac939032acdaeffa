"""What it means to check a promise: one query that finds the rows which break it.

Owns the shape of a check and of what it finds. Which promises there are is each room's own (DESIGN 8).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

# So many rows are named for one check; the rest would only repeat them.
MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class Broken:
    """One row that breaks a promise.

    Attributes:
        promise: the promise's number in DESIGN 8.
        table: where the row stands.
        row: what names it there.
        problem: what is wrong with it, as a sentence.
    """

    promise: int
    table: str
    row: str
    problem: str

    def __str__(self) -> str:
        return f"promise {self.promise}: {self.table} {self.row}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Check:
    """One query that finds what breaks a promise.

    Attributes:
        table: the table of the rows that it names.
        problem: the sentence about a row; `{0}`, `{1}` are the columns of the query after the first.
        query: its first column names the row; `%(workspace)s` is the workspace's number.
    """

    promise: int
    table: str
    problem: str
    query: str

    def run(self, workspace: int) -> Iterator[Broken]:
        """Yield the rows of a workspace that break the promise, `MOST_NAMED` at most."""
        with connection.cursor() as cursor:
            cursor.execute(f"{self.query} LIMIT {MOST_NAMED}", {"workspace": workspace})
            for name, *values in cursor.fetchall():
                yield Broken(self.promise, self.table, str(name), self.problem.format(*values))


_of_rooms_above: list[Check] = []


def run_checks(checks: Iterable[Check], workspace: int) -> Iterator[Broken]:
    """Yield what breaks any of these promises in a workspace."""
    for check in checks:
        yield from check.run(workspace)


def register_checks(checks: Iterable[Check]) -> None:
    """Have `verify` run checks of a room that lies above it."""
    _of_rooms_above.extend(checks)


def checks_of_rooms_above() -> Sequence[Check]:
    """Return the checks that rooms above have registered."""
    return tuple(_of_rooms_above)


@contextmanager
def one_moment() -> Iterator[None]:
    """See the database as it stands at one moment, without keeping writers waiting."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            # Django's own transactions lock a SQLite file for writing from the start.
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
