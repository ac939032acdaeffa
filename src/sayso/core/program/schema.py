"""What may stand at a path of the document, by its JSON Schema.

Owns walking the schema that pydantic makes of `document`. It must not know any section by name.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sayso.core.program.document import Document
from sayso.core.program.yaml_source import Path

Schema = dict[str, Any]


@lru_cache(maxsize=1)
def document_schema() -> Schema:
    """The JSON Schema of a whole document."""
    return Document.model_json_schema()


def schemas_at(path: Path) -> list[Schema]:
    """Every shape that may stand at a path; none when nothing may."""
    found = list(_alternatives(document_schema()))
    for part in path:
        found = [inner for schema in found for inner in _step(schema, part)]
    return found


def allowed_keys(path: Path) -> list[str]:
    """The keys that the section at a path may have; none when they are free."""
    return list(dict.fromkeys(key for schema in schemas_at(path) for key in schema.get("properties", ())))


def choices(path: Path) -> list[str]:
    """The words of which one must stand at a path."""
    found: list[str] = []
    for schema in schemas_at(path):
        values = schema.get("enum", [schema["const"]] if "const" in schema else [])
        found.extend("true" if value is True else str(value) for value in values)
    return found


def example(path: Path) -> str:
    """What could be written at a path; empty when it is free."""
    if words := choices(path):
        return words[0]
    if written := examples(path):
        return written[0]
    known = (_EXAMPLES.get(str(schema.get("format") or schema.get("type"))) for schema in schemas_at(path))
    return next((sample for sample in known if sample), "")


def examples(path: Path) -> list[str]:
    """What the definition itself gives as examples of a value at a path."""
    return [str(one) for schema in schemas_at(path) for one in schema.get("examples", ())]


_EXAMPLES = {"integer": "1", "boolean": "true", "date": "2027-01-31"}


def kinds(path: Path) -> set[str]:
    """The JSON types that may stand at a path; a day is `date`."""
    found: set[str] = set()
    for schema in schemas_at(path):
        kind = schema.get("format") or schema.get("type") or type(schema.get("const")).__name__
        found.update(kind if isinstance(kind, list) else [kind])
    return {"boolean" if kind == "bool" else kind for kind in found}


def _alternatives(schema: Schema) -> Iterator[Schema]:
    """A schema with its references followed and its alternatives told apart."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield from _alternatives(document_schema()["$defs"][name])
    elif "anyOf" in schema and "examples" in schema:
        # What is written as text and read by a value's own `parse` says so beside its alternatives.
        yield {key: value for key, value in schema.items() if key != "anyOf"}
    elif "anyOf" in schema:
        for one in schema["anyOf"]:
            yield from _alternatives(one)
    else:
        yield schema


def _step(schema: Schema, part: str | int) -> Iterator[Schema]:
    if schema.get("type") == "array" and "items" in schema:
        inside = list(_alternatives(schema["items"]))
        # A list of one may be written without its brackets, so a key steps straight into its items.
        yield from inside if isinstance(part, int) else [deeper for one in inside for deeper in _step(one, part)]
        return
    known = schema.get("properties", {}).get(part)
    free = schema.get("additionalProperties")
    patterns = schema.get("patternProperties", {})
    if known is not None:
        yield from _alternatives(known)
    elif isinstance(free, dict):
        yield from _alternatives(free)
    elif patterns:
        yield from (found for one in patterns.values() for found in _alternatives(one))
