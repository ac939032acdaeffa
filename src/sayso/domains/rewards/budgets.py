"""Reading budgets: what rewards may still cost, what those on their way have drawn, and what waits for more.

Owns the joining of a program's budget with its ledger account and its rewards. It must not draw on one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.states import COMMITTED
from sayso.core.ledger.chart import Kind
from sayso.core.program.calendar import moment_of
from sayso.domains.ledger.models import Balance
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.rewards.queries import reward_counts
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class BudgetNow:
    """How a program's budget stands, in minor units of its currency.

    Attributes:
        per: the calendar period after which it is filled again; None for never.
        amount_minor: what each period brings.
        left_minor: what rewards may still draw.
        committed_minor: what was drawn by rewards that are not handed over yet: held, in review or approved.
        waiting_minor, waiting: what rewards cost that wait for the next period, and how many they are.
    """

    program: str
    currency: str
    per: str | None
    amount_minor: int
    left_minor: int
    committed_minor: int
    waiting_minor: int
    waiting: int


def budgets_of(workspace: Workspace, now: datetime) -> list[BudgetNow]:
    """Return the budget of each program in force that has one.

    Args:
        workspace: whose programs.
        now: by the workspace's clock.
    """
    return list(_budgets(workspace, rulebook_of(head_of(workspace)).running(moment_of(now), workspace.position + 1)))


def _budgets(workspace: Workspace, running: list[CompiledProgram]) -> Iterator[BudgetNow]:
    counts = reward_counts(workspace)
    rows = Balance.objects.filter(workspace=workspace, kind=Kind.BUDGET).values_list("owner", "balance")
    left = dict(rows)
    for program in running:
        rules = program.document.budget
        if rules is None:
            continue
        committed = [each for each in counts if each.program == program.name and each.state in COMMITTED]
        waiting = [each for each in counts if each.program == program.name and each.state == "waiting"]
        yield BudgetNow(
            program=program.name,
            currency=program.currency,
            per=rules.per,
            amount_minor=rules.amount.minor,
            left_minor=left.get(program.number, 0),
            committed_minor=sum(each.cost_minor for each in committed),
            waiting_minor=sum(each.cost_minor for each in waiting),
            waiting=sum(each.count for each in waiting),
        )
