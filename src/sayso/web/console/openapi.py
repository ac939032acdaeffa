"""An OpenAPI document as a page shows it: groups of operations, with every field laid out in rows.

Owns the reading of the format (OpenAPI 3.1, as far as our own document uses it). It must not know a route.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")
_DEEPEST = 3

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter or field.

    Attributes:
        depth: how deep it stands in other fields, from 0.
        kind: its type, in a word or two.
        place: `path`, `query` or `header` for a parameter; empty for a field.
    """

    name: str
    kind: str
    says: str
    needed: bool
    depth: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One answer, by its status."""

    status: str
    says: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked of the API."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Row, ...]
    body: tuple[Row, ...]
    answers: tuple[Told, ...]

    @property
    def changes(self) -> bool:
        """Whether it does more than read."""
        return self.method != "GET"


@dataclass(frozen=True, slots=True)
class Group:
    """Operations on one kind of thing."""

    name: str
    operations: tuple[Operation, ...]


def read_openapi(document: Json) -> list[Group]:
    """Return the groups of a document, in its own order.

    Args:
        document: OpenAPI 3.1, as plain values.
    """
    reader = _Reader(document)
    found = [
        (_group_of(path, operation), reader.operation(path, method, operation))
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in _METHODS
    ]
    order = {name: place for place, name in reversed(list(enumerate(name for name, _ in found)))}
    found.sort(key=lambda each: order[each[0]])
    return [Group(name, tuple(each for _, each in group)) for name, group in groupby(found, key=lambda each: each[0])]


def _group_of(path: str, operation: Json) -> str:
    named = operation.get("tags") or [part for part in path.split("/") if part not in ("", "api", "v1")][:1]
    return str(named[0]).replace("_", " ").replace("-", " ").capitalize()


class _Reader:
    def __init__(self, document: Json) -> None:
        self._document = document

    def _behind(self, found: Json) -> Json:
        """What a reference stands for; anything else is itself."""
        while "$ref" in found:
            target: Any = self._document
            for step in found["$ref"].removeprefix("#/").split("/"):
                target = target.get(step, {})
            found = target
        return found

    def operation(self, path: str, method: str, found: Json) -> Operation:
        return Operation(
            anchor=found.get("operationId") or f"{method}{path}".replace("/", "-"),
            method=method.upper(),
            path=path,
            summary=found.get("summary", ""),
            description=_unwrapped(found.get("description", "")),
            parameters=tuple(self._parameter(self._behind(each)) for each in found.get("parameters", ())),
            body=tuple(self._content(found.get("requestBody", {}))),
            answers=tuple(
                Told(status, each.get("description", ""), tuple(self._content(each)))
                for status, each in self._answers(found)
            ),
        )

    def _answers(self, found: Json) -> Iterator[tuple[str, Json]]:
        for status, answer in found.get("responses", {}).items():
            yield str(status), self._behind(answer)

    def _parameter(self, found: Json) -> Row:
        schema = found.get("schema", {})
        says = found.get("description") or schema.get("description", "")
        return Row(found["name"], self._kind(schema), says, found.get("required", False), place=found["in"])

    def _content(self, found: Json) -> Iterator[Row]:
        for media in found.get("content", {}).values():
            yield from self._fields(media.get("schema", {}), 0)
            return

    def _fields(self, schema: Json, depth: int) -> Iterator[Row]:
        schema = self._plain(schema)
        if depth > _DEEPEST:
            return
        for name, value in schema.get("properties", {}).items():
            needed = name in schema.get("required", ())
            says = value.get("description") or self._plain(value).get("description", "")
            yield Row(name, self._kind(value), says, needed, depth)
            yield from self._fields(value, depth + 1)

    def _plain(self, schema: Json) -> Json:
        """What describes the fields: behind a reference, within a list, or the one choice that is not null."""
        for _ in range(8):
            schema = self._behind(schema)
            if schema.get("type") == "array":
                schema = schema.get("items", {})
            elif choices := _choices(schema):
                schema = choices[0]
            else:
                break
        return schema

    def _kind(self, schema: Json) -> str:
        schema = self._behind(schema)
        if "enum" in schema:
            return " | ".join(str(each) for each in schema["enum"])
        if "const" in schema:
            return str(schema["const"])
        if choices := _choices(schema):
            return " or ".join(dict.fromkeys(self._kind(each) for each in choices))
        if schema.get("type") == "array":
            return f"list of {self._kind(schema.get('items', {}))}"
        kind = schema.get("type", "anything")
        return str(schema.get("format") or (kind if isinstance(kind, str) else " or ".join(kind)))


def _choices(schema: Json) -> list[Json]:
    found = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf") or []
    return [each for each in found if each.get("type") != "null"]


def _unwrapped(text: str) -> str:
    """A text whose lines were broken for those who read its source, with its paragraphs as they were."""
    return "\n\n".join(" ".join(each.split()) for each in text.split("\n\n"))
