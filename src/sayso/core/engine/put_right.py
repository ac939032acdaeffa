"""What staff put right about a referral: one that was missed, that waits for a person's look, or that missed a step.

Owns that step, whose event came under another of the friend's names before the two were merged, and the look. How a
referral that was missed opens is `opening`'s word.
"""

from sayso.core.engine import opening
from sayso.core.engine.decision import Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.referrals import OPENING, clear, take_noted
from sayso.core.engine.rows import Logged
from sayso.core.engine.rulebook import CompiledProgram


def attribute(draft: Draft, programs: list[CompiledProgram]) -> None:
    """Believe staff about who recommended the event's member; its props are those of `opening.attribute`.

    A referral between the two that waits for a person's look goes on. Where the event refers to one that came since the
    recommendation, and the referral is open and waits for a step which that one takes, it takes it now. Otherwise a
    referral opens (SEMANTICS 16). Nobody's event but the friend's own is believed.
    """
    friend = draft.event.member
    made_by = draft.see("logged", draft.event.refers_to) if draft.event.refers_to else None
    if made_by and (not made_by.member or draft.become(made_by.member).id != friend):
        draft.say(None, OPENING, Verdict.NOT_FOUND, subject=friend)
        return
    found = draft.see("identities", ("ref", str(draft.event.props.get("advocate", ""))))
    named = draft.event.props.get("program")
    for program in programs:
        if found and named in (None, program.name) and _put_right(draft, program, found.member, made_by):
            continue
        opening.attribute(draft, [program])


def _put_right(draft: Draft, program: CompiledProgram, advocate: int, made_by: Logged | None) -> bool:
    """Whether the referral between the two was there, and went on."""
    looked_at = _looked_at(draft, program, advocate)
    caught_up = made_by is not None and _caught_up(draft, program, advocate, made_by)
    return looked_at or caught_up


def _looked_at(draft: Draft, program: CompiledProgram, advocate: int) -> bool:
    for referral in draft.referrals_of(draft.event.member):
        if (referral.program, referral.advocate, referral.status) == (program.name, advocate, "in_review"):
            clear(draft, referral.id)
            draft.say(program, OPENING, Verdict.MET, subject=referral.friend, seen=advocate)
            return True
    return False


def _caught_up(draft: Draft, program: CompiledProgram, advocate: int, made_by: Logged) -> bool:
    for referral in draft.referrals_of(draft.event.member):
        theirs = (referral.program, referral.advocate, referral.status) == (program.name, advocate, "open")
        if not theirs or made_by.occurred_at < referral.touched_at:
            continue
        opened_under = draft.rulebook.governing(referral, draft.now, draft.event.position)
        following = next((name for name in opened_under.order if name not in referral.steps), "")
        if following in {name for name, _ in opened_under.steps.get(made_by.type, ())}:
            _take_step(draft, opened_under, referral.id, following, made_by)
            return True
    return False


def _take_step(draft: Draft, program: CompiledProgram, number: int, name: str, made_by: Logged) -> None:
    row = draft.edit("referrals", number)
    opening.note_made(draft, program, row, made_by)
    if name in row.early:
        take_noted(draft, program, number)
    else:
        draft.say(program, f"referral.steps.{name}", Verdict.CONDITION, subject=row.friend)
