"""What needs the whole document: names that sections share, money that must fit, and what is worth knowing.

Owns `check_program`, the one check that the command line, the API and the editor share, and what programs that run
side by side must agree on.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from sayso.core.program.document import Document, PointsRules
from sayso.core.program.finder import Finder
from sayso.core.program.parse import MAXIMUM_PROBLEMS, Parsed, parse_program
from sayso.core.program.problems import Problem
from sayso.core.program.review_messages import review_messages
from sayso.core.program.review_money import review_money
from sayso.core.program.review_names import review_names
from sayso.core.program.review_notes import review_notes

# So many published versions are kept as they were read: whatever runs reads the same few again and again.
MOST_PUBLISHED = 128


def check_program(text: str | bytes) -> Parsed:
    """Read and review a draft; bytes are UTF-8. Never raises.

    The program may be published when `errors` of the result is empty; notes stand among its `problems` too.
    """
    parsed = review(parse_program(text))
    return _with(parsed, review_messages(_finder(parsed))) if parsed.document else parsed


@lru_cache(MOST_PUBLISHED)
def read_published(text: str) -> Parsed:
    """Read a version that was published. It keeps running, whatever its messages say: these are not looked into."""
    return review(parse_program(text))


def contradictions(document: Document, others: Iterable[Document]) -> list[Problem]:
    """What keeps a program from running beside the others of its workspace.

    Programs that name the same points share one wallet, so they agree on when these expire (SEMANTICS 5).

    Args:
        others: the latest version of each program, or what is published beside this one; its own is passed over.
    """
    return [
        Problem(0, 0, "points.expire", _otherwise(other.program))
        for other in others
        if other.program != document.program and _expire_otherwise(document.points, other.points)
    ]


def _otherwise(other: str) -> str:
    return f"The program {other} lets the same points expire otherwise. To change it for both, publish both in one act."


def _expire_otherwise(ours: PointsRules | None, theirs: PointsRules | None) -> bool:
    return ours is not None and theirs is not None and ours.unit == theirs.unit and ours.expire != theirs.expire


def review(parsed: Parsed) -> Parsed:
    """Add what needs the whole document to what was found while reading it."""
    if parsed.document is None:
        return parsed
    finder = _finder(parsed)
    return _with(parsed, [*review_names(finder), *review_money(finder), *review_notes(finder)])


def _finder(parsed: Parsed) -> Finder:
    assert parsed.document is not None
    return Finder(parsed.document, parsed.conditions, parsed.source)


def _with(parsed: Parsed, found: Iterable[Problem]) -> Parsed:
    return replace(parsed, problems=sorted({*parsed.problems, *found})[:MAXIMUM_PROBLEMS])
