"""Deciding one event: facts, guard, referral steps, rewards, points, tiers, badges, in that order (SEMANTICS 40).

Pure: the same rulebook, facts and event give the same decision. It must not change the facts.
"""

from collections.abc import Callable

from sayso.core.engine import (
    budgets,
    events,
    invitations,
    merge,
    moving_in,
    opening,
    people,
    points,
    put_right,
    referrals,
    refunds,
    rewards,
    rulings,
    tiers,
    timers,
)
from sayso.core.engine.amounts import amount_in, set_rate, tally_event
from sayso.core.engine.decision import Decision, Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.events import Event
from sayso.core.engine.facts import Facts
from sayso.core.engine.rows import Timer
from sayso.core.engine.rulebook import CompiledProgram, Rulebook

# Types with a meaning of their own, whatever the documents say.
_OWN: dict[str, Callable[[Draft], None]] = {
    events.REFUND: refunds.refund,
    events.POINTS_SPENT: points.spend,
    events.POINTS_MOVED_IN: points.move_in,
    events.MEMBER_MERGED: merge.merge,
    events.MEMBER_ERASED: people.erase,
    events.MEMBER_BANNED: people.ban,
    events.PROGRAM_PUBLISHED: budgets.publish,
    events.REWARD_CHOSEN: rulings.judge,
    events.REWARD_APPROVED: rulings.judge,
    events.REWARD_DENIED: rulings.judge,
    events.REWARD_ISSUED: rulings.judge,
    events.REWARD_REDEEMED: rulings.judge,
    events.REWARD_REVERSED: rulings.judge,
    events.RATE_SET: set_rate,
    events.INVITED: invitations.invite,
}
_OWN_BY_PROGRAM: dict[str, Callable[[Draft, list[CompiledProgram]], None]] = {
    events.REFERRAL_ATTRIBUTED: put_right.attribute,
    events.REFERRAL_MOVED_IN: moving_in.move_in,
    events.REWARD_GRANTED: rulings.grant_by_staff,
    events.PROGRAM_PAUSED: opening.pause_or_resume,
    events.PROGRAM_RESUMED: opening.pause_or_resume,
}


def decide(rulebook: Rulebook, facts: Facts, event: Event) -> Decision:
    """What follows from one event.

    Args:
        rulebook: every version of every program of the workspace.
        facts: what is known; read only.
        event: the event at its position.

    Raises:
        NotLoaded: it needs a fact that was not loaded; the batch is cut before it.
        NoRate: its amount cannot be converted (SEMANTICS 4).
        FloorBroken: the books would pass a bound; a defect, and nothing is booked.
    """
    draft = Draft(rulebook, facts, event)
    if event.member:
        people.appear(draft)
    if event.counts_only:
        tally_event(draft, 1, event.amount_minor)
        draft.say(None, "", Verdict.COUNTED_ONLY, subject=event.member)
        return draft.decision
    programs = rulebook.running(event.occurred_at, event.position)
    own = _OWN.get(event.type)
    if own is not None:
        own(draft)
    by_program = _OWN_BY_PROGRAM.get(event.type)
    if by_program is not None:
        by_program(draft, programs)
    if event.member and event.type != events.MEMBER_ERASED:
        _clauses(draft, programs)
    return draft.decision


def _clauses(draft: Draft, programs: list[CompiledProgram]) -> None:
    """Let every clause that listens to the event have its say, count it, and raise tiers by what that added."""
    event = draft.event
    if people.active(draft, event.member):
        _give(draft, programs)
    tally_event(draft, 1, event.amount_minor)
    for program in programs:
        tiers.raise_tiers(draft, program)


def _give(draft: Draft, programs: list[CompiledProgram]) -> None:
    """Steps, rewards, points, badges; the event is counted after them, since facts never include it (SEMANTICS 12)."""
    event = draft.event
    opening.open_claimed(draft, programs)
    if event.type in draft.rulebook.step_types or event.type == events.CANCELLED:
        referrals.advance(draft, programs)
    if event.type in draft.rulebook.recurring_types:
        _recur(draft)
    for program in programs:
        if event.type in program.listens:
            amount = amount_in(draft, program.currency, event.amount_minor)
            if event.type in program.on_event:
                rewards.grant_on_event(draft, program, amount)
            if event.type in program.earn:
                points.earn(draft, program, amount)
    for program in programs:
        if event.type in program.badges:
            tiers.award_badges(draft, program, amount_in(draft, program.currency, event.amount_minor))


def _recur(draft: Draft) -> None:
    for referral in draft.referrals_of(draft.event.member):
        program = draft.rulebook.governing(referral, draft.now, draft.event.position)
        if draft.event.type in program.recurring and referral.status != "rejected":
            amount = amount_in(draft, program.currency, draft.event.amount_minor)
            rewards.grant_recurring(draft, program, referral, amount)


def decide_timer(rulebook: Rulebook, facts: Facts, event: Event, timer: Timer) -> Decision:
    """What follows from something that fell due, at its own time."""
    draft = Draft(rulebook, facts, event)
    timers.fire(draft, timer)
    for program in rulebook.running(event.occurred_at, event.position) if draft.decision.tallies else ():
        tiers.raise_tiers(draft, program)
    return draft.decision
