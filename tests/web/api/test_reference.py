"""The reference that is kept is the API that runs, and says something of everything."""

import json
from pathlib import Path
from typing import Any

import pytest

from sayso.web.api.page import document_text, page

KEPT = Path(__file__).parents[3] / "docs" / "reference"
DOCUMENT: dict[str, Any] = json.loads(document_text())
OPERATIONS = [
    pytest.param(method, path, operation, id=operation["operationId"])
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


@pytest.mark.parametrize(("name", "made"), [("openapi.json", document_text), ("api.md", page)])
def test_the_reference_is_fresh(name: str, made: Any) -> None:
    assert (KEPT / name).read_text(encoding="utf-8") == made(), "run: python docs/reference/make.py"


def test_it_is_openapi_3_1() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert "/api/v1/events" in DOCUMENT["paths"]


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_route_says_what_it_does_and_what_it_takes(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["x-scopes"]
    assert {"401", "403", "422", "429", "503"} <= operation["responses"].keys()
    names_its_own = method == "put" or path.endswith(("/versions", "/codes"))
    assert "{" not in path or names_its_own or "404" in operation["responses"]
    assert all(parameter.get("$ref") or parameter["schema"] for parameter in operation["parameters"])


def test_every_field_of_a_request_can_be_understood() -> None:
    silent = [
        f"{name}.{field}"
        for name, schema in DOCUMENT["components"]["schemas"].items()
        if name.endswith("In")
        for field, told in schema["properties"].items()
        if not told.get("description") and not told.get("examples")
    ]
    assert silent == []


def test_no_two_shapes_bear_one_name() -> None:
    """The document names shapes by their classes, so two of one name would be taken for one."""
    from sayso.web.api.shapes import In, Out

    def below(kind: type[Any]) -> list[type[Any]]:
        return [each for child in kind.__subclasses__() for each in (child, *below(child))]

    names = [kind.__name__ for base in (In, Out) for kind in below(base)]
    assert len(names) == len(set(names))


def test_every_group_has_words() -> None:
    told = {tag["name"] for tag in DOCUMENT["tags"]}
    assert told == {operation.values[2]["tags"][0] for operation in OPERATIONS}  # type: ignore[index]
