"""What is wrong with a written program, as values: where it stands, what is wrong, what to write instead.

Owns the shape and the order of problems. It must not look for them.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "note"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to change, or to know.

    line, column: where it stands, from 1; line 0 when it stands nowhere in particular.
    path: the way through the document, `rewards.thanks.at`.
    message: what is wrong, as a sentence.
    instead: what to write instead, as it would be typed; empty when there is no one answer.
    severity: an `error` stops publication, a `note` does not.
    """

    line: int
    column: int
    path: str
    message: str
    instead: str = ""
    severity: Severity = "error"

    def as_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        place = [f"line {self.line}, column {self.column}"] if self.line else []
        start = ", ".join([*place, *([self.path] if self.path else [])])
        advice = f" Write {self.instead}." if self.instead else ""
        return f"{start}: {self.message}{advice}" if start else f"{self.message}{advice}"


def in_one_line(problems: Iterable[Problem]) -> str:
    """Return several problems as one sentence."""
    told = [str(each) for each in problems]
    return "; ".join([*(each.removesuffix(".") for each in told[:-1]), *told[-1:]])
