"""The small types of which the document's sections are made, and how each is written.

Owns how one value is read and which form its schema shows. It must not know a section.
"""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema

from sayso.core.program.values import Duration, Limit, Money, MoneyLimit, Percent, Rate

LANGUAGES = ("en", "es", "it", "nl")
# What an address is written with (RFC 3986); browsers read a backslash as a slash, so that it could name another host.
_PLAIN = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")


def _reader(kind: type[Any], example: str) -> Callable[[object], object]:
    """A value that is written as text and read by its own `parse`."""

    def read(value: object) -> object:
        if isinstance(value, kind):
            return value
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValueError(f"write for example {example}")
        return kind.parse(str(value))

    return read


def _written(*examples: object) -> WithJsonSchema:
    kinds = sorted({"integer" if isinstance(example, int) else "string" for example in examples})
    return WithJsonSchema({"type": kinds if len(kinds) > 1 else kinds[0], "examples": list(examples)})


def _https(value: str) -> str:
    """An address to which a visitor may be sent: a whole one, of a host, encrypted, without a password in it."""
    try:
        parts = urlsplit(value)
        plain = (
            parts.scheme == "https" and parts.hostname and not (parts.username or parts.password) and parts.port != 0
        )
    except ValueError:
        plain = False
    if not plain or not _PLAIN.fullmatch(value):
        raise ValueError(
            "write a whole address that begins with https://, for example https://bluebell.example/welcome"
        )
    return value


_AsWritten = PlainSerializer(str, return_type=str)

Length = Annotated[Duration, BeforeValidator(_reader(Duration, "30d")), _AsWritten, _written("30d")]
Amount = Annotated[Money, BeforeValidator(_reader(Money, "20 EUR")), _AsWritten, _written("20 EUR")]
Share = Annotated[Percent, BeforeValidator(_reader(Percent, "5%")), _AsWritten, _written("5%")]
Quota = Annotated[Limit, BeforeValidator(_reader(Limit, "10 per quarter")), _AsWritten, _written("10 per quarter", 10)]
MoneyQuota = Annotated[
    MoneyLimit, BeforeValidator(_reader(MoneyLimit, "50 EUR per month")), _AsWritten, _written("50 EUR per month")
]

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]
ProgramName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
ConditionText = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
WebAddress = Annotated[
    str, AfterValidator(_https), StringConstraints(max_length=2000), _written("https://bluebell.example/welcome")
]
Words = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]


def _text(value: object) -> object:
    return {"": value} if isinstance(value, str) else value


# Words in several languages; a plain string serves every reader.
Text = Annotated[
    dict[Literal["", "en", "es", "it", "nl"], Words],
    BeforeValidator(_text),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "object", "properties": {code: {"type": "string"} for code in LANGUAGES}},
            ]
        }
    ),
]


# What one name is by number, by the plural categories of the Unicode CLDR.
CATEGORIES = ("zero", "one", "two", "few", "many", "other")
Forms = dict[Literal["zero", "one", "two", "few", "many", "other"], Words]


def _counted(value: object) -> object:
    if isinstance(value, str) or (isinstance(value, dict) and value and value.keys() <= set(CATEGORIES)):
        value = {"": value}
    for forms in value.values() if isinstance(value, dict) else ():
        if isinstance(forms, dict) and "other" not in forms:
            raise ValueError("a name by number needs the form other; write {one: star, other: stars}")
    return value


_FORMS_SCHEMA = {
    "type": "object",
    "properties": {category: {"type": "string"} for category in CATEGORIES},
    "required": ["other"],
}
# A name of what is counted: words, or its singular and plural, each in several languages.
CountedText = Annotated[
    dict[Literal["", "en", "es", "it", "nl"], Words | Forms],
    BeforeValidator(_counted),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {code: {"anyOf": [{"type": "string"}, _FORMS_SCHEMA]} for code in LANGUAGES},
                },
                _FORMS_SCHEMA,
            ]
        }
    ),
]


def in_language(text: dict[Any, Any], language: str) -> Any:
    """The reader's language, else the plain text, else English, else the first that is written."""
    return text.get(language) or text.get("") or text.get("en") or next(iter(text.values()))


def is_words(node: Any) -> bool:
    """Whether a mapping is a text: words, or the forms of a name by number, by language."""
    return (
        isinstance(node, Mapping)
        and bool(node)
        and all(isinstance(value, str) or (isinstance(value, Mapping) and "other" in value) for value in node.values())
    )


def words(text: dict[Any, str], language: str) -> str:
    """A text in the reader's language, or the one nearest to it."""
    return str(in_language(text, language))


def _read_points(value: object) -> object:
    return Rate.parse(value) if isinstance(value, str) and " per " in value else value


def _read_share_or_amount(value: object) -> object:
    if not isinstance(value, str):
        return value
    return Percent.parse(value) if value.rstrip().endswith("%") else Money.parse(value)


Points = Annotated[
    Rate | Annotated[int, Field(ge=1, le=10**12)], BeforeValidator(_read_points), _written(2500, "1 per 1 EUR")
]
ShareOrAmount = Annotated[Percent | Money, BeforeValidator(_read_share_or_amount), _written("5%", "5 EUR")]
Target = Annotated[Percent | Money | int, BeforeValidator(_read_share_or_amount), _written(500, "60%")]
