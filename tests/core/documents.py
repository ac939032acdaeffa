"""Owns the written programs that many tests of the core read: each is read and checked once in a run.

Whoever is given one of these must not change it.
"""

from functools import cache
from pathlib import Path

from sayso.core.program.parse import Parsed, parse_program
from sayso.core.program.review import review

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
BRING_A_FRIEND = next(path for path in EXAMPLES if path.stem == "bring-a-friend").read_text(encoding="utf-8")


@cache
def parsed(text: str) -> Parsed:
    """A document as it is read, before it is reviewed."""
    return parse_program(text)


@cache
def reviewed(text: str) -> Parsed:
    """A document with everything that is wrong with it, as `check_program` gives it."""
    return review(parsed(text))


def faultless(text: str) -> Parsed:
    """A document that is read without an error."""
    found = parsed(text)
    assert not found.errors, found.errors
    return found


def part_without(text: str, *sections: str) -> str:
    """The text without some sections of the first level: most of a program is words that few tests are about."""
    lines, inside = [], False
    for line in text.split("\n"):
        if line[:1].isalpha():
            inside = line.partition(":")[0] in sections
        if not inside:
            lines.append(line)
    return "\n".join(lines)
