"""What staff put right about a referral: one that was missed, or a step that an earlier event should have taken.

Owns that step: its event came under another of the friend's names, before the two were merged. How a referral that was
missed opens is `opening`'s word.
"""

from dataclasses import replace

from sayso.core.engine import opening
from sayso.core.engine.decision import Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.facts import Logged
from sayso.core.engine.referrals import take_noted
from sayso.core.engine.rulebook import CompiledProgram


def attribute(draft: Draft, programs: list[CompiledProgram]) -> None:
    """Believe staff about who recommended the event's member; its props are those of `opening.attribute`.

    Where it refers to an event that came since the recommendation, and the referral between the two is open and waits
    for a step which that event takes, it takes it now (SEMANTICS 16, 38). Otherwise a referral opens.
    """
    made_by = draft.see("logged", draft.event.refers_to) if draft.event.refers_to else None
    found = draft.see("identities", ("ref", str(draft.event.props.get("advocate", ""))))
    named = draft.event.props.get("program")
    for program in programs:
        if made_by and found and named in (None, program.name) and _caught_up(draft, program, found.member, made_by):
            continue
        opening.attribute(draft, [program])


def _caught_up(draft: Draft, program: CompiledProgram, advocate: int, made_by: Logged) -> bool:
    for referral in draft.referrals_of(draft.event.member):
        theirs = (referral.program, referral.advocate, referral.status) == (program.name, advocate, "open")
        if not theirs or made_by.occurred_at < referral.touched_at:
            continue
        opened_under = draft.rulebook.governing(referral, draft.now, draft.event.position)
        following = next((name for name in opened_under.order if name not in referral.steps), "")
        if following in {name for name, _ in opened_under.steps.get(made_by.type, ())}:
            _take_step(draft, opened_under, referral.id, following, _net(draft, made_by))
            return True
    return False


def _take_step(draft: Draft, program: CompiledProgram, number: int, name: str, made_by: Logged) -> None:
    row = draft.edit("referrals", number)
    opening.note_made(draft, program, row, made_by)
    if name in row.early:
        take_noted(draft, program, number)
    else:
        draft.say(program, f"referral.steps.{name}", Verdict.CONDITION, subject=row.friend)


def _net(draft: Draft, made_by: Logged) -> Logged:
    """The event with what is left of its amount."""
    refunded = draft.see("refunded", made_by.position)
    if refunded is None or made_by.amount_minor is None:
        return made_by
    return replace(made_by, amount_minor=made_by.amount_minor - refunded.amount_minor)
