"""The reference of the document format, made from the typed definition.

Owns the published JSON Schema and the page that people read. It must not describe anything that `document` does not
define; the sentences about single fields stand in `field_words`.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sayso.core.program.field_words import FIELD_WORDS, NAME_WORDS
from sayso.core.program.schema import document_schema
from sayso.core.program.tree import Type
from sayso.core.program.values import Duration
from sayso.core.program.vocabulary import EVENT, PERSON

Schema = dict[str, Any]

_INTERNAL = frozenset({"Money", "Percent"})
_PATTERNS = {
    "^[a-z][a-z0-9_]{0,63}$": "name",
    "^[a-z][a-z0-9-]{0,63}$": "name with hyphens",
    "^[A-Z]{3}$": "currency",
}
_HEAD = ("| field | written as | unless said | meaning |", "| --- | --- | --- | --- |")
_OTHER_NAMES = {
    ("event", "ANYTHING"): "any",
    ("member", "FACT"): "whole or money",
    ("member", "ATTRIBUTE"): "as declared",
    ("member", "last_EVENT"): "moment",
    ("referral", "opened_at"): "moment",
    ("referral", "STEP"): "moment",
    ("program", "name"): "text",
}
_NAMES_INTRODUCTION = """## Names in conditions

What is said of `member.` holds for `friend.` and `advocate.` too. A comparison whose name is unknown is not met, and
neither is its opposite. `days_since(…)` and `days_until(…)` count calendar days from or to a moment or a date.
"""
_SOURCE = re.compile(r"\s*\(SEMANTICS[^)]*\)")
_INTRODUCTION = """# The written program: every section and field

Made from the typed definition; do not edit it by hand, run `python docs/reference/make.py`.
A JSON Schema for editors stands beside it in `document.schema.json`.

A program is one YAML file, at most 1 MB and 32 levels deep, without aliases, anchors or tags. The values:

| written | means |
| --- | --- |
| name | small letters, digits and `_`, beginning with a letter |
| text | words, or words in several languages: `{en: Gold, es: Oro, it: Oro, nl: Goud}` |
| length | `30d`, `6w`, `12 months`, `1 year`, or `48h` for less than days |
| amount | `20 EUR` or `2.50 EUR` |
| percentage | `5%` or `2.5%` |
| limit | `10`, `10 per quarter` (the calendar quarter) or `10 per 90d` (any 90 days) |
| condition | a comparison of names and values, such as `member.orders_90d >= 1 and "staff" not in member.tags` |

A condition that begins with a quotation mark, or holds `: ` or ` #`, stands in quotes; `program check` shows how.
"""


def published_schema() -> Schema:
    """The JSON Schema of a document, with a sentence for every field."""
    schema = copy.deepcopy(document_schema())
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "A program of Sayso"
    for name in _INTERNAL:
        schema["$defs"].pop(name, None)
    for name, section in _sections(schema):
        for key, field in section["properties"].items():
            field["description"] = FIELD_WORDS[name][key]
            field.pop("title", None)
        section["description"] = _SOURCE.sub("", section["description"])
    _as_written(schema)
    return schema


def schema_text() -> str:
    """The JSON Schema as it is stored."""
    return json.dumps(published_schema(), indent=2, ensure_ascii=False) + "\n"


def page() -> str:
    """The reference page in Markdown."""
    schema = published_schema()
    parts = [_INTRODUCTION]
    for name, section in _sections(schema):
        title = "The document" if name == "Document" else name
        parts.append(f"## {title}\n\n{section['description']}\n")
        rows = [_row(key, field, section) for key, field in section["properties"].items()]
        parts.append("\n".join([*_HEAD, *rows, ""]))
    return "\n".join([*parts, _names()])


def _names() -> str:
    """The names that conditions may use, with what each means."""
    rows = []
    for role, fields in NAME_WORDS.items():
        known: Mapping[str, Type] = {"event": EVENT, "member": PERSON}.get(role, {})
        for field, meaning in fields.items():
            kind = known.get(field) or _OTHER_NAMES[role, field]
            rows.append(f"| `{role}.{field}` | {kind} | {meaning} |")
    return "\n".join([_NAMES_INTRODUCTION, "| name | type | meaning |", "| --- | --- | --- |", *rows, ""])


def _sections(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The document and its sections, in the order in which the document names them."""
    seen: list[str] = []
    yield "Document", schema
    queue = list(_referred(schema["properties"]))
    while queue:
        name = queue.pop(0)
        if name in schema["$defs"] and name not in seen:
            seen.append(name)
            yield name, schema["$defs"][name]
            queue = [*_referred(schema["$defs"][name]), *queue]


def _referred(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].rpartition("/")[2]
        for inner in node.values():
            yield from _referred(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _referred(inner)


def _as_written(node: Any) -> None:
    """Speak of the text that is written, not of the values that it becomes."""
    if isinstance(node, dict):
        if "anyOf" in node and "examples" in node:
            del node["anyOf"]
        if node.get("type") == "array" and _holds_gifts(node):
            single = [*node["items"]["anyOf"], {"type": "array", "items": node.pop("items")}]
            node.pop("type")
            node["anyOf"] = single
            return
        _default_as_written(node)
        for inner in node.values():
            _as_written(inner)
    elif isinstance(node, list):
        for inner in node:
            _as_written(inner)


def _default_as_written(node: Schema) -> None:
    """A length stands in the schema as its parts; empty defaults say nothing."""
    default = node.get("default")
    if isinstance(default, list) and len(default) == len(Duration._fields) and any(default):
        node["default"] = str(Duration(*default))
    elif isinstance(default, dict | list) or ("default" in node and default is None):
        del node["default"]


def _holds_gifts(node: Schema) -> bool:
    """A list of gifts may be written as one gift without brackets."""
    return any(one.get("$ref", "").endswith("/Gift") for one in node["items"].get("anyOf", ()))


def _row(key: str, field: Schema, section: Schema) -> str:
    default = "needed" if key in section.get("required", ()) else _default(field)
    return f"| `{key}` | {_written(field)} | {default} | {field['description']} |"


def _default(field: Schema) -> str:
    value = field.get("default")
    if value is None:
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _written(field: Schema) -> str:
    """How a value is written, for people."""
    if "anyOf" in field:
        kinds = [_written(one) for one in field["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in field:
        return ", ".join(f"`{word}`" for word in field["enum"])
    if "const" in field:
        return f"`{str(field['const']).lower()}`"
    if "examples" in field:
        return "such as " + " or ".join(f"`{one}`" for one in field["examples"])
    return _written_type(field)


def _written_type(field: Schema) -> str:
    if field.get("type") == "array":
        return f"list of {_written(field['items'])}"
    if field.get("type") == "object":
        return _written_entries(field)
    if field.get("format") == "date":
        return "`2027-01-31`"
    if "pattern" in field:
        return _PATTERNS.get(field["pattern"], "text")
    if field.get("maxLength") == 2000:
        return "condition"
    if field.get("type") == "integer":
        return _written_number(field)
    return {"string": "text", "boolean": "`true` or `false`"}.get(str(field.get("type")), "value")


def _written_entries(field: Schema) -> str:
    if "en" in field.get("properties", {}):
        return "text"
    if "other" in field.get("properties", {}):
        return "`{one: …, other: …}`"
    patterns = field.get("patternProperties")
    inner = next(iter(patterns.values())) if patterns else field["additionalProperties"]
    key = "NAME" if patterns else "WORD" if "propertyNames" in field else "COUNT"
    return f"`{key}:` {_written(inner)}"


def _written_number(field: Schema) -> str:
    low, high = field.get("minimum"), field.get("maximum")
    if low is not None and high is not None:
        return f"whole number from {low} to {high}"
    return f"whole number from {low}" if low is not None else "whole number"
