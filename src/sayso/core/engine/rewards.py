"""Rewards: which clause gives what to whom, and the verbs by which a reward goes from promise to hand.

Owns the choice of clauses and the conditions they bring. What a gift is worth is `gifts`', how it is booked and how
its state moves is `settle`'s.
"""

from sayso.core.engine import people, settle
from sayso.core.engine.case import Case, Trigger
from sayso.core.engine.clauses import applies
from sayso.core.engine.decision import Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.rows import Referral
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.scope import Scope
from sayso.core.engine.states import CLOSED
from sayso.core.program.calendar import LAST_DAY, periods_in
from sayso.core.program.document import Give
from sayso.core.program.values import Limit


def grant_at_step(draft: Draft, program: CompiledProgram, referral: Referral, step: str, trigger: Trigger) -> None:
    """Give what the document gives to both sides at a step, in document order (SEMANTICS 26, 40)."""
    clauses = program.at_step.get(step)
    if not clauses:
        return
    taken: set[str] = set()
    for name, clause in clauses:
        member = referral.advocate if clause.to == "advocate" else referral.friend
        scope = Scope(draft, program, member, trigger.amount, referral.friend, referral.advocate, referral)
        consider(Case(scope, name, clause, referral.id, trigger.position, taken))


def grant_on_event(draft: Draft, program: CompiledProgram, amount: int | None) -> None:
    """Give members what their own event earns, without a referral (SEMANTICS 35)."""
    event = draft.event
    taken: set[str] = set()
    for name, clause in program.on_event[event.type]:
        scope = Scope(draft, program, event.member, amount)
        consider(Case(scope, name, clause, event.position, event.position, taken))


def grant_recurring(draft: Draft, program: CompiledProgram, referral: Referral, amount: int | None) -> None:
    """Pay once for each qualifying period of the friend (SEMANTICS 33)."""
    event = draft.event
    for name, clause in program.recurring.get(event.type, ()):
        rule, since = clause.recurring, referral.steps.get(clause.at or "")
        if rule is None or since is None:
            continue
        member = referral.advocate if clause.to == "advocate" else referral.friend
        scope = Scope(draft, program, member, amount, referral.friend, referral.advocate, referral)
        case = Case(scope, name, clause, event.position, event.position)
        key = (referral.id, f"paid/{program.name}/{name}", "")
        ended = referral.ended_at or (rule.within and draft.calendar.deadline(since, rule.within))
        paid, _ = draft.counted(key, 0, LAST_DAY)
        # Twelve months hold twelve monthly payments, though the first and the last may be a year apart.
        most = [each for each in (rule.times, periods_in(rule.within, rule.per) if rule.within else None) if each]
        if (ended and draft.now >= ended) or (most and paid >= min(most)):
            case.say(Verdict.RECURRING_ENDED)
        elif draft.counted(key, *draft.calendar.counting(draft.now, Limit(1, rule.per)))[0]:
            case.say(Verdict.PERIOD_PAID)
        elif consider(case):
            draft.tally(key, event.day, 1, 0)


def consider(case: Case) -> bool:
    """Give what a clause gives, unless one of its conditions or bounds says no; whether it was granted."""
    clause, scope = case.clause, case.scope
    if clause.one_of and clause.one_of in case.taken:
        case.say(Verdict.ANOTHER_OF, seen=clause.one_of)
        return False
    if not (people.active(scope.draft, case.beneficiary) and applies(scope, case.path, clause.for_)):
        return False
    if clause.one_of:
        case.taken.add(clause.one_of)
    give = _by_number(case) if clause.every or clause.by_count else clause.give
    if give is None or _excluded(case) or _limit_reached(case):
        return False
    return settle.grant(case, give)


def _by_number(case: Case) -> Give | None:
    """What a clause by count gives this time; None when it is not its turn (SEMANTICS 28)."""
    draft, clause = case.scope.draft, case.clause
    reached = f"reached/{case.program.name}/{clause.at}"
    count, _ = draft.counted((case.beneficiary, reached, ""), 0, LAST_DAY)
    if clause.every:
        granted, _ = draft.counted(case.granted_key, 0, LAST_DAY)
        if count // clause.every <= granted:
            case.say(Verdict.NOT_EVERY, seen=count)
            return None
    if clause.by_count is None:
        return clause.give
    return next((give for at, give in sorted(clause.by_count.items(), reverse=True) if at <= count), None)


def _excluded(case: Case) -> bool:
    """Whether an earlier referral of a program that shares `exclusive` pays for this friend (SEMANTICS 20)."""
    shared, referral = case.program.document.exclusive, case.scope.referral
    if not shared or referral is None:
        return False
    draft = case.scope.draft
    for other in draft.referrals_of(referral.friend):
        program = draft.rulebook.versions[other.program, other.version]
        rival = program.document.exclusive == shared and other.status not in CLOSED
        if rival and (other.opened_at, other.program) < (referral.opened_at, referral.program):
            case.say(Verdict.EXCLUSIVE, seen=other.program)
            return True
    return False


def _limit_reached(case: Case) -> bool:
    """Whether the clause was granted as often as it may be (SEMANTICS 10, 27)."""
    limit = case.clause.limit
    if limit is None:
        return False
    draft = case.scope.draft
    count, _ = draft.counted(case.granted_key, *draft.calendar.counting(draft.now, limit))
    if count < limit.count:
        return False
    case.say(Verdict.LIMIT_REACHED, seen=count)
    return True
