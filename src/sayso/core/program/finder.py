"""What the reviews of a whole document share: walking it, and turning a finding into a problem with its place.

Owns the walk. It must not judge anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from sayso.core.program.conditions import Condition
from sayso.core.program.document import Choice, Clause, Document, Gift
from sayso.core.program.problems import Problem, Severity
from sayso.core.program.vocabulary import nearest
from sayso.core.program.yaml_source import Path, Source, dotted


@dataclass(frozen=True, slots=True)
class Finder:
    """A document that has been read, with the places of its values."""

    document: Document
    conditions: dict[str, Condition]
    source: Source

    def error(self, path: Path, message: str, instead: str | None = "") -> Problem:
        """Something that stops publication."""
        return self._problem(path, message, instead, "error")

    def error_in(self, path: Path, piece: str, message: str, instead: str = "") -> Problem | None:
        """Something that stops publication, at a piece of a text; None where it is written otherwise there."""
        spot = self.source.spot_in(self._written(path), piece)
        return Problem(*spot, dotted(path), message, instead) if spot else None

    def note(self, path: Path, message: str, instead: str | None = "") -> Problem:
        """Something to know."""
        return self._problem(path, message, instead, "note")

    def _problem(self, path: Path, message: str, instead: str | None, severity: Severity) -> Problem:
        path = self._written(path)
        line, column = self.source.place(path)
        return Problem(line, column, dotted(path), message, instead or "", severity)

    def _written(self, path: Path) -> Path:
        """The path as it stands in the text: a list of one may be written without its brackets."""
        written: Path = ()
        for part in path:
            if not isinstance(part, int) or (*written, part) in self.source.marks:
                written = (*written, part)
        return written

    def unknown(self, path: Path, name: str, known: list[str], kind: str) -> Problem:
        """A name that nothing in the document bears."""
        near = nearest(name, known) or (known[0] if len(known) == 1 else None)
        message = f"There is no {kind} {name}."
        if near is None and known:
            message = f"There is no {kind} {name}, only {', '.join(known)}."
        return self.error(path, message, near)

    def gifts(self) -> Iterator[tuple[Path, Clause, Gift]]:
        """Every gift of every reward, also those of which one is chosen."""
        for name, clause in self.document.rewards.items():
            given: list[tuple[Path, Any]] = [(("rewards", name, "give"), clause.give or ())]
            for count, give in (clause.by_count or {}).items():
                given.append((("rewards", name, "by_count", count), give))
            for path, give in given:
                for inner, gift in self._gifts_of(path, give):
                    yield inner, clause, gift

    def _gifts_of(self, path: Path, give: Any) -> Iterator[tuple[Path, Gift]]:
        for index, one in enumerate(give):
            inner = (*path, index)
            if isinstance(one, Choice):
                for number, gift in enumerate(one.choice):
                    yield (*inner, "choice", number), gift
            else:
                yield inner, one

    def path_of(self, condition: str) -> Path:
        """The path of a condition by its dotted name."""
        parts: list[str | int] = []
        for part in condition.split("."):
            parts.append(int(part) if part.isdigit() else part)
        return tuple(parts)


def values(node: Any, kind: type[Any] | tuple[type[Any], ...], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value of a type inside a part of the document, with its path."""
    if isinstance(node, kind):
        yield path, node
    elif isinstance(node, BaseModel):
        for name, field in type(node).model_fields.items():
            yield from values(getattr(node, name), kind, (*path, field.alias or name))
    elif isinstance(node, dict):
        for key, inner in node.items():
            yield from values(inner, kind, (*path, key))
    elif isinstance(node, list | tuple):
        for index, inner in enumerate(node):
            yield from values(inner, kind, (*path, index))
