"""Budgets: filled when published, refilled at each period, waiting rewards served oldest first (SEMANTICS 29, 30)."""

from sayso.core.engine import settle
from sayso.core.engine.decision import Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.settle import REFILL
from sayso.core.ledger.chart import budget, world
from sayso.core.ledger.transfers import Purpose
from sayso.core.program.calendar import Day, Moment, next_period, period_start
from sayso.core.program.document import Budget

SERVE = "budget_serve"
# What one event makes is numbered within bounds; the rest is served by the next.
SERVED_AT_ONCE = 5_000
# A test workspace may get its program before its clock starts; the first period is then the one of its first event.
FIRST_EVENT: Moment = 1


def publish(draft: Draft) -> None:
    """Give a newly published version its budget: the amount, or the difference to what the version before had."""
    props = draft.event.props
    program = draft.rulebook.versions.get((str(props.get("program")), int(props.get("version", 0))))
    if program is None or program.document.budget is None:
        return
    rules = program.document.budget
    earlier = [
        each.document.budget.amount.minor
        for each in draft.rulebook.programs[program.name]
        if each.version < program.version and each.document.budget
    ]
    _top_up(draft, program, rules.amount.minor - (earlier[-1] if earlier else 0))
    if rules.per:
        due = FIRST_EVENT if draft.now < FIRST_EVENT else _next_refill(draft, program.name, draft.event.day)
        _plan_refill(draft, program, due, begun=draft.now)


def _top_up(draft: Draft, program: CompiledProgram, amount: int) -> None:
    account, outside = budget(program.number, program.currency), world(program.currency)
    if amount >= 0:
        draft.book(outside, account, amount, Purpose.REFILL)
    else:
        draft.book(account, outside, min(-amount, draft.balance(account)), Purpose.LAPSE)


def _next_refill(draft: Draft, name: str, day: Day) -> Moment:
    """The start of the next period after a day, of whichever version: which one will hold then is not known yet."""
    budgets = (each.document.budget for each in draft.rulebook.programs[name])
    return draft.calendar.start(min(next_period(day, each.per) for each in budgets if each and each.per))


def _plan_refill(draft: Draft, program: CompiledProgram, due: Moment, *, begun: Moment) -> None:
    """Set the timer for a refill, unless one as early is set; each period has its own, however late one looks.

    Args:
        begun: when the period began that runs; where a refill is planned already, it knows better.
    """
    for timer in (draft.see("timers", program.number) or {}).values():
        if timer.kind == REFILL and timer.detail == program.name and timer.id not in draft.decision.gone:
            if timer.due_at <= due:
                return
            draft.drop_timer(program.number, timer.id)
            begun = timer.about
    draft.set_timer(program.number, REFILL, due, about=begun, detail=program.name)


def refill(draft: Draft, name: str, *, begun: Moment) -> None:
    """Begin a period, where one of the running version begins, and plan the next whether or not a budget holds now.

    Args:
        begun: when the period began that may end here.
    """
    latest = draft.rulebook.programs[name][-1]
    if draft.now == FIRST_EVENT:
        _plan_refill(draft, latest, _next_refill(draft, name, draft.calendar.day(draft.event.clock)), begun=begun)
        return
    running, day = draft.rulebook.in_force(name, draft.now, draft.event.position), draft.event.day
    rules = running.document.budget if running else None
    per = rules.per if rules else None
    if running and rules and per and period_start(day, per) == day:
        _begin(draft, running, rules)
        begun = draft.now
    _plan_refill(draft, latest, _next_refill(draft, name, day), begun=begun)
    if per is None or period_start(day, per) == day:
        serve(draft, name)


def _begin(draft: Draft, program: CompiledProgram, rules: Budget) -> None:
    """Let what is left lapse unless it rolls over, and the period's amount come in."""
    account, outside = budget(program.number, program.currency), world(program.currency)
    if not rules.roll_over:
        draft.book(account, outside, draft.balance(account), Purpose.LAPSE)
    draft.book(outside, account, rules.amount.minor, Purpose.REFILL)
    draft.say(program, "budget", Verdict.REFILLED, seen=rules.amount.minor)


def serve(draft: Draft, name: str) -> None:
    """Serve what waits, oldest first, until the budget does not reach; what waited two periods lapses."""
    waiting = [number for number in draft.numbers("waiting", name) if _waits(draft, number)]
    for number in waiting[:SERVED_AT_ONCE]:
        if not _serve_one(draft, number):
            return
    if len(waiting) > SERVED_AT_ONCE:
        draft.set_timer(draft.rulebook.programs[name][-1].number, SERVE, draft.now, detail=name)


def _waits(draft: Draft, number: int) -> bool:
    reward = draft.reward(number)
    return reward.state == "waiting"


def _serve_one(draft: Draft, number: int) -> bool:
    """Serve one waiting reward, or let it lapse; whether there may be budget for the next."""
    reward = draft.reward(number)
    origin = draft.rulebook.versions[reward.program, reward.version]
    path, member = f"rewards.{reward.clause}", reward.beneficiary
    if draft.calendar.day(reward.granted_at) < _two_periods_ago(draft, origin):
        settle.give_back(draft, origin, draft.edit("rewards", number), "expired")
        draft.say(origin, path, Verdict.LAPSED, seen=number, subject=member)
        return True
    if not settle.affordable(draft, origin, reward):
        return False
    reward = draft.edit("rewards", number)
    settle.reserve(draft, origin, reward)
    draft.say(origin, path, Verdict.MET, seen=number, subject=member)
    settle.begin(draft, origin, reward)
    return True


def _two_periods_ago(draft: Draft, origin: CompiledProgram) -> Day:
    """The first day of the period before the last, as the version counts them under which a reward waits."""
    rules = origin.document.budget
    assert rules is not None
    assert rules.per is not None
    day = period_start(draft.event.day, rules.per)
    return period_start(period_start(day - 1, rules.per) - 1, rules.per)
