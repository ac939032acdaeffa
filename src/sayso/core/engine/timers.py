"""What falls due: each kind of timer and what it sets in motion. Time is an event."""

from sayso.core.engine import budgets, points, referrals, settle, tiers
from sayso.core.engine.decision import Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.rows import Timer


def fire(draft: Draft, timer: Timer) -> None:
    """Do what a timer was set for, at its own time, and let it go."""
    draft.drop_timer(timer.subject, timer.id)
    match timer.kind:
        case settle.HOLD | settle.EXPIRY:
            _reward(draft, timer)
        case referrals.WAIT:
            referrals.expire(draft, timer.about)
        case points.EXPIRY:
            points.expire(draft, timer.subject, timer.detail)
        case points.REMINDER:
            points.remind(draft, timer.subject, timer.detail, timer.about)
        case tiers.REVIEW | tiers.DROP:
            _tier(draft, timer)
        case settle.REFILL:
            budgets.refill(draft, timer.detail, begun=timer.about)
        case budgets.SERVE:
            budgets.serve(draft, timer.detail)
        case _:
            raise ValueError(f"no such kind of timer: {timer.kind}")


def _reward(draft: Draft, timer: Timer) -> None:
    seen = draft.see("rewards", timer.about)
    if seen is None or seen.timer != timer.id:
        return
    reward = draft.edit("rewards", timer.about)
    program = draft.rulebook.versions[reward.program, reward.version]
    reward.timer = 0
    if timer.kind == settle.EXPIRY:
        settle.lapse(draft, program, reward)
        return
    draft.say(program, f"rewards.{reward.clause}", Verdict.RELEASED, seen=reward.id, subject=reward.beneficiary)
    settle.approve(draft, program, reward)


def _tier(draft: Draft, timer: Timer) -> None:
    program = draft.rulebook.in_force(timer.detail, draft.now, draft.event.position)
    if program is None:
        return
    part = draft.participation(timer.subject, program.name)
    if timer.kind == tiers.REVIEW and part.review_at == timer.due_at:
        tiers.review(draft, program, timer.subject)
    elif timer.kind == tiers.DROP and part.drop_at == timer.due_at:
        tiers.drop(draft, program, timer.subject)
