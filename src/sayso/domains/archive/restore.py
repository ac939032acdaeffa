"""Restoring a backup: into an empty database, in one transaction, and only if every promise holds there.

Owns the writing of all tables at once. It must not be called on a database that holds anything.
"""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, cast

from django.core.management.color import no_style
from django.db import DataError, IntegrityError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from sayso.core.domain_error import DomainError
from sayso.domains.archive.form import (
    LONGEST_LINE_BYTES,
    BackupNotUsable,
    Contents,
    Manifest,
    SavedTable,
    counted,
    migrations_of,
    read_manifest,
    saved_tables,
)
from sayso.domains.archive.room import make_room
from sayso.domains.decisions.verify import verify
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.promises import Broken

_ROWS_AT_ONCE = 2000
_NAMED = 10
_DAMAGES = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, DataError, IntegrityError)


class PromisesBroken(DomainError):
    """What the backup holds breaks promises, so nothing of it is kept."""

    def __init__(self, broken: Sequence[Broken]) -> None:
        super().__init__("; ".join(map(str, broken[:_NAMED])))
        self.broken = tuple(broken)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was taken back.

    Attributes:
        manifest: what the backup said of itself.
        first_key_gone: a first API key that was made here before opens nothing any more.
    """

    manifest: Manifest
    first_key_gone: bool


def restore(*, path: Path, start: Callable[[int], None], progress: Callable[[int], None]) -> Restored:
    """Take a backup back into an empty database; what `init` and a first start made does not count, and goes.

    Args:
        path: the backup.
        start: is told how many rows there are, once the archive was measured.
        progress: is told how many more rows were written.

    Raises:
        BackupNotUsable: it is damaged, was changed, or was made by another version.
        NotEmpty: there is something in the database.
        PromisesBroken: a promise does not hold for what was restored.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = read_manifest(archive, packed_bytes=path.stat().st_size)
            _check_versions(manifest)
            start(sum(each.rows for each in manifest.tables))
            with transaction.atomic():
                first_key_gone = make_room()
                _load(archive, manifest, progress)
                _prove()
    except _DAMAGES as error:
        raise BackupNotUsable(f"the backup is damaged: {error}") from error
    return Restored(manifest, first_key_gone)


def _check_versions(manifest: Manifest) -> None:
    here = migrations_of(MigrationRecorder(connection))
    tables = {(table.name, table.columns) for table in saved_tables()}
    if manifest.migrations != here or {(each.name, each.columns) for each in manifest.tables} != tables:
        raise BackupNotUsable(
            f"it was made by Sayso {manifest.sayso}, whose tables are not those of this one; "
            "restore it with that version, then upgrade"
        )


def _load(archive: zipfile.ZipFile, manifest: Manifest, progress: Callable[[int], None]) -> None:
    tables = {table.name: table for table in saved_tables()}
    for contents in manifest.tables:
        table = tables[contents.name]
        _insert(table, counted(map(table.from_line, _lines(archive, contents)), progress))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [table.model for table in tables.values()]):
            cursor.execute(statement)


def _prove() -> None:
    broken = [each for workspace in Workspace.objects.order_by("pk") for each in verify(workspace)]
    if broken:
        raise PromisesBroken(broken)


def _lines(archive: zipfile.ZipFile, contents: Contents) -> Iterator[bytes]:
    """Yield a table's lines; the last of them only if all are what they were when the backup was made."""
    digest, rows = sha256(), 0
    with (
        archive.open(f"{contents.name}.ndjson") as packed,
        io.BufferedReader(cast(io.RawIOBase, packed), 1 << 20) as entry,
    ):
        while line := entry.readline(LONGEST_LINE_BYTES):
            digest.update(line)
            rows += 1
            yield line
    if (rows, digest.hexdigest()) != (contents.rows, contents.sha256):
        raise BackupNotUsable(f"{contents.name}.ndjson was changed after the backup was made")


def _insert(table: SavedTable, rows: Iterable[list[Any]]) -> None:
    names = ", ".join(f'"{name}"' for name in table.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(table.columns))
        statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608
        following = iter(rows)
        while chunk := list(islice(following, _ROWS_AT_ONCE)):
            cursor.executemany(statement, chunk)
