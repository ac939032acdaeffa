"""The form of a backup: one file of rows for each table in a zip archive, and a manifest with counts and digests.

Owns which tables there are, how a value stands in a line, and the measuring of an archive before it is unpacked. It
must not read or write a database. A backup is of the whole installation, so it is the one place without a workspace.
"""

import base64
import json
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, cast

import msgspec
from django.apps import apps
from django.db import models
from django.db.migrations.recorder import MigrationRecorder

from sayso.core.domain_error import DomainError

FORMAT, EDITION = "sayso-backup", 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST_BYTES = 1_000_000
LONGEST_LINE_BYTES = 16_000_000
# Rows of a real installation shrink to a tenth; what shrinks so much more was made to fill a disk.
MOST_TIMES_LARGER = 300
SMALLEST_SUSPECT_BYTES = 10_000_000


class BackupNotUsable(DomainError):
    """The archive is damaged, was changed, is of another kind, or was made by another version."""


@dataclass(frozen=True)
class SavedTable:
    """One table as it stands in a backup."""

    model: type[models.Model]

    @property
    def name(self) -> str:
        """The table's name in the database."""
        return self.model._meta.db_table

    @property
    def entry(self) -> str:
        """The name of its file in the archive."""
        return f"{self.name}.ndjson"

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(cast(str, field.column) for field in self._fields)

    @cached_property
    def _fields(self) -> list["models.Field[Any, Any]"]:
        return list(self.model._meta.local_concrete_fields)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of its primary key."""
        return tuple(cast(str, field.column) for field in self.model._meta.pk_fields)

    def _at(self, kind: type["models.Field[Any, Any]"]) -> list[int]:
        return [at for at, field in enumerate(self._fields) if isinstance(field, kind)]

    @cached_property
    def to_line(self) -> Callable[[tuple[Any, ...]], bytes]:
        """From the values that either database gives to a line."""
        encode, flags, blobs = (
            msgspec.json.Encoder().encode,
            self._at(models.BooleanField),
            self._at(models.BinaryField),
        )

        def line(values: tuple[Any, ...]) -> bytes:
            row = list(values)
            for at in flags:  # SQLite keeps them as numbers
                row[at] = bool(row[at])
            for at in blobs:
                row[at] = base64.b64encode(row[at]).decode()
            return encode(row) + b"\n"

        return line

    @cached_property
    def from_line(self) -> Callable[[bytes], list[Any]]:
        """From a line to the values that either database takes."""
        decode, blobs, width = msgspec.json.Decoder(list[Any]).decode, self._at(models.BinaryField), len(self.columns)

        def row(line: bytes) -> list[Any]:
            try:
                values = decode(line)
                for at in blobs:
                    values[at] = base64.b64decode(values[at], validate=True)
            except (msgspec.DecodeError, ValueError, TypeError, IndexError, RecursionError):
                raise BackupNotUsable(f"a line of {self.entry} cannot be read") from None
            if len(values) != width:
                raise BackupNotUsable(f"a line of {self.entry} has {len(values)} values instead of {width}")
            return values

        return row


@dataclass(frozen=True)
class Contents:
    """What the manifest says of one table: `bytes` and `sha256` are of its file, unpacked."""

    name: str
    columns: tuple[str, ...]
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds; `digest` is over everything else.

    Attributes:
        sayso: the version of Sayso that made it.
        migrations: the state of the tables, as the names of all migrations.
        made_at: RFC 3339.
    """

    sayso: str
    migrations: tuple[str, ...]
    made_at: str
    tables: tuple[Contents, ...]
    format: str = FORMAT
    edition: int = EDITION

    def to_json(self) -> bytes:
        """Return the manifest with its digest."""
        body = asdict(self)
        return json.dumps({**body, "digest": _digest(body)}, indent=2).encode() + b"\n"


def _digest(body: dict[str, Any]) -> str:
    return sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def saved_tables() -> list[SavedTable]:
    """Return every table of the domains, low to high."""
    return [
        SavedTable(model)
        for config in apps.get_app_configs()
        if config.name.startswith("sayso.domains.")
        for model in config.get_models(include_auto_created=True)
    ]


def migrations_of(recorder: MigrationRecorder) -> tuple[str, ...]:
    """Return the names of the migrations that made the tables of the domains."""
    ours = {table.model._meta.app_label for table in saved_tables()}
    return tuple(sorted(f"{app}.{name}" for app, name in recorder.applied_migrations() if app in ours))


def read_manifest(archive: zipfile.ZipFile, *, packed_bytes: int) -> Manifest:
    """Read and measure an archive before anything of it is unpacked.

    Args:
        archive: the opened archive.
        packed_bytes: the size of its file.

    Raises:
        BackupNotUsable: it is none of ours, was changed, or would unpack to more than it may.
    """
    manifest = _manifest(archive)
    sizes = {entry.filename: entry.file_size for entry in archive.infolist() if entry.filename != MANIFEST}
    promised = {f"{each.name}.ndjson": each.bytes for each in manifest.tables}
    if sizes != promised or len(archive.infolist()) != len(promised) + 1:
        raise BackupNotUsable("the archive does not hold what its manifest says")
    whole = sum(sizes.values())
    if whole > max(packed_bytes * MOST_TIMES_LARGER, SMALLEST_SUSPECT_BYTES):
        raise BackupNotUsable(f"the archive would unpack to {whole:,} bytes, more than rows of {packed_bytes:,} can be")
    return manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST_BYTES:
            raise BackupNotUsable("its manifest is too large")
        found = msgspec.json.decode(archive.read(MANIFEST), type=dict[str, Any])
        digest = found.pop("digest", "")
        manifest = msgspec.convert(found, Manifest)
    except (KeyError, msgspec.DecodeError, msgspec.ValidationError, RecursionError, zipfile.BadZipFile):
        raise BackupNotUsable("this is no backup made by Sayso") from None
    if (manifest.format, manifest.edition) != (FORMAT, EDITION):
        raise BackupNotUsable("this is no backup that this version of Sayso can read")
    if _digest(found) != digest:
        raise BackupNotUsable("its manifest was changed after it was made")
    return manifest


def counted(rows: Iterable[Any], progress: Callable[[int], None], *, every: int = 1000) -> Iterable[Any]:
    """Yield rows, and tell how many went by since it was last told."""
    since = 0
    for row in rows:
        since += 1
        if since == every:
            progress(since)
            since = 0
        yield row
    progress(since)
