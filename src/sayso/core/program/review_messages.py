"""Whether the words of a program for mails can be sent: the templates of `messages`, each in every language.

Owns the place of what is wrong in the document. What is wrong is `templates`' word. It is asked of drafts only, and of
what is sent: loading the library and reading a long template take their time, and what was published goes on running.
"""

from collections.abc import Iterator
from dataclasses import replace

from sayso.core.program.finder import Finder
from sayso.core.program.problems import Problem
from sayso.core.program.templates import MAILS, Flaw, flaws_of
from sayso.core.program.yaml_source import Path


def review_messages(finder: Finder) -> Iterator[Problem]:
    """Everything that keeps a message from being filled in."""
    for name in MAILS:
        message = finder.document.messages.get(name)
        if message is None:
            continue
        for part, texts in (("subject", message.subject or {}), ("text", message.text)):
            for language, template in texts.items():
                path: Path = ("messages", name, part, *((language,) if language else ()))
                yield from (_problem(finder, path, template, flaw) for flaw in flaws_of(template))


def _problem(finder: Finder, path: Path, template: str, flaw: Flaw) -> Problem:
    """The flaw where it stands; where the text is folded or escaped, at the beginning of the text."""
    message = f"The template cannot be used: {flaw.message}."
    for start, end in _pieces_around(template, flaw.index):
        found = finder.error_in(path, template[start:end], message, flaw.instead)
        if found:
            return replace(found, column=found.column + flaw.index - start)
    return finder.error(path, message, flaw.instead)


def _pieces_around(template: str, index: int) -> Iterator[tuple[int, int]]:
    """What to look for in the document: the line of the template, or else only what stands between its brackets."""
    if index < 0:
        return
    start, end = template.rfind("\n", 0, index) + 1, template.find("\n", index)
    line = template[start : end if end >= 0 else len(template)]
    start += len(line) - len(line.lstrip())
    yield start, start + len(line.strip())
    start, end = template.rfind("{", 0, index + 1), template.find("}", index)
    if 0 <= start < end:
        yield start, end
