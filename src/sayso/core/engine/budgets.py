"""Budgets: filled when published, refilled at each period, waiting rewards served oldest first (SEMANTICS 29, 30)."""

from sayso.core.engine import settle
from sayso.core.engine.decision import Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.facts import Reward
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.ledger.chart import budget, world
from sayso.core.ledger.transfers import Reason as Why
from sayso.core.program.calendar import Day, Moment, next_period, period_start
from sayso.core.program.document import Budget

REFILL, SERVE = "budget_refill", "budget_serve"
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
    if not earlier and rules.per:
        if draft.now < FIRST_EVENT:
            draft.set_timer(program.number, REFILL, FIRST_EVENT, detail=program.name)
        else:
            _plan_refill(draft, program, rules, draft.event.day)


def _top_up(draft: Draft, program: CompiledProgram, amount: int) -> None:
    account, outside = budget(program.number, program.currency), world(program.currency)
    if amount >= 0:
        draft.book(outside, account, amount, Why.REFILL)
    else:
        draft.book(account, outside, min(-amount, draft.balance(account)), Why.LAPSE)


def _plan_refill(draft: Draft, program: CompiledProgram, rules: Budget, day: Day) -> None:
    """Set the timer for the period after a day; each has its own, so that it does not matter when one is looked at."""
    assert rules.per is not None
    due = draft.calendar.start(next_period(day, rules.per))
    draft.set_timer(program.number, REFILL, due, detail=program.name)


def refill(draft: Draft, name: str) -> None:
    """Begin a period: what is left lapses unless it rolls over, the amount comes in, waiting rewards are served."""
    program = _running(draft, name)
    rules = program.document.budget if program else None
    if program is None or rules is None or rules.per is None:
        return
    if draft.now == FIRST_EVENT:
        _plan_refill(draft, program, rules, draft.calendar.day(draft.event.clock))
        return
    account, outside = budget(program.number, program.currency), world(program.currency)
    if not rules.roll_over:
        draft.book(account, outside, draft.balance(account), Why.LAPSE)
    draft.book(outside, account, rules.amount.minor, Why.REFILL)
    draft.say(program, "budget", Verdict.REFILLED, seen=rules.amount.minor)
    _plan_refill(draft, program, rules, draft.event.day)
    serve(draft, name)


def _running(draft: Draft, name: str) -> CompiledProgram | None:
    running = draft.rulebook.running(draft.now, draft.event.position)
    return next((each for each in running if each.name == name), None)


def serve(draft: Draft, name: str) -> None:
    """Serve what waits, oldest first, until the budget does not reach; what waited two periods lapses."""
    program = _running(draft, name)
    rules = program.document.budget if program else None
    if program is None or rules is None or rules.per is None:
        return
    day = period_start(draft.event.day, rules.per)
    two_ago = period_start(period_start(day - 1, rules.per) - 1, rules.per)
    waiting = [number for number in draft.see("waiting", name) or () if _waits(draft, number)]
    for number in waiting[:SERVED_AT_ONCE]:
        if not _serve_one(draft, number, two_ago):
            return
    if len(waiting) > SERVED_AT_ONCE:
        draft.set_timer(program.number, SERVE, draft.now, detail=name)


def _waits(draft: Draft, number: int) -> bool:
    reward: Reward = draft.see("rewards", number)
    return reward.state == "waiting"


def _serve_one(draft: Draft, number: int, two_ago: Day) -> bool:
    """Serve one waiting reward, or let it lapse; whether there may be budget for the next."""
    reward: Reward = draft.see("rewards", number)
    origin = draft.rulebook.versions[reward.program, reward.version]
    path, member = f"rewards.{reward.clause}", reward.beneficiary
    if draft.calendar.day(reward.granted_at) < two_ago:
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
