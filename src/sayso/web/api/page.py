"""The reference of the API as a page to read, written from its document.

Owns the layout. What it says stands with the routes and shapes.
"""

import json
from collections.abc import Iterator
from typing import Any

from sayso.web.api.api import api

Json = dict[str, Any]

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
    return f"`{name}`" if name else ""


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


def _resolved(document: Json, schema: Json) -> Json:
    name = _last(schema.get("$ref", ""))
    found: Json = document["components"]["schemas"][name] if name else schema
    return found


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]
