"""The reference of the API as a page to read, written from its document.

Owns the layout. What it says stands with the routes and shapes.
"""

import json
from collections.abc import Iterator
from typing import Any

from sayso.web.api.api import api

Json = dict[str, Any]

_TOLD = """## What webhooks tell

Each message is `{"type", "timestamp", "data"}`, signed ([how](../guide/webhooks.md)). By `type`, `data` is:"""
_SHAPES = """## What stands in answers and messages

The same, for tools, stands in [openapi.json](openapi.json), which the console shows at `/reference/openapi.json`."""
_HEAD = "<!-- Written by docs/reference/make.py from the routes themselves. -->\n\n# The API, version 1\n\n"


def document_text() -> str:
    """Return the OpenAPI document as it is kept: one line for each value, the same on every call."""
    return json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False) + "\n"


def page() -> str:
    """Return the reference, Markdown."""
    document: Json = json.loads(document_text())
    parts = [_HEAD + document["info"]["description"].strip()]
    for tag in document["tags"]:
        parts.append(f"## {tag['name']}\n\n{tag['description']}")
        parts += [_operation(document, *each) for each in _operations(document, tag["name"])]
    parts += [_TOLD, *_told(document), _SHAPES, *_shapes(document)]
    return "\n\n".join(parts) + "\n"


def _operations(document: Json, tag: str) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if tag in operation["tags"]:
                yield method.upper(), path, operation


def _operation(document: Json, method: str, path: str, operation: Json) -> str:
    parts = [f"### `{method} {path}`", f"{operation['summary']}.", operation["description"]]
    fields = [*_parameters(operation), *_body(document, operation)]
    if fields:
        parts.append("\n".join(["| field | what it is |", "| --- | --- |", *fields]))
    answers = [f"{status} {_name(answer)}".strip() for status, answer in operation["responses"].items()]
    parts.append(f"Answers: {', '.join(answers)}.")
    return "\n\n".join(parts)


def _name(answer: Json) -> str:
    content: Json = next(iter(answer.get("content", {}).values()), {})
    name = _last(content.get("schema", {}).get("$ref", ""))
    return _linked(name) if name else ""


def _told(document: Json) -> Iterator[str]:
    rows = []
    for kind, message in document["webhooks"].items():
        schema = message["post"]["requestBody"]["content"]["application/json"]["schema"]
        rows.append(f"| `{kind}` | {_linked(_last(schema['properties']['data']['$ref']))} |")
    yield "\n".join(["| type | data |", "| --- | --- |", *rows])


def _shapes(document: Json) -> Iterator[str]:
    for name, schema in sorted(document["components"]["schemas"].items()):
        if name.endswith(("Out", "Notice")):
            rows = [
                _row(field, _kind_told(told), told.get("description", ""))
                for field, told in schema["properties"].items()
            ]
            table = "\n".join(["| field | what it is |", "| --- | --- |", *rows])
            yield "\n\n".join(filter(None, [f"### {name}", schema.get("description", ""), table if rows else ""]))


def _linked(name: str) -> str:
    return f"[`{name}`](#{name.lower()})"


def _parameters(operation: Json) -> Iterator[str]:
    for parameter in operation["parameters"]:
        if "$ref" not in parameter:
            needed = ", needed" if parameter["required"] else ""
            yield _row(parameter["name"], f"{parameter['in']}{needed}", parameter.get("description", ""))


def _body(document: Json, operation: Json) -> Iterator[str]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return
    schema = _resolved(document, content["schema"])
    for name, field in schema["properties"].items():
        needed = ", needed" if name in schema.get("required", ()) else ""
        said = [_sentence(field.get("description", ""))]
        said += [f"For example `{json.dumps(each, ensure_ascii=False)}`." for each in field.get("examples", [])[:1]]
        yield _row(name, f"{_kind(field)}{needed}", " ".join(filter(None, said)))


def _sentence(words: str) -> str:
    """Words with a full stop, since more may follow."""
    return f"{words}." if words and words[-1] not in ".:" else words


def _row(name: str, kind: str, said: str) -> str:
    return f"| `{name}` ({kind}) | {said.replace('|', '&#124;').replace(chr(10), ' ')} |"


def _kind(field: Json) -> str:
    kinds = [each.get("type", _last(each.get("$ref", "value"))) for each in field.get("anyOf", [field])]
    return " or ".join(kind for kind in kinds if kind != "null")


def _kind_told(field: Json) -> str:
    """The kind of a field of an answer: what it is made of is a link, and that it may be null is said."""
    return " or ".join(_one_kind(each) for each in field.get("anyOf", [field]))


def _one_kind(field: Json) -> str:
    if "$ref" in field:
        return _linked(_last(field["$ref"]))
    kind = str(field.get("type", "value"))
    return f"list of {_kind_told(field['items'])}" if kind == "array" and "items" in field else kind


def _resolved(document: Json, schema: Json) -> Json:
    name = _last(schema.get("$ref", ""))
    found: Json = document["components"]["schemas"][name] if name else schema
    return found


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]
