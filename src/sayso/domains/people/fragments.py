"""Pieces of SQL with what they compare with.

Owns how pieces are put together: values never enter the text. It must not know a table or a database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from string import Formatter
from typing import Any


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL, and the value for each `%s` in it."""

    text: str
    parameters: tuple[Any, ...] = ()


def sql(template: str, *parts: Any) -> Sql:
    """Fill a template, at each `{}` with the next part and at each `{0}` with the part of that number.

    A piece of SQL is put in as it is; anything else becomes a parameter.
    """
    pieces = [part if isinstance(part, Sql) else Sql("%s", (part,)) for part in parts]
    following = iter(pieces)
    text: list[str] = []
    parameters: list[Any] = []
    for literal, place, _, _ in Formatter().parse(template):
        text.append(literal)
        if place is not None:
            piece = pieces[int(place)] if place else next(following)
            text.append(piece.text)
            parameters += piece.parameters
    return Sql("".join(text), tuple(parameters))


def joined(word: str, pieces: Iterable[Sql]) -> Sql:
    """Join pieces by a word, in brackets."""
    every = tuple(pieces)
    text = f" {word} ".join(piece.text for piece in every)
    return Sql(f"({text})", tuple(value for piece in every for value in piece.parameters))
