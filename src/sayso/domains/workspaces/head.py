"""The head of a workspace's log: where it stands, and the lock that makes one writer.

Owns locking and moving the head. It must not know what the log holds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from sayso.core.domain_error import DomainError
from sayso.core.program.calendar import moment_of
from sayso.domains.workspaces.locked_file import locked_file
from sayso.domains.workspaces.models import Workspace

# The deciding path looks rows up by sets of keys that lead an index. On tables whose statistics are young the planner
# prefers to read all of them, so within the transaction it may not.
_BY_INDEX_ONLY = ", set_config('enable_seqscan', 'off', true)"
# The workspace whose lock the running code holds; 0 for none.
_held: ContextVar[int] = ContextVar("held", default=0)
# How long the running code waits for a lock, as PostgreSQL writes it; empty for as long as it takes.
_patience: ContextVar[str] = ContextVar("patience", default="")
_LOCK_NOT_AVAILABLE = "55P03"
# PostgreSQL's own mark of the transaction that wrote a row last.
_VERSION = "xmin::text"
_COLUMNS = "name, is_test, timezone, position, clock, rulebook, seals, head, listens, failing"

_MOVE = (
    "UPDATE workspaces_workspace SET position = %s, clock = %s, rulebook = %s, seals = %s, head = %s, failing = %s"
    " WHERE id = %s"
)


class NoSuchWorkspace(DomainError, LookupError):
    """There is no workspace of this name or number."""


class HeadBusy(Exception):
    """Somebody else has held the workspace, or something in it, for longer than the running code waits."""


@dataclass(slots=True)
class Head:
    """The row of a locked workspace; the fields mean what they mean in `workspaces.models.Workspace`.

    Attributes:
        version: another one whenever anybody held the lock meanwhile; empty where no such mark is kept.
    """

    workspace: int
    name: str
    is_test: bool
    timezone: str
    position: int
    clock: int
    rulebook: bytes
    seals: int
    head: bytes
    listens: str
    failing: str
    version: str = ""


@contextmanager
def locked(connection: BaseDatabaseWrapper, workspace: int) -> Iterator[Head]:
    """Open a transaction that nothing else writing to the workspace runs beside, and yield its head.

    Whoever holds the lock may ask again: what is done inside is part of the same transaction.

    Raises:
        NoSuchWorkspace: there is none of this number.
        HeadBusy: within `waiting_at_most`, where somebody else held it for longer.
    """
    if _held.get() == workspace:
        with transaction.atomic(using=connection.alias):
            yield _lock(connection, workspace)
        return
    with _queue(connection), _told_as_busy(workspace), transaction.atomic(using=connection.alias, durable=True):
        head = _lock(connection, workspace)
        version, mine = head.version, _held.set(workspace)
        try:
            yield head
        finally:
            _held.reset(mine)
        if version and head.version == version:
            _say_that_it_was_held(connection, workspace)


def _say_that_it_was_held(connection: BaseDatabaseWrapper, workspace: int) -> None:
    """Leave a mark that somebody may have written here, for whoever keeps in memory what they read before."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE workspaces_workspace SET position = position WHERE id = %s", [workspace])


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """Give up on a workspace in which somebody else holds what is needed for longer, its head or anything else.

    A SQLite file is waited for as long as it takes.
    """
    mine = _patience.set(f"{seconds * 1000:.0f}ms")
    try:
        yield
    finally:
        _patience.reset(mine)


@contextmanager
def _told_as_busy(workspace: int) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if _patience.get() and getattr(error.__cause__, "sqlstate", "") == _LOCK_NOT_AVAILABLE:
            raise HeadBusy(f"the workspace {workspace}, or something in it, is held by somebody else") from error
        raise


def _lock(connection: BaseDatabaseWrapper, workspace: int) -> Head:
    if connection.vendor != "postgresql":
        return peek(connection, workspace)
    return peek(connection, workspace, lock="FOR UPDATE")


def peek(connection: BaseDatabaseWrapper, workspace: int, *, lock: str = "") -> Head:
    """Return the head as it stands, and let the transaction look rows up by their indexes; errors as for `locked`."""
    extra = f", {_VERSION}{_BY_INDEX_ONLY}" if connection.vendor == "postgresql" else ", ''"
    statement = f"SELECT {_COLUMNS}{extra} FROM workspaces_workspace WHERE id = %s {lock}"  # noqa: S608
    patience = _patience.get() if lock else ""
    with connection.cursor() as cursor:
        if patience:  # both go to the server together
            cursor.execute(f"SET LOCAL lock_timeout = '{patience}'; {statement}", [workspace])
            cursor.nextset()
        else:
            cursor.execute(statement, [workspace])
        row = cursor.fetchone()
    if row is None:
        raise NoSuchWorkspace(f"there is no workspace {workspace}")
    name, is_test, timezone, position, clock, rulebook, seals, head, listens, failing, version = row[:11]
    found = (workspace, name, bool(is_test), timezone, position, clock, bytes(rulebook), seals, bytes(head))
    return Head(*found, listens, failing, version)


def head_of(workspace: Workspace) -> Head:
    """Return the head of a workspace as it stands now, for whoever only reads."""
    workspace.refresh_from_db()
    return Head(
        workspace=workspace.pk,
        name=workspace.name,
        is_test=workspace.is_test,
        timezone=workspace.timezone,
        position=workspace.position,
        clock=moment_of(workspace.clock) if workspace.clock else 0,
        rulebook=bytes(workspace.rulebook),
        seals=workspace.seals,
        head=bytes(workspace.head),
        listens=workspace.listens,
        failing=workspace.failing,
    )


def move(connection: BaseDatabaseWrapper, head: Head) -> None:
    """Write the head back at the end of a batch."""
    values: list[int | str | bytes]
    values = [head.position, head.clock, head.rulebook, head.seals, head.head, head.failing, head.workspace]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute(_MOVE, values)
            return
        cursor.execute(f"{_MOVE} RETURNING {_VERSION}", values)
        (head.version,) = cursor.fetchone()


@contextmanager
def _queue(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let writers of a SQLite file queue in the kernel, since SQLite itself only tries again and again."""
    path = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or ":memory:" in path or "mode=memory" in path:
        yield
        return
    with locked_file(f"{path}.lock"):
        yield
