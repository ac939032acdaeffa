"""The two databases: how sets of rows of one workspace are found, added, changed and deleted on each.

Owns every statement of the deciding path but those of `erase`. Each one fixes the workspace on the table it touches
and works on a whole set; keys of a set are made unique first, since a join on a repeated key changes a row twice. It
must not know what the rows mean.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from typing import Any, NamedTuple, TypeVar

import msgspec
from django.db.backends.base.base import BaseDatabaseWrapper

from sayso.domains.workspaces.stored import Column, Columns, StoredRows, Values

R = TypeVar("R")
Rows = StoredRows[Any]

_ARRAY_TYPES = {
    "int": "bigint[]", "text": "text[]", "packed": "text[]", "bool": "boolean[]", "bytes": "bytea[]", "json": "jsonb[]"
}  # fmt: skip
_COPY_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_ARRAY_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"'})


class Look(NamedTuple):
    """Rows to look for; the fields mean what they mean in `Tables.values`."""

    table: Rows
    column: str
    keys: Iterable[Any]
    also: str = ""
    parameters: Sequence[Any] = ()


class Tables(ABC):
    """The tables of one workspace, in an open transaction."""

    def __init__(self, cursor: Any, workspace: int) -> None:
        self.cursor, self.workspace = cursor, workspace
        self.run: Callable[..., object] = _now

    # --- reading ------------------------------------------------------------------------------------------------

    def find(self, table: StoredRows[R], column: str, keys: Iterable[Any], *, also: str = "") -> list[R]:
        """Return the rows whose column is one of the keys; arguments as for `values`."""
        return table.to_rows(self.values(table, column, keys, also=also))

    def values(
        self,
        table: Rows,
        column: str,
        keys: Iterable[Any],
        *,
        also: str = "",
        parameters: Sequence[Any] = (),
    ) -> Values:
        """Return the rows whose column is one of the keys, as plain values in the order of the columns.

        Args:
            table: where to look.
            column: a column that leads an index.
            keys: the set; repeated keys count once.
            also: a further condition, and what may follow one, in SQL with a `%s` for each of `parameters`.
            parameters: what the further condition compares with.
        """
        asked = self._asked(Look(table, column, keys, also, parameters))
        return self._run(*asked) if asked else []

    def together(self, looks: Sequence[Look]) -> list[Values]:
        """Return what `values` returns for each of these; none depends on another, so one round trip may do for all."""
        return [self.values(*look[:3], also=look.also, parameters=look.parameters) for look in looks]

    def _asked(self, look: Look) -> tuple[str, list[Any]] | None:
        unique = list(set(look.keys))
        if not unique:
            return None
        condition = f"{_quoted(look.column)} {self.among} AND {look.also or 'TRUE'}"
        return self._selecting(look.table, condition), [self.workspace, self.set_of(unique), *look.parameters]

    def where(self, table: Rows, condition: str, parameters: Sequence[Any]) -> Values:
        """Return the workspace's rows that meet a condition in SQL, as plain values in the order of the columns."""
        return self._run(self._selecting(table, condition), [self.workspace, *parameters])

    def _selecting(self, table: Rows, condition: str) -> str:
        return f"SELECT {_names(table)} FROM {table.table} WHERE workspace_id = %s AND {condition}"  # noqa: S608

    def _run(self, statement: str, parameters: Sequence[Any]) -> Values:
        self.cursor.execute(statement, parameters)
        found: Values = self.cursor.fetchall()
        return found

    # --- writing ------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self, rows: int) -> Iterator[None]:
        """Write within this: of so many rows, the next is put into form while the database takes in the one before."""
        yield

    def insert(self, table: Rows, columns: Columns) -> None:
        """Add rows, given as columns."""
        if columns and columns[0]:
            self._insert(table, columns)

    def update(self, table: Rows, columns: Columns) -> None:
        """Change the rows of these keys, which are there and unique, to these values."""
        if columns and columns[0]:
            self._update(table, columns)

    def upsert(self, table: Rows, columns: Columns, *, add: bool) -> None:
        """Add rows; where one with its key stands, add the values to it, or put them in its place."""
        if columns and columns[0]:
            self._upsert(table, columns, add)

    def delete(self, table: Rows, keys: Sequence[tuple[Any, ...]]) -> None:
        """Delete the rows with these keys, each a tuple in the order of the table's key."""
        if keys:
            self._delete(table, list(zip(*set(keys), strict=True)))

    # --- what differs -------------------------------------------------------------------------------------------

    among: str

    @abstractmethod
    def set_of(self, keys: Collection[Any]) -> Any:
        """Return a set of keys as the one parameter that `among` compares with."""

    @abstractmethod
    def _insert(self, table: Rows, columns: Columns) -> None: ...

    @abstractmethod
    def _update(self, table: Rows, columns: Columns) -> None: ...

    @abstractmethod
    def _upsert(self, table: Rows, columns: Columns, add: bool) -> None: ...

    @abstractmethod
    def _delete(self, table: Rows, keys: Columns) -> None: ...


def open_tables(connection: BaseDatabaseWrapper, workspace: int) -> Tables:
    """Return the tables of one workspace on this connection, which must be in a transaction."""
    cursor = connection.cursor()
    if connection.vendor != "postgresql":
        return SQLite(cursor, workspace)
    watched = connection.execute_wrappers or connection.queries_logged
    # A pooler that lends connections for one transaction keeps nothing prepared; Django has this setting for it.
    if watched or connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        return PostgreSQL(cursor, workspace)
    from sayso.domains.decisions.prepared import Prepared  # noqa: PLC0415 -- only PostgreSQL needs its driver

    return PostgreSQL(Prepared(cursor), workspace)


class PostgreSQL(Tables):
    """Arrays for sets; COPY for many rows."""

    among = "= ANY(%s)"
    COPY_FROM_ROWS = 200
    BESIDE_FROM_ROWS = 500

    def set_of(self, keys: Collection[Any]) -> Any:
        return _array("int" if all(isinstance(key, int) for key in keys) else "text", keys)

    def together(self, looks: Sequence[Look]) -> list[Values]:
        fetch = getattr(self.cursor, "fetch_together", None)
        if fetch is None:
            return super().together(looks)
        asked = [self._asked(look) for look in looks]
        found = iter(fetch([each for each in asked if each]))
        return [next(found) if each else [] for each in asked]

    def _insert(self, table: Rows, columns: Columns) -> None:
        if len(columns[0]) >= self.COPY_FROM_ROWS:
            self._copy(table, columns)
            return
        names, rows = _names(table), _unnest(table)
        statement = f"INSERT INTO {table.table} (workspace_id, {names}) SELECT %s, {names} FROM {rows}"  # noqa: S608
        self.run(self.cursor.execute, statement, [self.workspace, *_arrays(table, columns)])

    def _copy(self, table: Rows, columns: Columns) -> None:
        cells = [_cells(column, values) for column, values in zip(table.columns, columns, strict=True)]
        # One form for a whole row puts numbers into text in half the time that it takes cell by cell.
        row = "\t".join([f"{self.workspace:d}", *("%s" for _ in cells)]) + "\n"
        lines = "".join(map(row.__mod__, zip(*cells, strict=True)))
        self.run(self._send, f"COPY {table.table} (workspace_id, {_names(table)}) FROM STDIN", lines.encode())

    def _send(self, statement: str, lines: bytes) -> None:
        with self.cursor.db.wrap_database_errors, self.cursor.copy(statement) as copy:
            copy.write(lines)

    @contextmanager
    def writing(self, rows: int) -> Iterator[None]:
        if rows < self.BESIDE_FROM_ROWS:
            with getattr(self.cursor, "sending", nullcontext)():
                yield
            return
        with ThreadPoolExecutor(1, "sayso-writer") as writer:
            sent: list[Future[Any]] = []
            self.run = lambda statement, *values: sent.append(writer.submit(statement, *values))
            try:
                yield
            finally:
                self.run = _now
                wait(sent)
        for each in sent:
            each.result()

    def _update(self, table: Rows, columns: Columns) -> None:
        # UPDATE … FROM unnest is a join, and with young statistics its plan may read the table once for each row.
        self._upsert(table, columns, add=False)

    def _upsert(self, table: Rows, columns: Columns, add: bool) -> None:
        names, rows = _names(table), _unnest(table)
        statement = (
            f"INSERT INTO {table.table} AS t (workspace_id, {names}) SELECT %s, {names} FROM {rows} "  # noqa: S608
            f"ON CONFLICT ({', '.join(_keys(table))}, workspace_id) DO UPDATE SET {_taken_over(table, add)}"
        )
        self.run(self.cursor.execute, statement, [self.workspace, *_arrays(table, columns)])

    def _delete(self, table: Rows, keys: Columns) -> None:
        """Find rows by the leading column of the key, then by all of it as one text: no join, so one plan."""
        first, *others = _keys(table)
        conditions, parameters = f"{first} {self.among}", [self.set_of(keys[0])]
        if others:
            conditions += f" AND CONCAT_WS('/', {first}, {', '.join(others)}) {self.among}"
            parameters.append(self.set_of(["/".join(map(str, key)) for key in zip(*keys, strict=True)]))
        statement = f"DELETE FROM {table.table} WHERE {conditions} AND workspace_id = %s"  # noqa: S608
        self.run(self.cursor.execute, statement, [*parameters, self.workspace])


class SQLite(Tables):
    """JSON arrays for sets; one prepared statement run for many rows."""

    among = "IN (SELECT value FROM json_each(%s))"

    def set_of(self, keys: Collection[Any]) -> Any:
        return msgspec.json.encode(list(keys)).decode()

    def _insert(self, table: Rows, columns: Columns) -> None:
        self.cursor.executemany(self._inserting(table), zip(*columns, strict=True))

    def _inserting(self, table: Rows) -> str:
        marks = ", ".join(["%s"] * len(table.columns))
        return f"INSERT INTO {table.table} AS t (workspace_id, {_names(table)}) VALUES ({self.workspace:d}, {marks})"  # noqa: S608

    def _update(self, table: Rows, columns: Columns) -> None:
        others = [at for at, name in enumerate(table.names) if name not in table.key]
        changes = ", ".join(f"{_quoted(table.names[at])} = %s" for at in others)
        same = " AND ".join(f"{name} = %s" for name in _keys(table))
        keys = [table.names.index(name) for name in table.key]
        statement = f"UPDATE {table.table} SET {changes} WHERE {same} AND workspace_id = {self.workspace:d}"  # noqa: S608
        self.cursor.executemany(statement, zip(*(columns[at] for at in (*others, *keys)), strict=True))

    def _upsert(self, table: Rows, columns: Columns, add: bool) -> None:
        statement = (
            f"{self._inserting(table)} "
            f"ON CONFLICT ({', '.join(_keys(table))}, workspace_id) DO UPDATE SET {_taken_over(table, add)}"
        )
        self.cursor.executemany(statement, zip(*columns, strict=True))

    def _delete(self, table: Rows, keys: Columns) -> None:
        same = " AND ".join(f"{name} = %s" for name in _keys(table))
        statement = f"DELETE FROM {table.table} WHERE {same} AND workspace_id = {self.workspace:d}"  # noqa: S608
        self.cursor.executemany(statement, zip(*keys, strict=True))


def _now(statement: Callable[..., object], *values: Any) -> object:
    return statement(*values)


# --- pieces of statements ---------------------------------------------------------------------------------------

P = TypeVar("P")


def _once(piece: Callable[..., P]) -> Callable[..., P]:
    """Make a piece once for each table, known by its name: hashing all of its columns costs more than the piece."""
    made: dict[tuple[Any, ...], P] = {}

    def known(table: Rows, *more: Any) -> P:
        key = (table.table, *more)
        found = made.get(key)
        if found is None:
            found = made[key] = piece(table, *more)
        return found

    return known


def _quoted(name: str) -> str:
    return f'"{name}"'


@_once
def _names(table: Rows) -> str:
    return ", ".join(map(_quoted, table.names))


@_once
def _keys(table: Rows) -> list[str]:
    return list(map(_quoted, table.key))


@_once
def _unnest(table: Rows) -> str:
    arrays = ", ".join(f"%s::{_ARRAY_TYPES[column.form]}" for column in table.columns)
    return f"unnest({arrays}) AS v({_names(table)})"


@_once
def _taken_over(table: Rows, add: bool) -> str:
    values = [name for name in map(_quoted, table.names) if name not in _keys(table)]
    before = "t.{0} + " if add else ""
    return ", ".join(f"{name} = {before.format(name)}excluded.{name}" for name in values)


# --- values as text ---------------------------------------------------------------------------------------------


def _cells(column: Column, values: Sequence[Any]) -> Iterable[Any]:
    """One column as cells of COPY's text format, whole numbers as they are."""
    match column.form:
        case "int":
            return ["\\N" if value is None else value for value in values] if None in values else values
        case "bool":
            return ["t" if value else "f" for value in values]
        case "bytes":
            return [f"\\\\x{value.hex()}" for value in values]
        case _:
            return _escaped(values, "\\\t\n\r", _COPY_ESCAPES)


def _arrays(table: Rows, columns: Columns) -> list[str]:
    return [_array(column.form, values) for column, values in zip(table.columns, columns, strict=True)]


def _array(form: str, values: Collection[Any]) -> str:
    """One column as the literal of an array, which costs a fraction of what the driver takes to make it."""
    match form:
        case "int":
            cells = ",".join(map(str, ["NULL" if value is None else value for value in values]))
        case "bool":
            cells = ",".join(["t" if value else "f" for value in values])
        case "bytes":
            cells = ",".join([f'"\\\\x{value.hex()}"' for value in values])
        case _:
            cells = ",".join([f'"{text}"' for text in _escaped(values, '\\"', _ARRAY_ESCAPES)])
    return f"{{{cells}}}"


def _escaped(values: Collection[str], special: str, escapes: dict[int, str]) -> Collection[str]:
    """Escape texts; most columns hold nothing to escape, which one look at all of them together shows."""
    together = "".join(values)
    if any(letter in together for letter in special):
        return [text.translate(escapes) for text in values]
    return values
