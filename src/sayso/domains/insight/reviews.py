"""Rewards that wait for a person.

Owns the list that they are shown in. It must not settle one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sayso.core.program.explain.voice import Language, voice_of
from sayso.domains.people.queries import refs_of
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.rewards.queries import rewards_in_state
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class ToReview:
    """One reward that a person must look at.

    Attributes:
        member: the company's name for who would get it.
        clause: its name in the document, with spaces.
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
    voice = voice_of(language)
    found = []
    for row in rows:
        version = versions.get((row.program, row.version))
        cost = voice.minor(row.cost_minor, version.currency) if version and row.cost_minor else ""
        name = names.get(row.beneficiary, "")
        found.append(
            ToReview(
                id=public_id("rew", row.id),
                member=name,
                program=row.program,
                clause=row.clause.replace("_", " "),
                cost=cost,
                granted_at=row.granted_at,
            )
        )
    return found
