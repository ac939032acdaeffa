"""From YAML text to plain data, with the line and column of every value.

Owns the bounds of a document and the small part of YAML that it may use: no aliases, anchors, tags, second documents
or repeated keys, so that what a person reads is what the program means. It must not know the document's sections.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from sayso.core.program.problems import Problem

MAXIMUM_BYTES = 1_000_000
MAXIMUM_DEPTH = 32
MAXIMUM_VALUES = 20_000
MAXIMUM_LINE = 25_000

Path = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
# What no reader sees and no database keeps: control characters, and halves of a pair of surrogates.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value stands: line and column from 1, of its key when it has one, and of itself; and its last line."""

    key: tuple[int, int]
    value: tuple[int, int]
    plain: bool = False
    one_line: bool = False
    last: int = 0


@dataclass(slots=True)
class Source:
    """What was read: plain data, the place of each value, and the problems of the text itself."""

    lines: list[str] = field(default_factory=list, repr=False)
    data: Any = None
    marks: dict[Path, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: YAMLError | None = None
    stopped: bool = False

    def place(self, path: Path) -> tuple[int, int]:
        """Line and column of a path, or of the nearest part around it that stands in the text."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks[path].key if path in self.marks else (1, 1)

    def spot_in(self, path: Path, piece: str) -> tuple[int, int] | None:
        """Line and column of a piece of the text at a path; None where it is written otherwise: folded, escaped."""
        mark = self.marks[path]
        first, column = mark.value
        for number, line in enumerate(self.lines[first - 1 : mark.last], start=first):
            found = line.find(piece, column - 1 if number == first else 0)
            if found >= 0:
                return number, found + 1
        return None


class _Stop(Exception):
    """Reading ends here; the problem is noted."""


def decode(text: str | bytes) -> tuple[str, list[Problem]]:
    """The text inside its bounds, or the problem that keeps it from being read at all."""
    try:
        raw = text if isinstance(text, bytes) else text.encode()
        if len(raw) > MAXIMUM_BYTES:
            return "", [Problem(1, 1, "", f"The document is larger than {MAXIMUM_BYTES // 1_000_000} MB.")]
        read = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = text[: error.start] if isinstance(text, bytes) else b""
        line = before.count(b"\n") + 1
        return "", [Problem(line, 1, "", "A character here is broken; save the document as UTF-8.")]
    except UnicodeEncodeError as error:
        line = str(text)[: error.start].count("\n") + 1
        return "", [Problem(line, 1, "", "A character here is broken; save the document as UTF-8.")]
    return read, _unreadable_lines(read)


def _unreadable_lines(text: str) -> list[Problem]:
    problems = []
    for number, line in enumerate(text.split("\n"), start=1):
        if hidden := _CONTROL.search(line):
            message = "A character here cannot be seen; remove it."
            problems.append(Problem(number, hidden.start() + 1, "", message))
        if len(line) > MAXIMUM_LINE:
            problems.append(Problem(number, 1, "", f"This line is longer than {MAXIMUM_LINE} characters."))
    return problems[:100]


def read_source(text: str) -> Source:
    """Read decoded text; what YAML itself cannot read is left in `broken`."""
    reader = _Reader(Source(text.split("\n")), _events(text))
    try:
        reader.document()
    except _Stop:
        reader.source.stopped = True
    except YAMLError as error:
        reader.source.broken = error
    return reader.source


def _events(text: str) -> Iterator[Event]:
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except YAMLError:
        raise
    except Exception as error:
        # The library lets other errors through on hostile text, a ValueError on "\UFFFFFFFF" for one.
        raise YAMLError(str(error)) from error


@dataclass(slots=True)
class _Reader:
    """Builds plain data from YAML's events, in one pass and inside the bounds."""

    source: Source
    events: Iterator[Event]
    values: int = 0

    def document(self) -> None:
        """Read the first document and refuse a second."""
        for event in self.events:
            if isinstance(event, DocumentStartEvent) and event.version:
                self._note(event, (), "The document needs no %YAML line.")
            if isinstance(event, NodeEvent):
                self.source.data = self._value(event, (), _spot(event))
                break
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                self._note(event, (), "A second document begins here; one file holds one program.")
                return

    def _note(self, event: Event, path: Path, message: str) -> None:
        line, column = _spot(event)
        self.source.problems.append(Problem(line, column, dotted(path), message))

    def _value(self, event: Event, path: Path, key: tuple[int, int]) -> Any:
        self.values += 1
        if self.values > MAXIMUM_VALUES or len(path) > MAXIMUM_DEPTH:
            deep = len(path) > MAXIMUM_DEPTH
            bound = f"nests deeper than {MAXIMUM_DEPTH} levels" if deep else f"holds more than {MAXIMUM_VALUES} values"
            self._note(event, path[:8], f"The document {bound}; the rest was not read.")
            raise _Stop
        self._refuse_references(event, path)
        self._refuse_escaped(event, path)
        self.source.marks[path] = _mark(event, key)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        return _scalar(event) if isinstance(event, ScalarEvent) else None

    def _refuse_references(self, event: Event, path: Path) -> None:
        if isinstance(event, AliasEvent):
            self._note(event, path, f"The alias *{event.anchor} is not allowed; write the value out.")
        elif anchor := getattr(event, "anchor", None):
            self._note(event, path, f"The anchor &{anchor} is not allowed; write the value out each time.")
        elif getattr(event, "tag", None):
            self._note(event, path, "A tag, which begins with an exclamation mark, is not allowed; put text in quotes.")

    def _refuse_escaped(self, event: Event, path: Path) -> None:
        if isinstance(event, ScalarEvent) and _CONTROL.search(event.value):
            self._note(event, path, r"This holds a character that nobody can see, as \0 would be; remove it.")

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                break
            items.append(self._value(event, (*path, len(items)), _spot(event)))
        return items

    def _mapping(self, path: Path) -> dict[Any, Any]:
        entries: dict[Any, Any] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            key = self._key(event, path)
            value = next(self.events)
            if key in entries:
                self._note(event, (*path, key), f"{key} stands here twice; keep one.")
                self._value(value, (*path, f"{key} again"), _spot(event))
            else:
                entries[key] = self._value(value, (*path, key), _spot(event))
        return entries

    def _key(self, event: Event, path: Path) -> str | int:
        if not isinstance(event, ScalarEvent):
            self._note(event, path, "The name of an entry is a word; put a text that begins with a bracket in quotes.")
            raise _Stop
        self._refuse_references(event, path)
        self._refuse_escaped(event, path)
        if event.style is None and _INTEGER.fullmatch(event.value):
            return int(event.value)
        return str(event.value)


def _spot(event: Event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _mark(event: Event, key: tuple[int, int]) -> Mark:
    plain = isinstance(event, ScalarEvent) and event.style is None
    one_line = isinstance(event, ScalarEvent) and event.start_mark.line == event.end_mark.line
    return Mark(key, _spot(event), plain, one_line, event.end_mark.line + 1)


def _scalar(event: ScalarEvent) -> Any:
    text = str(event.value)
    if event.style is not None:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def dotted(path: Path) -> str:
    """A path as people write it, `rewards.thanks.at`."""
    return ".".join(str(part) for part in path)


def spot_of(error: YAMLError) -> tuple[int, int]:
    """Line and column at which YAML gave up; of the beginning where something was not closed."""
    if not isinstance(error, MarkedYAMLError):
        return 1, 1
    unclosed = "end of stream" in str(error.problem) or "<stream end>" in str(error.problem)
    mark = error.context_mark if unclosed and error.context_mark else error.problem_mark or error.context_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
