"""What needs the whole document: names that sections share, money that must fit, and what is worth knowing.

Owns `check_program`, the one check that the command line, the API and the editor share.
"""

from dataclasses import replace

from sayso.core.program.finder import Finder
from sayso.core.program.parse import MAXIMUM_PROBLEMS, Parsed, parse_program
from sayso.core.program.problems import Problem
from sayso.core.program.review_money import review_money
from sayso.core.program.review_names import review_names
from sayso.core.program.review_notes import review_notes


def check_program(text: str | bytes) -> Parsed:
    """Read and review a written program; bytes are UTF-8. Never raises.

    The program may be published when `errors` of the result is empty; notes stand among its `problems` too.
    """
    return review(parse_program(text))


def review(parsed: Parsed) -> Parsed:
    """Add what needs the whole document to what was found while reading it."""
    if parsed.document is None:
        return parsed
    finder = Finder(parsed.document, parsed.conditions, parsed.source)
    found: list[Problem] = [*review_names(finder), *review_money(finder), *review_notes(finder)]
    return replace(parsed, problems=sorted({*parsed.problems, *found})[:MAXIMUM_PROBLEMS])
