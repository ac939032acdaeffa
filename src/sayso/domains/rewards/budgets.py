"""Reading budgets: what rewards may still cost, what those on their way have drawn, what waits, what a change did.

Owns the joining of a program's budget with its ledger account and its rewards. It must not draw on one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sayso.core.engine.rulebook import CompiledProgram, Rulebook
from sayso.core.engine.states import COMMITTED
from sayso.core.ledger.chart import Kind
from sayso.core.program.calendar import Day, Moment, moment_of, next_period, period_start
from sayso.core.program.document import Budget
from sayso.domains.events.models import Event
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
        amount_minor: what each period brings that begins under the version in force.
        period_minor: what the current period was given: it may have begun under another version.
        left_minor: what rewards may still draw.
        committed_minor: what was drawn by rewards that are not handed over yet: held, in review or approved.
        waiting_minor, waiting: what rewards cost that wait for the next period, and how many they are.
    """

    program: str
    currency: str
    per: str | None
    amount_minor: int
    period_minor: int
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
    rulebook, moment = rulebook_of(head_of(workspace)), moment_of(now)
    positions = [each.position for held in rulebook.programs.values() for each in held]
    log = Event.objects.filter(workspace=workspace, position__in=positions).values_list("position", "occurred_at")
    published = {position: moment_of(at) if at else 0 for position, at in log}
    periods = _Periods(rulebook, published, moment)
    return list(_budgets(workspace, rulebook.running(moment, workspace.position + 1), periods))


@dataclass(frozen=True, slots=True)
class _Periods:
    """What the periods of each budget were given; `published` has the moment of each publication by its position."""

    rulebook: Rulebook
    published: Mapping[int, Moment]
    now: Moment

    def brought(self, program: CompiledProgram, rules: Budget) -> int:
        """What the current period began with, and what was added or taken away by what was published since."""
        held = _with_budget(self.rulebook, program.name)
        latest = held[-1][1].amount.minor
        if rules.per is None:
            return latest
        start = program.calendar.start(period_start(program.calendar.day(self.now), rules.per))
        known = [(each, budget) for each, budget in held if self.published.get(each.position, 0) < start]
        began = [budget for each, budget in known if each.valid_from <= start]
        return latest - known[-1][1].amount.minor + began[-1].amount.minor if began else latest


def _with_budget(rulebook: Rulebook, name: str) -> list[tuple[CompiledProgram, Budget]]:
    """The versions of a program that have a budget, each with it."""
    found = ((each, each.document.budget) for each in rulebook.programs[name])
    return [(each, budget) for each, budget in found if budget is not None]


def _budgets(workspace: Workspace, running: list[CompiledProgram], periods: _Periods) -> Iterator[BudgetNow]:
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
            period_minor=periods.brought(program, rules),
            left_minor=left.get(program.number, 0),
            committed_minor=sum(each.cost_minor for each in committed),
            waiting_minor=sum(each.cost_minor for each in waiting),
            waiting=sum(each.count for each in waiting),
        )


@dataclass(frozen=True, slots=True)
class BudgetChange:
    """What publishing a version does to a budget, in minor units of its currency.

    Attributes:
        before_minor, after_minor: what a period brings, or all of it. What is left changes at once by the difference,
            and never falls below nothing.
        first: the first day of the first period that brings the new amount; None where it is never filled again.
    """

    currency: str
    before_minor: int
    after_minor: int
    first: Day | None


def budget_change(workspace: Workspace, program: str, version: int, now: datetime) -> BudgetChange | None:
    """Return what a version changed about the amount of its program's budget; None where it is what it was.

    Args:
        workspace: where it was published.
        program, version: which.
        now: by the workspace's clock.
    """
    held = [pair for pair in _with_budget(rulebook_of(head_of(workspace)), program) if pair[0].version <= version]
    if len(held) < 2 or held[-1][0].version != version or held[-1][1].amount == held[-2][1].amount:
        return None
    (_, before), (made, after) = held[-2:]
    first = _first_period(made, after, max(made.valid_from, moment_of(now)))
    return BudgetChange(made.currency, before.amount.minor, after.amount.minor, first)


def _first_period(program: CompiledProgram, rules: Budget, since: Moment) -> Day | None:
    if rules.per is None:
        return None
    day = program.calendar.day(since)
    begins = period_start(day, rules.per)
    return begins if program.calendar.start(begins) == since else next_period(day, rules.per)
