"""The programs of a workspace as they run now, explained in words.

Owns the explanation of a published document, kept for a while since a document never changes. It must not judge one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sayso.core.program.explain import Explanation, explain
from sayso.core.program.explain.voice import Language
from sayso.core.program.review import read_published
from sayso.core.program.scalars import words
from sayso.domains.programs.models import Version
from sayso.domains.programs.queries import programs_in, published_versions
from sayso.domains.workspaces.models import Workspace

_MOST_KEPT = 128


@dataclass(frozen=True, slots=True)
class Running:
    """A program with its latest published version.

    Attributes:
        title: in the reader's language.
        since: from when the version holds.
        versions: all published ones, the latest first.
        explanation: what it means, in sentences.
    """

    name: str
    title: str
    version: int
    since: datetime | None
    text: str
    versions: tuple[Version, ...]
    explanation: Explanation


def running_programs(workspace: Workspace, *, language: Language) -> list[Running]:
    """Return every program that was published, in the order in which they first were."""
    found = (running_program(workspace, each.name, language=language) for each in programs_in(workspace))
    return [each for each in found if each is not None]


def running_program(workspace: Workspace, name: str, *, language: Language) -> Running | None:
    """Return one program as it runs; None when the workspace has published none of this name."""
    versions = published_versions(workspace, name)
    if not versions:
        return None
    latest = versions[-1]
    title, explanation = _explained(latest.text, language)
    return Running(
        name=name,
        title=title,
        version=latest.number,
        since=latest.valid_from,
        text=latest.text,
        versions=tuple(reversed(versions)),
        explanation=explanation,
    )


@lru_cache(_MOST_KEPT)
def _explained(text: str, language: Language) -> tuple[str, Explanation]:
    parsed = read_published(text)
    assert parsed.document is not None  # it was checked before it was published
    return words(parsed.document.title, language), explain(parsed.document, parsed.conditions, language=language)
