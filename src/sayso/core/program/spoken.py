"""In which languages a document speaks, and in which its page does.

Owns finding its texts. It must not judge what is missing.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from sayso.core.program.document import Document
from sayso.core.program.scalars import LANGUAGES, is_words
from sayso.core.program.yaml_source import Path


def languages_in(document: Document) -> list[str]:
    """The languages in which the document says anything; none where all its texts are plain, for every reader."""
    used = {language for _, words in texts_in(document) for language in words}
    return [each for each in LANGUAGES if each in used]


def languages_of_page(document: Document) -> list[str]:
    """The languages in which the words of its landing page are written, in its title and above the form too.

    None where they are plain, for every reader: what follows from the program itself is said in each language.
    """
    shown = (document.title, document.ideal_customer, document.page)
    used = {language for _, words in texts_in(shown) for language in words}
    return [each for each in LANGUAGES if each in used]


def texts_in(node: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, str]]]:
    """Every text with its place; in a document a text is the only mapping from languages to strings."""
    if isinstance(node, BaseModel):
        for name, field in type(node).model_fields.items():
            yield from texts_in(getattr(node, name), (*path, field.alias or name))
    elif isinstance(node, dict):
        if node.keys() <= {"", *LANGUAGES} and is_words(node):
            yield path, node
        else:
            for key, inner in node.items():
                yield from texts_in(inner, (*path, key))
    elif isinstance(node, list | tuple):
        for index, inner in enumerate(node):
            yield from texts_in(inner, (*path, index))
