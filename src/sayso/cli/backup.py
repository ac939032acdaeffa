"""Owns `sayso backup` and `sayso restore`: the whole installation to a file and back, between either database.

It must not know how rows are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from sayso.cli.answers import answer, json_option
from sayso.cli.connect import start_django
from sayso.cli.progress import bar

_KEY_GONE = "The first API key that was made here opens nothing any more; those of the backup hold."


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def backup(file: Path) -> None:
    """Write all workspaces, as they stand at one moment, to FILE, which must not be there yet.

    It holds personal data and is readable by its owner only. The secret key of SAYSO_HOME is not in it.
    """
    start_django()
    from sayso.domains.archive.back_up import back_up, count_rows

    with bar("Backing up", total=count_rows(), unit="rows") as shown:
        manifest = back_up(path=file, now=datetime.now(UTC), progress=shown.advance)
    rows = sum(each.rows for each in manifest.tables)
    answer(
        {"file": str(file), "rows": rows, "bytes": file.stat().st_size, "sayso": manifest.sayso},
        lambda: f"{file}: {rows:,} rows, {file.stat().st_size:,} bytes.",
    )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def restore(file: Path) -> None:
    """Take FILE back into an empty database, and prove the books of every workspace before anything is kept.

    A database is empty as long as nothing happened in it: what `sayso init` and a first start made may be there.
    """
    start_django()
    from django.db import connection

    from sayso.cli.serving.prepare import one_at_a_time, prepare_tables
    from sayso.domains.archive.restore import restore as take_back
    from sayso.domains.archive.sealed import sealed_elsewhere

    with one_at_a_time(connection):
        prepare_tables()
    with bar("Restoring", total=None, unit="rows") as shown:
        restored = take_back(path=file, start=shown.start, progress=shown.advance)
    manifest, shut = restored.manifest, sealed_elsewhere()
    rows = sum(each.rows for each in manifest.tables)
    said = [f"Restored {rows:,} rows as they stood at {manifest.made_at}. Every promise holds."]
    said += [_KEY_GONE] if restored.first_key_gone else []
    said += [_told_of_seals(shut)] if shut else []
    answer(
        {"file": str(file), "rows": rows, "made_at": manifest.made_at, "verified": True, "sealed_elsewhere": shut},
        lambda: "\n".join(said),
    )


def _told_of_seals(shut: Mapping[str, int]) -> str:
    """Say which secrets cannot be opened, and where the key belongs that opens them."""
    from django.conf import settings

    count = sum(shut.values())
    secrets = "1 secret is" if count == 1 else f"{count:,} secrets are"
    place = "set SAYSO_SECRET_KEY to the one of the installation that was backed up"
    if settings.SECRET_KEY_FILE:
        name = settings.SECRET_KEY_FILE.name
        place = f"put the file {name} of the installation that was backed up at {settings.SECRET_KEY_FILE}"
    return (
        f"{secrets} sealed under another secret key than the one here ({', '.join(shut)}): nothing can be signed or "
        f"checked with them. Before this is served, {place}."
    )
