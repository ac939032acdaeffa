"""Writing clicks: many rows in one statement, on both databases.

Owns the statement, and how a click is numbered. It must not decide which visits count.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection

from sayso.core.program.calendar import moment_of

# So many numbers one microsecond has; a number begins with the time.
PER_MICROSECOND = 1024

# Number, workspace, link, program, channel, version, and the moment in microseconds: `models.Click`.
Row = tuple[int, int, int, str, str, int, int]
Write = Callable[[Sequence[Row]], None]

_TYPES = {
    "number": "bigint", "workspace_id": "smallint", "link": "bigint", "program": "text", "channel": "text",
    "version": "integer", "clicked_at": "bigint",
}  # fmt: skip
_INTO = f"INSERT INTO sharing_click ({', '.join(_TYPES)})"
# Of two processes that count in one microsecond, one may lose its click.
_ONCE = "ON CONFLICT DO NOTHING"
_ARRAYS = ", ".join(f"%s::{kind}[]" for kind in _TYPES.values())
_BY_ARRAYS = f"{_INTO} SELECT * FROM unnest({_ARRAYS}) {_ONCE}"  # noqa: S608 - nothing in it comes from outside
_ONE_BY_ONE = f"{_INTO} VALUES ({', '.join(['%s'] * len(_TYPES))}) {_ONCE}"


def write_clicks(rows: Sequence[Row]) -> None:
    """Keep clicks."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_BY_ARRAYS, [list(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(_ONE_BY_ONE, rows)


def first_number(at: datetime) -> int:
    """Return the lowest number that a click at a moment can have."""
    return moment_of(at) * PER_MICROSECOND
