"""Lines that YAML reads otherwise than they were meant, and the quoted form that it reads right.

Owns finding such a line and mending it for the rest of the reading, so that one misread line does not hide the
problems behind it. It must not know the document's sections.
"""

import re
from dataclasses import dataclass

from ruamel.yaml.error import YAMLError

from sayso.core.program.problems import Problem
from sayso.core.program.yaml_source import spot_of

_BLOCK = re.compile(r"^(?P<lead>\s*(?:- +)*)(?P<key>[A-Za-z_][\w-]*)\s*:[ ]+(?=\S)")
_FLOW = re.compile(r"(?P<lead>[{,]\s*)(?P<key>[A-Za-z_][\w-]*)\s*:[ ]+(?=\S)")
_SPEAKS_OF = re.compile(r"\b(event|member|friend|advocate|referral|program)\.[A-Za-z_]")
# Longer lines are prose; looking through them again and again would take long.
MAXIMUM_LINE = 2500
_FIRST = {
    '"': "it begins with a quotation mark",
    "'": "it begins with a quotation mark",
    "[": "it begins with a bracket",
    "{": "it begins with a bracket",
    "!": "it begins with an exclamation mark",
    "`": "it begins with a backtick",
    "@": "it begins with an @",
    "%": "it begins with a percent sign",
    "&": "it begins with an ampersand",
    "*": "it begins with an asterisk",
}


@dataclass(frozen=True, slots=True)
class Misreading:
    """A line that was meant otherwise: the problem to tell, and the line as it was meant."""

    problem: Problem
    number: int
    line: str


def misreading_at(text: str, number: int, error: YAMLError | None = None) -> Misreading | None:
    """What YAML misreads in one line, from 1; with the `error` also what is no condition."""
    lines = text.split("\n")
    if not 1 <= number <= len(lines):
        return None
    line = lines[number - 1]
    if len(line) > MAXIMUM_LINE:
        return None
    for pattern, end in ((_BLOCK, _end_of_line), (_FLOW, _end_of_entry)):
        for match in pattern.finditer(line):
            meant = line[match.end() : end(line, match.end())].rstrip()
            reason = _reason(meant, flow=pattern is _FLOW) if meant else None
            if reason and (_SPEAKS_OF.search(meant) or (error and pattern is _BLOCK and meant[0] not in "\"'[{&*")):
                return _mended(number, line, match, (meant, reason))
    return None


def broken_problem(error: YAMLError) -> Problem:
    """What YAML could not read, in plain words."""
    line, column = spot_of(error)
    what = f"{getattr(error, 'problem', '')} {getattr(error, 'context', '')}"
    for sign, message in _PLAIN_WORDS:
        if sign in what:
            return Problem(line, column, "", message)
    return Problem(line, column, "", "This line cannot be read; look for a missing colon, quotation mark or bracket.")


_PLAIN_WORDS = (
    ("'\\t'", "A tab stands here; indent with spaces."),
    ("quoted scalar", "A text in quotes begins here and does not end; close the quotation mark."),
    ("flow", "A bracket is not closed, or a comma is missing between two entries."),
    ("mapping values are not allowed", "This line is indented wrongly, or a text with a colon needs quotation marks."),
    ("could not find expected ':'", "A name here has no colon after it; write name: value."),
    ("block mapping", "This line does not fit its neighbours; entries of one section begin in the same column."),
    ("block collection", "This line does not fit its neighbours; items of one list begin in the same column."),
    ("cannot start any token", "A text cannot begin with this character; put it in quotes."),
    ("escape", "A backslash in double quotes begins an escape; use single quotes."),
    ("duplicate", "A name stands twice here; keep one."),
)


def _mended(number: int, line: str, match: re.Match[str], found: tuple[str, str]) -> Misreading:
    meant, reason = found
    quoted = quote(meant)
    message = f"YAML would misread this, because {reason}; put it in quotes."
    problem = Problem(number, match.end() + 1, "", message, f"{match['key']}: {quoted}")
    return Misreading(problem, number, line[: match.end()] + quoted + line[match.end() + len(meant) :])


def quote(text: str) -> str:
    """The text in the quotation marks of YAML that change nothing in it."""
    return f'"{text}"' if '"' not in text and "\\" not in text else "'" + text.replace("'", "''") + "'"


def _reason(meant: str, *, flow: bool) -> str | None:
    if _wholly_quoted(meant) or (not flow and meant[0] in "{[" and meant[-1] in "}]"):
        return None
    if meant[0] in _FIRST:
        return _FIRST[meant[0]]
    if ": " in meant or meant.endswith(":"):
        return "it holds a colon and a space"
    if " #" in meant:
        return "it holds a space and a #, which begins a comment"
    if flow and re.search(r"[,\[\]{}]", meant):
        return "it holds a comma or a bracket inside { }"
    return None


def _wholly_quoted(meant: str) -> bool:
    mark = meant[0]
    if mark not in "\"'":
        return False
    inner = meant[1:-1].replace("''", "") if mark == "'" else re.sub(r"\\.", "", meant[1:-1])
    return len(meant) > 1 and meant[-1] == mark and mark not in inner


def _end_of_line(line: str, start: int) -> int:
    """Where a value on its own line ends: before a comment that stands outside its quotation marks."""
    mark = ""
    for at in range(start, len(line)):
        letter = line[at]
        if mark:
            mark = "" if letter == mark else mark
        elif letter in "\"'" and line[at:].count(letter) > 1:
            mark = letter
        elif letter == "#" and line[at - 1] == " ":
            return at
    return len(line)


def _end_of_entry(line: str, start: int) -> int:
    """Where a value inside { } was meant to end: at the comma or bracket outside its own brackets and quotes."""
    depth, mark = 0, ""
    for at in range(start, len(line)):
        letter = line[at]
        if mark:
            mark = "" if letter == mark else mark
        elif letter in "\"'":
            mark = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]" and depth:
            depth -= 1
        elif letter in ",}]" and not depth:
            return at
    return len(line)
