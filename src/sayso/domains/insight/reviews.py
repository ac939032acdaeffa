"""Rewards that wait for a person.

Owns the list that they are shown in. It must not settle one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.program.explain.voice import Language, voice_of
from sayso.domains.insight.called import program_in_words, reward_clause_in_words
from sayso.domains.people.queries import refs_of
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.rewards.models import Reward
from sayso.domains.rewards.queries import rewards_in_state
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class ToReview:
    """One reward that a person must look at.

    Attributes:
        member: the company's name for who would get it.
        program, clause: as the document calls them.
        cost: as the reader writes it; empty where it costs nothing.
    """

    id: str
    member: str
    program: str
    clause: str
    cost: str
    granted_at: datetime | None


def rewards_to_review(workspace: Workspace, *, language: Language, limit: int) -> list[ToReview]:
    """Return the rewards in review, the oldest first.

    Args:
        workspace: whose.
        language: of the reader.
        limit: how many at most.
    """
    rows = list(rewards_in_state(workspace, "in_review")[:limit])
    if not rows:
        return []
    names = refs_of(workspace, {row.beneficiary for row in rows})
    versions = rulebook_of(head_of(workspace)).versions
    return [_to_review(row, versions[row.program, row.version], names, language) for row in rows]


def _to_review(row: Reward, version: CompiledProgram, names: Mapping[int, str], language: Language) -> ToReview:
    return ToReview(
        id=public_id("rew", row.id),
        member=names.get(row.beneficiary, ""),
        program=program_in_words(version, language),
        clause=reward_clause_in_words(version, row.clause, language),
        cost=voice_of(language).minor(row.cost_minor, version.currency) if row.cost_minor else "",
        granted_at=row.granted_at,
    )
