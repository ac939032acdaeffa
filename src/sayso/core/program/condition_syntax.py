"""From the text of a condition to Python's syntax tree, inside bounds.

Owns the bounds and the advice for text that is no expression. It must not know any name or type.
"""

import ast
import io
import re
import tokenize
from dataclasses import dataclass

from sayso.core.program.values import money_meant

MAXIMUM_CHARACTERS = 2000
MAXIMUM_TOKENS = 200
MAXIMUM_BRACKETS = 32

_FOREIGN = (
    (re.compile(r"&&"), "and", "Conditions are joined by words."),
    (re.compile(r"\|\|"), "or", "Conditions are joined by words."),
    (re.compile(r"<>"), "!=", "Unequal is written with an exclamation mark."),
    (re.compile(r"!(?!=)"), "not", "Negation is a word."),
    (re.compile(r"(?<![=!<>:])=(?![=])"), "==", "One equals sign compares nothing."),
    (re.compile(r"\b(AND|OR|NOT|IN)\b"), "", "The words between comparisons are written small."),
)
_AMOUNT = re.compile(r"(?<![\w.])(?:\d[\d.,]*\s*(?:[A-Z]{3}\b|[€£])|[€£]\s*\d[\d.,]*\d|[€£]\s*\d)")
_WITHIN = re.compile(r"\bwithin\s+(\d+\s*[a-z]+)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


@dataclass(frozen=True, slots=True, order=True)
class ConditionProblem:
    """What is wrong with a condition, at which character of its text (from 0), and what to write instead."""

    offset: int
    message: str
    instead: str = ""


class ConditionError(Exception):
    """The text is no condition; `problems` holds all that was found."""

    def __init__(self, *problems: ConditionProblem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(sorted(problems))


def syntax_of(text: str) -> ast.expr:
    """The syntax tree of one expression.

    Raises:
        ConditionError: it is too long, too deep, or no expression.
    """
    line = re.sub(r"[\t\r\n]", " ", text)
    _check_characters(line)
    start = len(line) - len(line.lstrip())
    try:
        _check_tokens(line.strip(), start)
        return ast.parse(line.strip(), mode="eval").body
    except (SyntaxError, tokenize.TokenError, ValueError, RecursionError, MemoryError) as error:
        raise ConditionError(_advice(line, error)) from None


def offset_of(text: str, node: ast.expr) -> int:
    """The character of the text at which a node begins; the tree counts bytes."""
    stripped = re.sub(r"[\t\r\n]", " ", text).strip()
    before = stripped.encode()[: node.col_offset].decode(errors="ignore")
    return len(text) - len(text.lstrip()) + len(before)


def _check_characters(line: str) -> None:
    if not line.strip():
        raise ConditionError(ConditionProblem(0, "The condition is empty."))
    if len(line) > MAXIMUM_CHARACTERS:
        message = f"The condition is longer than {MAXIMUM_CHARACTERS} characters; name a part of it as a fact."
        raise ConditionError(ConditionProblem(MAXIMUM_CHARACTERS, message))
    unprintable = next((at for at, letter in enumerate(line) if not letter.isprintable()), None)
    if unprintable is not None:
        raise ConditionError(ConditionProblem(unprintable, "The condition holds a character that cannot be seen."))
    if "\\" in line:
        raise ConditionError(ConditionProblem(line.index("\\"), "A condition has no backslash."))


def _check_tokens(line: str, start: int) -> None:
    depth = 0
    for count, token in enumerate(tokenize.generate_tokens(io.StringIO(line).readline), start=1):
        if token.type == tokenize.COMMENT:
            raise ConditionError(ConditionProblem(start + token.start[1], "A condition holds no comment."))
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        if count > MAXIMUM_TOKENS:
            message = f"The condition has more than {MAXIMUM_TOKENS} words and signs; split it into groups."
            raise ConditionError(ConditionProblem(start + token.start[1], message))
        if depth > MAXIMUM_BRACKETS:
            message = f"More than {MAXIMUM_BRACKETS} brackets stand inside each other."
            raise ConditionError(ConditionProblem(start + token.start[1], message))


def _advice(line: str, error: Exception) -> ConditionProblem:
    bare = _QUOTED.sub(lambda match: "_" * len(match[0]), line)
    for pattern, instead, message in _FOREIGN:
        if match := pattern.search(bare):
            return ConditionProblem(match.start(), message, instead or match[0].lower())
    if match := _AMOUNT.search(bare):
        meant = money_meant(match[0]) or match[0]
        return ConditionProblem(match.start(), "An amount with its currency stands in quotes.", f'"{meant}"')
    if match := _WITHIN.search(bare):
        message = "A condition holds no length of time; count what happened in it as a fact, and ask for the fact."
        return ConditionProblem(match.start(), message, f"facts: {{NAME: {{count: EVENT, within: {match[1]}}}}}")
    for quote in ('"', "'"):
        if bare.count(quote) % 2:
            return ConditionProblem(bare.index(quote), "A text begins here and does not end; close the quotation mark.")
    for opening, closing in ("()", "[]"):
        if bare.count(opening) != bare.count(closing):
            at = bare.find(opening if bare.count(opening) > bare.count(closing) else closing)
            return ConditionProblem(at, "A bracket opens or closes alone.")
    offset = error.offset - 1 if isinstance(error, SyntaxError) and error.offset else 0
    message = "This cannot be read as a condition; compare a name with a value, for example member.orders_90d >= 1."
    return ConditionProblem(max(0, min(offset, len(line) - 1)), message)
