"""The company's own words for a mail, written as templates in the program's `messages`.

Owns how they become a subject and paragraphs. What comes out is text; it is escaped where it is laid out. What a
template may hold is `core/program/templates`'. It must not look anything up.
"""

from collections.abc import Mapping

from sayso.core.program.document import Message
from sayso.core.program.scalars import words
from sayso.core.program.templates import NAMES, render_template

LONGEST_SUBJECT = 150


def company_words(message: Message, values: Mapping[str, str], *, language: str) -> tuple[str, list[str]]:
    """Return the subject, empty where there is none, and the paragraphs of a mail in the company's words.

    Args:
        message: as the document has it.
        values: what the templates name, by `templates.NAMES`.
        language: of the reader.

    Raises:
        NotUsable: a template is too long, is none, or names what there is not.
    """
    given = {name: values.get(name, "") for name in NAMES}
    subject = render_template(words(message.subject, language), given) if message.subject else ""
    text = render_template(words(message.text, language), given)
    paragraphs = [lines.strip() for lines in text.replace("\r\n", "\n").split("\n\n")]
    return " ".join(subject.split())[:LONGEST_SUBJECT], [each for each in paragraphs if each]
