"""Backing up: the whole installation as it stood at one moment, in a form that either database takes back.

Owns the reading of all tables. It must not change anything, and it must not keep writers waiting.
"""

import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from sayso.core.domain_error import DomainError
from sayso.domains.archive.form import (
    MANIFEST,
    Contents,
    Manifest,
    SavedTable,
    counted,
    migrations_of,
    saved_tables,
)
from sayso.domains.insight.release import sayso_version
from sayso.domains.workspaces.promises import one_moment

_ROWS_AT_ONCE = 2000


class BackupThere(DomainError):
    """A file stands where the backup should go."""


class NoFolder(DomainError):
    """The folder in which the backup should stand is not there."""


def count_rows() -> int:
    """Return how many rows a backup made now would hold."""
    with connection.cursor() as cursor:
        total = 0
        for table in saved_tables():
            cursor.execute(f'SELECT count(*) FROM "{table.name}"')  # noqa: S608
            total += cursor.fetchone()[0]
    return total


def back_up(*, path: Path, now: datetime, progress: Callable[[int], None]) -> Manifest:
    """Write everything that is remembered to a file that only its owner may read.

    Args:
        path: where to; nothing may stand there yet, and nothing does when this fails.
        now: the time.
        progress: is told how many more rows were written.

    Raises:
        BackupThere: a file of this name is there.
        NoFolder: there is no place for it.
    """
    if not path.parent.is_dir():
        raise NoFolder(f"there is no folder {path.parent}")
    if path.exists():
        raise BackupThere(f"there is a file {path} already")
    draft = path.with_name(f"{path.name}.part")
    try:
        with _private(draft) as file, one_moment():
            manifest = _write(file, now, progress)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        raise BackupThere(f"there is a file {path} already") from None
    finally:
        draft.unlink(missing_ok=True)
    return manifest


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file


def _write(file: IO[bytes], now: datetime, progress: Callable[[int], None]) -> Manifest:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        tables = tuple(_save(archive, table, progress) for table in saved_tables())
        migrations = migrations_of(MigrationRecorder(connection))
        manifest = Manifest(sayso_version(), migrations, now.isoformat(), tables)
        archive.writestr(MANIFEST, manifest.to_json())
    return manifest


def _save(archive: zipfile.ZipFile, table: SavedTable, progress: Callable[[int], None]) -> Contents:
    digest, rows, size = sha256(), 0, 0
    with archive.open(table.entry, "w", force_zip64=True) as entry:
        for line in map(table.to_line, counted(_rows(table), progress)):
            entry.write(line)
            digest.update(line)
            rows, size = rows + 1, size + len(line)
    return Contents(table.name, table.columns, rows, size, digest.hexdigest())


def _rows(table: SavedTable) -> Iterator[tuple[Any, ...]]:
    names, key = (", ".join(f'"{name}"' for name in group) for group in (table.columns, table.key))
    with connection.chunked_cursor() as cursor:
        cursor.execute(f'SELECT {names} FROM "{table.name}" ORDER BY {key}')  # noqa: S608
        while found := cursor.fetchmany(_ROWS_AT_ONCE):
            yield from found
