"""Whether a budget reaches for what a program promises, before anybody has earned it.

Owns the comparison of a gift's cost with what is left. It must not draw on one: the engine decides.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from sayso.core.engine.gifts import cost_of, items_of
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.ledger.chart import Kind
from sayso.domains.ledger.models import Balance
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.models import Workspace

Cover = Literal["now", "waits", "never"]


def cover_of(workspace: Workspace, program: str, version: int, clauses: Collection[str]) -> Cover:
    """Return whether what some clauses give can be paid for now, would wait for the next period, or be refused.

    What is taken of an amount counts as nothing: the amount is not known yet.

    Args:
        workspace: whose program.
        program, version: which.
        clauses: the names of rewards in it.
    """
    found = rulebook_of(head_of(workspace)).versions.get((program, version))
    rules = found.document.budget if found else None
    if found is None or rules is None:
        return "now"
    account = Balance.objects.filter(workspace=workspace, kind=Kind.BUDGET, owner=found.number)
    left = account.values_list("balance", flat=True).first() or 0
    if all(_cost(found, clause) <= left for clause in clauses):
        return "now"
    return "never" if rules.when_spent == "stop" or rules.per is None else "waits"


def _cost(program: CompiledProgram, clause: str) -> int:
    return cost_of(*items_of(program, program.document.rewards[clause].give or (), None))
