"""Owns the reading of a file line by line, in constant memory: NDJSON and CSV become plain mappings or problems.

It must not know what the fields mean: `columns` says how a cell becomes a value.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

import msgspec

from sayso.cli.answers import Refused
from sayso.domains.events.reading import refuse_repeated_names

Form = Literal["csv", "ndjson"]
Fields = dict[str, Any]
# From the heads of the columns to what makes a row of cells a mapping; a ValueError says what is wrong with a cell.
Header = Callable[[list[str]], Callable[[list[str]], Fields]]

LONGEST_LINE_BYTES = 1_000_000
_EXTENSIONS: Mapping[str, Form] = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson"}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Line:
    """One line that says something: its fields, or why it cannot be read; `number` counts from 1."""

    number: int
    fields: Fields | None = None
    problem: str = ""


def form_of(suffix: str, wanted: str | None) -> Form:
    """Return how a file is written: as it was said, else by its extension (`.csv`).

    Raises:
        Refused: neither says it.
    """
    form = wanted or _EXTENSIONS.get(suffix.lower())
    if form is None:
        raise Refused("The name of the file does not say how it is written. Add --format csv or --format ndjson.")
    return "csv" if form == "csv" else "ndjson"


def read_lines(stream: BinaryIO, form: Form, header: Header) -> Iterator[Line]:
    """Yield every line that is not empty.

    Args:
        stream: the file, opened in binary.
        form: how it is written.
        header: what the columns of a CSV file mean.

    Raises:
        Refused: the head of a CSV file is missing or names what nobody knows.
    """
    return _csv_lines(stream, header) if form == "csv" else _ndjson_lines(stream)


# --- NDJSON -----------------------------------------------------------------------------------------------------


def _ndjson_lines(stream: BinaryIO) -> Iterator[Line]:
    decode = msgspec.json.Decoder(Fields).decode
    for number, text in enumerate(_bounded(stream), start=1):
        if text is None:
            yield Line(number, problem=f"the line is longer than {LONGEST_LINE_BYTES:,} bytes")
        elif not text.isspace():
            try:
                fields = decode(text)
                refuse_repeated_names(text, fields)
                yield Line(number, fields)
            except (ValueError, RecursionError) as error:  # of which all of msgspec's and of Unicode are
                yield Line(number, problem=_said(error))


def _bounded(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield lines; None for one that is too long, which is never held whole."""
    first = True
    while text := stream.readline(LONGEST_LINE_BYTES):
        if first:
            first, text = False, text.removeprefix(_BYTE_ORDER_MARK) or b"\n"
        if len(text) < LONGEST_LINE_BYTES or text.endswith(b"\n"):
            yield text
            continue
        while text and not text.endswith(b"\n"):
            text = stream.readline(LONGEST_LINE_BYTES)
        yield None


def _said(error: Exception) -> str:
    if isinstance(error, msgspec.ValidationError):
        return "an object in braces is expected"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return f"it cannot be read as JSON: {error}"


# --- CSV --------------------------------------------------------------------------------------------------------


def _csv_lines(stream: BinaryIO, header: Header) -> Iterator[Line]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        yield from _lines_of(text, header)
    finally:
        text.detach()  # the stream is closed by whoever opened it


def _lines_of(text: io.TextIOWrapper, header: Header) -> Iterator[Line]:
    head_line = text.readline(LONGEST_LINE_BYTES)
    delimiter = max(",;\t", key=head_line.count)
    read, width = _head(head_line, delimiter, header)
    rows = csv.reader(_bounded_text(text), delimiter=delimiter, strict=True)
    while True:
        number = rows.line_num + 2
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Line(number, problem=f"it cannot be read as CSV: {error}")
            continue
        if any(row):
            yield _csv_line(number, row, width, read)


def _head(line: str, delimiter: str, header: Header) -> tuple[Callable[[list[str]], Fields], int]:
    try:
        line.encode()
        heads = next(csv.reader([line], delimiter=delimiter), [])
    except UnicodeEncodeError:
        raise Refused("The file is not written in UTF-8. Save it as CSV in UTF-8.") from None
    except csv.Error as error:
        raise Refused(f"The first line must name the columns; it cannot be read as CSV: {error}.") from None
    if not heads:
        raise Refused("The file is empty. Its first line must name the columns.")
    return header([head.strip() for head in heads]), len(heads)


def _bounded_text(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield lines; of one that is too long, what the reader of CSV refuses, so that it is never held whole."""
    while line := text.readline(LONGEST_LINE_BYTES):
        if len(line) < LONGEST_LINE_BYTES or line.endswith(("\n", "\r")):
            yield line
            continue
        while line and not line.endswith(("\n", "\r")):
            line = text.readline(LONGEST_LINE_BYTES)
        yield "x" * (csv.field_size_limit() + 1)


def _csv_line(number: int, row: list[str], width: int, read: Callable[[list[str]], Fields]) -> Line:
    if len(row) != width:
        return Line(number, problem=f"it has {len(row)} cells, and the head has {width}")
    try:
        "".join(row).encode()
        return Line(number, read(row))
    except UnicodeEncodeError:
        return Line(number, problem="it is not written in UTF-8")
    except ValueError as error:
        return Line(number, problem=str(error))
