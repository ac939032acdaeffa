"""Taking over an open referral of another system, with the steps that it took there.

Owns what counts of them here. Whether it may open is `opening`'s word.
"""

from sayso.core.engine.case import Case
from sayso.core.engine.claims import Claim, moment_at
from sayso.core.engine.decision import Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.opening import make_room, refused, turn_away
from sayso.core.engine.referrals import OPENING, count_step, wait_for_next
from sayso.core.engine.rows import NEVER, Referral
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.scope import Scope
from sayso.core.program.calendar import LAST_DAY


def move_in(draft: Draft, programs: list[CompiledProgram]) -> None:
    """Take over an open referral of another system: props `advocate`, `program`, `steps` (name to moment)."""
    props = draft.event.props
    found = draft.see("identities", ("ref", str(props.get("advocate", ""))))
    for program in programs:
        if program.name != props.get("program") or not program.document.referral:
            continue
        claim = Claim(found.member, "", draft.now, by_staff=True) if found else None
        refusal = refused(draft, program, claim) if claim else Verdict.NOT_FOUND
        if refusal is not None or claim is None:
            draft.say(program, OPENING, refusal or Verdict.NOT_FOUND, subject=draft.event.member)
            turn_away(draft, program, [claim] if claim else [])
            return
        steps = {name: moment_at(at) for name, at in props.get("steps", {}).items() if name in program.order}
        success = program.document.referral.success
        done = success in steps
        row = Referral(
            id=draft.number(),
            program=program.name,
            version=program.version,
            advocate=claim.advocate,
            friend=draft.event.member,
            status="completed" if done else "open",
            opened_at=draft.now,
            touched_at=draft.now,
            steps=steps,
            moved_in=True,
            completed_at=steps[success] if done else NEVER,
        )
        make_room(draft, program, row.friend)
        draft.add_referral(row)
        _count_moved_in(draft, program, row)
        draft.say(program, OPENING, Verdict.MET, subject=row.friend, seen=claim.advocate)
        wait_for_next(draft, program, row.id)


def _count_moved_in(draft: Draft, program: CompiledProgram, referral: Referral) -> None:
    """Let steps count on the days on which they were taken; what was due by number then, the other system gave."""
    for name in referral.steps:
        count_step(draft, program, referral, name)
        for clause_name, clause in program.at_step.get(name, ()):
            if not clause.every or clause.to != "advocate":
                continue
            count, _ = draft.counted((referral.advocate, f"reached/{program.name}/{name}", ""), 0, LAST_DAY)
            if count % clause.every == 0:
                case = Case(Scope(draft, program, referral.advocate), clause_name, clause, referral.id, 0)
                draft.tally(case.granted_key, draft.event.day, 1, 0)
