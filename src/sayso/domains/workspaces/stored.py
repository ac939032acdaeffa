"""How rows of the core stand in tables: which columns, which of them are the key, and how values change form.

Owns the description that each app's `rows.py` gives of its tables, and the conversion of many rows at once, column by
column. It must not know a database.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, Literal, TypeVar, get_origin, get_type_hints

import msgspec

Form = Literal["int", "text", "bool", "bytes", "json", "packed"]
Values = list[tuple[Any, ...]]
Columns = list[Sequence[Any]]

_encode = msgspec.json.Encoder(enc_hook=str).encode
_EMPTY = {"{}", "[]"}

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        form: `json` is the database's own JSON, which can be searched; `packed` is JSON kept as plain text.
        decode: from JSON text to the value; only for the two forms of JSON.
        empty: the value of the empty JSON, shared by all rows that have it: rows never change a value in place.
    """

    name: str
    form: Form
    decode: Callable[[str], Any] | None = None
    empty: Any = None


@dataclass(frozen=True)
class StoredRows(Generic[R]):
    """One table and the type of its rows.

    Attributes:
        key: columns that, with the workspace, name one row; look-ups by a set lead with the first of them.
        columns: all columns but the workspace, in the order of the type's fields.
        row: what one row becomes; called with the values of the columns.
    """

    table: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    row: Callable[..., R]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return self.columns[self.names.index(name)]

    @cached_property
    def values_of(self) -> Callable[[R], tuple[Any, ...]]:
        """From a row to its values, in the order of the columns."""
        return attrgetter(*self.names)

    def to_columns(self, rows: Iterable[R]) -> Columns:
        """Turn rows into columns of values that a database takes."""
        return self.fold(map(self.values_of, rows))

    def fold(self, values: Iterable[tuple[Any, ...]]) -> Columns:
        """Turn rows that are already plain values, in the order of the columns, into columns."""
        columns: Columns = list(zip(*values, strict=True))
        for at, column in enumerate(self.columns):
            if column.decode is not None and columns:
                columns[at] = [to_json(value, column.empty) for value in columns[at]]
        return columns

    def to_rows(self, values: Values) -> list[R]:
        """Turn what a database gave back into rows."""
        if not values:
            return []
        columns: Columns = list(zip(*values, strict=True))
        for at, column in enumerate(self.columns):
            decode, empty = column.decode, column.empty
            if decode is not None:
                columns[at] = [empty if text in _EMPTY else decode(text) for text in columns[at]]
            elif column.form == "bool":  # SQLite keeps them as numbers
                columns[at] = list(map(bool, columns[at]))
        return list(map(self.row, *columns))


def to_json(value: Any, empty: Any) -> str:
    """Return a value as JSON text."""
    if not value and value == empty:
        return "{}" if isinstance(empty, dict) else "[]"
    return _encode(value).decode()


def stored(kind: type[R], table: str, key: tuple[str, ...], *, searchable: Collection[str] = ()) -> StoredRows[R]:
    """Describe the table of a row type: its fields are the columns, and their types say in which form they are kept.

    Args:
        kind: a dataclass or named tuple of plain values, tuples and mappings.
        searchable: fields that are kept as the database's own JSON.
    """
    columns = tuple(_column(name, hint, name in searchable) for name, hint in _fields_of(kind))
    return StoredRows(table, key, columns, kind)


_PLAIN: dict[Any, Form] = {int: "int", int | None: "int", str: "text", bool: "bool", bytes: "bytes"}


def _fields_of(kind: type[Any]) -> list[tuple[str, Any]]:
    return [(name, hint) for name, hint in get_type_hints(kind).items() if not name.startswith("_")]


def _column(name: str, hint: Any, searchable: bool) -> Column:
    plain = _PLAIN.get(hint)
    if plain is not None:
        return Column(name, plain)
    decode = msgspec.json.Decoder(hint).decode
    return Column(name, "json" if searchable else "packed", decode, decode("{}" if get_origin(hint) is dict else "[]"))
