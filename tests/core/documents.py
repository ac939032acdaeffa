"""Owns the written programs that many tests of the core read: each is read and checked once in a run.

Whoever is given one of these must not change it.
"""

from collections.abc import Iterable
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


# --- many changes of one text ---------------------------------------------------------------------------------------

Row = tuple[str, ...]


def replaced(text: str, rows: Iterable[Row]) -> str:
    """The text with a replacement for each row, which begins with what stands there and what is to stand there."""
    for start, old, new in sorted(((text.index(row[0]), row[0], row[1]) for row in rows), reverse=True):
        text = text[:start] + new + text[start + len(old) :]
    return text


def rounds(text: str, rows: Iterable[Row]) -> list[list[Row]]:
    """Such rows in as few rounds as it takes for no two of a round to touch the same entry of the same section.

    To read a text takes longer than everything that is then asked about it, so one reading is asked about many rows.
    """
    found: list[dict[int, Row]] = []
    for row in rows:
        entry = _entry(text, row[0])
        chosen = next((each for each in found if entry not in each), None)
        if chosen is None:
            chosen = {}
            found.append(chosen)
        chosen[entry] = row
    return [list(each.values()) for each in found]


def _entry(text: str, part: str) -> int:
    """The number of the entry of the first or second level in which a part of the text begins."""
    end = text.index("\n", text.index(part))
    return sum(bool(line[:3].strip()) for line in text[:end].split("\n"))
