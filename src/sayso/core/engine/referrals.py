"""Referrals once they are open: how one takes its steps, completes and expires.

How one opens is `opening`'s.
"""

from typing import Literal

from sayso.core.engine import rewards
from sayso.core.engine.amounts import amount_in
from sayso.core.engine.case import Trigger
from sayso.core.engine.decision import Failed, Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.events import CANCELLED
from sayso.core.engine.rows import Early, Referral
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.scope import Scope, happened
from sayso.core.engine.states import RUNNING, STANDING
from sayso.core.program.calendar import Moment

KEPT_EARLY = 50
WAIT = "referral_wait"
OPENING = "referral"


def catch_up(draft: Draft, program: CompiledProgram, referral: Referral) -> None:
    """Take the leading steps whose events came before the advocate was known, and start the wait for the next.

    A step with a condition of its own is taken only by the event that staff named: no other is at hand to be judged.
    """
    rules = program.document.referral
    assert rules is not None
    for name in program.order:
        step, trigger = rules.steps[name], Trigger(draft.event.position, None)
        if name in referral.early:
            trigger = _early(referral, name)
        elif step.when or not happened(draft, referral.friend, step.on, draft.calendar.day(referral.touched_at)):
            break
        reach(draft, program, referral.id, name, trigger)
    wait_for_next(draft, program, referral.id)


def advance(draft: Draft, programs: list[CompiledProgram]) -> None:
    """Let the event take the steps it reaches in the referrals of its member."""
    event = draft.event
    mine = [referral for referral in draft.referrals_of(event.member) if referral.status in STANDING]
    within = {referral.program for referral in mine}
    for program in programs:
        if event.type in program.steps and program.name not in within:
            for name, _ in program.steps[event.type]:
                draft.say(program, f"referral.steps.{name}", Verdict.NO_REFERRAL, subject=event.member)
    for referral in mine:
        program = draft.rulebook.governing(referral, draft.now, event.position)
        if event.type == CANCELLED and not referral.ended_at:
            draft.edit("referrals", referral.id).ended_at = draft.now
        for name, _ in program.steps.get(event.type, ()):
            _try_step(draft, program, referral.id, name)


def _try_step(draft: Draft, program: CompiledProgram, number: int, name: str) -> None:
    referral = draft.referral(number)
    path = f"referral.steps.{name}"
    if name in referral.steps or referral.status not in RUNNING:
        return
    rule = program.rules.get(f"{path}.when")
    scope = scope_of(draft, program, referral, referral.friend)
    if rule is not None and not rule.check(scope):
        draft.say_failed(program, path, Verdict.CONDITION, Failed(*rule.failed(scope), "when"), referral.friend)
        return
    before = previous(program, name)
    if before and before not in referral.steps:
        note_early(draft.edit("referrals", number), name, Early(draft.event.position, draft.now, scope.amount))
        draft.say(program, path, Verdict.WAITS_FOR_STEP, seen=before, subject=referral.friend)
        return
    deadline = _deadline(draft, program, referral, name)
    if deadline and draft.now >= deadline:
        draft.say(program, path, Verdict.STEP_TOO_LATE, seen=deadline, subject=referral.friend)
        return
    reach(draft, program, number, name, Trigger(draft.event.position, scope.amount))
    take_noted(draft, program, number)


def previous(program: CompiledProgram, name: str) -> str:
    """The step before this one; empty for the first."""
    at = program.order.index(name)
    return program.order[at - 1] if at else ""


def _deadline(draft: Draft, program: CompiledProgram, referral: Referral, name: str) -> Moment:
    """When the wait for a step ends; 0 when it never does (SEMANTICS 17)."""
    rules = program.document.referral
    assert rules is not None
    within = rules.steps[name].within
    if within is None:
        return 0
    before = previous(program, name)
    return draft.calendar.deadline(referral.steps[before] if before else referral.opened_at, within)


def take_noted(draft: Draft, program: CompiledProgram, number: int) -> None:
    """Take the steps whose events were noted and whose turn it is, and wait for the one after them."""
    _take_early(draft, program, number)
    wait_for_next(draft, program, number)


def _take_early(draft: Draft, program: CompiledProgram, number: int) -> None:
    """Take the following steps whose events came early: they count once their predecessor is there."""
    for name in program.order:
        referral = draft.referral(number)
        if name in referral.steps:
            continue
        if name not in referral.early or referral.status not in RUNNING:
            return
        reach(draft, program, number, name, _early(referral, name))


def _early(referral: Referral, name: str) -> Trigger:
    first = referral.early[name][0]
    return Trigger(first.position, first.amount)


def note_early(row: Referral, name: str, noted: Early) -> None:
    """Keep an event until its step's turn comes; of very many the first, which are enough to take it."""
    kept = row.early.get(name, ())
    if len(kept) < KEPT_EARLY:
        row.early = {**row.early, name: (*kept, noted)}


def lower_early(row: Referral, name: str, position: int, left: int) -> None:
    """Let an event that waits for its turn count with what is left of it; with nothing left it takes no step."""
    kept = tuple(
        each._replace(amount=left) if each.position == position else each
        for each in row.early[name]
        if each.position != position or left
    )
    others = {other: noted for other, noted in row.early.items() if other != name}
    row.early = {**others, name: kept} if kept else others


def reach(draft: Draft, program: CompiledProgram, number: int, name: str, trigger: Trigger) -> None:
    """Take a step: tally it, complete the referral where it is the success, and give what is due at it.

    Args:
        trigger: the event that earned the step; a refund names that event.
    """
    rules = program.document.referral
    assert rules is not None
    row = draft.edit("referrals", number)
    row.steps = {**row.steps, name: draft.now}
    row.taken_by = {**row.taken_by, name: trigger.position}
    draft.say(program, f"referral.steps.{name}", Verdict.MET, subject=row.friend)
    if name == rules.success:
        row.completed_at = draft.now
        if row.status == "open":
            row.status = "completed"
    count_step(draft, program, row, name)
    rewards.grant_at_step(draft, program, row, name, trigger)


def count_step(draft: Draft, program: CompiledProgram, referral: Referral, name: str, by: int = 1) -> None:
    """Let a step count for the advocate on the day on which it was taken; `by` is -1 where it counts no longer."""
    day, measure = draft.calendar.day(referral.steps[name]), f"reached/{program.name}/{name}"
    if measure in draft.rulebook.measures:
        draft.tally((referral.advocate, measure, ""), day, by, 0)
    if program.document.referral and name == program.document.referral.success:
        draft.tally((referral.advocate, "friends_joined", ""), day, by, 0)


def undo(draft: Draft, program: CompiledProgram, number: int, name: str) -> None:
    """Let a step that was reached count no longer; without its success a referral is rejected."""
    if name in draft.referral(number).undone:
        return
    row = draft.edit("referrals", number)
    row.undone = (*row.undone, name)
    count_step(draft, program, row, name, by=-1)
    if program.document.referral and name == program.document.referral.success:
        end(draft, number, "rejected")
    draft.say(program, f"referral.steps.{name}", Verdict.TAKEN_BACK, subject=row.friend)


def undo_all(draft: Draft, number: int) -> None:
    """Let a referral that fell count no longer."""
    referral = draft.referral(number)
    program = draft.rulebook.governing(referral, draft.now, draft.event.position)
    for name in referral.steps:
        undo(draft, program, number, name)


def wait_for_next(draft: Draft, program: CompiledProgram, number: int) -> None:
    """Set the timer that ends the wait for the next step, in place of the one before."""
    referral = draft.referral(number)
    following = next((name for name in program.order if name not in referral.steps), "")
    due = 0
    if following and referral.status in RUNNING and not referral.completed_at:
        due = _deadline(draft, program, referral, following)
    if not due and not referral.timer:
        return
    row = draft.edit("referrals", number)
    draft.drop_timer(row.friend, row.timer)
    row.timer = draft.set_timer(row.friend, WAIT, due, about=number) if due else 0


def clear(draft: Draft, number: int) -> None:
    """Let a referral go on that a person has looked at; one that has ended only rests on more than an address now."""
    row = draft.edit("referrals", number)
    row.by_address = False
    if row.status == "in_review":
        row.status = "completed" if row.completed_at else "open"


def expire(draft: Draft, number: int) -> None:
    """End a referral whose next step did not come in time."""
    referral = draft.see("referrals", number)
    if referral is None or referral.status not in RUNNING or referral.completed_at:
        return
    program = draft.rulebook.governing(referral, draft.now, draft.event.position)
    following = next((name for name in program.order if name not in referral.steps), "")
    if following and not 0 < _deadline(draft, program, referral, following) <= draft.now:
        wait_for_next(draft, program, number)  # a later version for everyone gives more time (SEMANTICS 18)
        return
    end(draft, number, "expired")
    draft.say(program, OPENING, Verdict.EXPIRED, subject=referral.friend)


def end(draft: Draft, number: int, status: Literal["expired", "rejected"]) -> None:
    """End a referral, which waits for no step any more; what it earned is its caller's."""
    row = draft.edit("referrals", number)
    draft.drop_timer(row.friend, row.timer)
    row.status, row.timer = status, 0


def scope_of(draft: Draft, program: CompiledProgram, referral: Referral, member: int) -> Scope:
    """Who is who in a referral, seen from one member."""
    return Scope(
        draft,
        program,
        member,
        amount_of(draft, program),
        friend=referral.friend,
        advocate=referral.advocate,
        referral=referral,
    )


def amount_of(draft: Draft, program: CompiledProgram) -> int | None:
    """The event's amount in the program's currency."""
    return amount_in(draft, program.currency, draft.event.amount_minor)
