"""The reference of the document format: complete, and as fresh as the definition."""

from pathlib import Path

from sayso.core.program.field_words import FIELD_WORDS, NAME_WORDS
from sayso.core.program.reference import page, published_schema, schema_text
from sayso.core.program.schema import document_schema
from sayso.core.program.vocabulary import EVENT, PERSON

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
VALUES = {"Money", "Percent"}


def test_the_stored_reference_is_fresh() -> None:
    advice = "run: python docs/reference/make.py"
    assert (REFERENCE / "document.md").read_text(encoding="utf-8") == page(), advice
    assert (REFERENCE / "document.schema.json").read_text(encoding="utf-8") == schema_text(), advice


def test_every_field_has_its_sentence_and_no_sentence_is_left_over() -> None:
    schema = document_schema()
    sections = {"Document": schema, **{name: one for name, one in schema["$defs"].items() if name not in VALUES}}
    assert {name: set(section["properties"]) for name, section in sections.items()} == {
        name: set(fields) for name, fields in FIELD_WORDS.items()
    }
    assert NAME_WORDS["event"].keys() - {"ANYTHING"} == EVENT.keys()
    assert NAME_WORDS["member"].keys() - {"FACT", "ATTRIBUTE", "last_EVENT"} == PERSON.keys()


def test_the_schema_speaks_of_what_is_written() -> None:
    schema = published_schema()
    clause = schema["$defs"]["Clause"]["properties"]
    assert schema["properties"]["refunds_within"]["default"] == "90d"
    assert {"$ref": "#/$defs/Gift"} in clause["give"]["anyOf"][0]["anyOf"]
    assert not VALUES & schema["$defs"].keys()
    assert "$ref" not in schema["$defs"]["Goal"]["properties"]["target"]
