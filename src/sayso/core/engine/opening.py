"""How a referral opens: who is credited, who may be, and what staff put right later.

Owns the opening (SEMANTICS 14 to 16, 18, 21 to 24). What an open referral does is `referrals`'.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sayso.core.engine import guard, people
from sayso.core.engine.case import Case
from sayso.core.engine.decision import Failed, Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.events import LEAD, PROGRAM_PAUSED, SIGNUP
from sayso.core.engine.facts import NEVER, Code, Logged, Referral, SeriesKey
from sayso.core.engine.referrals import OPENING, amount_of, catch_up, count_step, scope_of, wait_for_next
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.scope import Scope
from sayso.core.program.calendar import LAST_DAY, Day, Moment, moment_of

# Where a touch came from, best first; it only breaks ties (SEMANTICS 15).
SOURCES = ("token", "cookie", "invitation")
KEPT_TURNED_AWAY = 50


@dataclass(slots=True, frozen=True)
class Claim:
    """Who is said to have recommended the friend, and since when.

    Attributes:
        source: place in `SOURCES`.
        made_by: the event that staff say made the referral, where one is named.
    """

    advocate: int
    program: str
    at: Moment
    explicit: bool = False
    source: int = len(SOURCES)
    by_staff: bool = False
    made_by: Logged | None = None


def open_claimed(draft: Draft, programs: list[CompiledProgram]) -> None:
    """Open a referral in each program for which the event names an advocate (SEMANTICS 14, 15)."""
    event = draft.event
    named = bool(event.referral_code or event.props.get("touches"))
    if not named:
        if event.type in (SIGNUP, LEAD):
            _nobody_named(draft, programs)
        return
    claims, unknown = _claims(draft)
    for program in programs:
        if not program.document.referral:
            continue
        mine = [claim for claim in claims if claim.program in ("", program.name)]
        if mine:
            open_one(draft, shown(draft, program), mine)
        elif unknown:
            draft.say(program, OPENING, Verdict.UNKNOWN_CODE, seen=unknown, subject=event.member)


def _nobody_named(draft: Draft, programs: list[CompiledProgram]) -> None:
    for program in programs:
        if program.document.referral:
            draft.say(program, OPENING, Verdict.NO_REFERRAL, subject=draft.event.member)


def shown(draft: Draft, program: CompiledProgram) -> CompiledProgram:
    """The version that the opening event says was shown, else the one in force (SEMANTICS 18)."""
    wanted = draft.event.props.get("shown_version")
    if isinstance(wanted, dict):
        wanted = wanted.get(program.name)
    return draft.rulebook.versions.get((program.name, wanted), program)  # type: ignore[arg-type]


def _claims(draft: Draft) -> tuple[list[Claim], str]:
    event, claims, unknown = draft.event, [], ""
    touches = [(str(touch["code"]), touch["at"], touch.get("source")) for touch in event.props.get("touches", [])]
    if event.referral_code:
        touches.append((event.referral_code, event.props.get("touched_at") or event.occurred_at, None))
    for place, (text, at, source) in enumerate(touches):
        code: Code | None = draft.see("codes", text.casefold())
        if code is None:
            unknown = unknown or text
            continue
        explicit = bool(event.referral_code) and place == len(touches) - 1
        rank = SOURCES.index(source) if source in SOURCES else len(SOURCES)
        claims.append(Claim(code.member, code.program, _moment(at), explicit, rank))
    return claims, unknown


def _moment(value: Any) -> Moment:
    return value if isinstance(value, int) else moment_of(datetime.fromisoformat(value))


def open_one(draft: Draft, program: CompiledProgram, claims: list[Claim]) -> None:
    """Open the referral of the credited claim, unless a rule refuses it."""
    claim = credited(draft, program, claims)
    if claim is None:
        draft.say(program, OPENING, Verdict.OUTSIDE_WINDOW, subject=draft.event.member)
        _turn_away(draft, program, claims)
    elif not _opened(draft, program, claim):
        _turn_away(draft, program, [claim])


def _turn_away(draft: Draft, program: CompiledProgram, claims: Sequence[Claim]) -> None:
    """Let whoever was named find out why it opened nothing: the event is the friend's, and no row joins the two."""
    for advocate in dict.fromkeys(claim.advocate for claim in claims):
        if advocate != draft.event.member and draft.member(advocate).status != "erased":
            row = draft.edit_participation(advocate, program.name)
            row.turned_away = (*row.turned_away, draft.event.position)[-KEPT_TURNED_AWAY:]


def _opened(draft: Draft, program: CompiledProgram, claim: Claim) -> bool:
    """Open the referral of one claim; False where a rule or the guard refuses it, which is said."""
    friend = draft.event.member
    refusal = refused(draft, program, claim)
    if refusal is not None:
        draft.say(program, OPENING, refusal, subject=friend, seen=claim.advocate)
        return False
    made_by = claim.made_by
    seen_by = _as_of(draft, made_by, made_by.day - 1) if made_by else draft
    scope = Scope(seen_by, program, friend, amount_of(draft, program), friend=friend, advocate=claim.advocate)
    if not _eligible(draft, program, scope):
        return False
    outcome = "allow" if claim.by_staff else guard.examine(draft, program, scope)
    guard.note_opening(draft, program, claim.advocate)
    status = {"allow": "open", "review": "in_review", "block": "rejected"}[outcome]
    referral = Referral(
        draft.number(), program.name, program.version, claim.advocate, friend, status, draft.now, claim.at
    )
    draft.add_referral(referral)
    if outcome != "block":
        draft.say(program, OPENING, Verdict.MET, subject=friend, seen=claim.advocate)
        if made_by:
            _note_made(draft, program, referral, made_by)
        catch_up(draft, program, referral)
    return outcome != "block"


def _as_of(draft: Draft, made_by: Logged, day: Day) -> Draft:
    """The facts as they stood at an earlier event, with what happened up to a day, for reading only."""
    event = replace(
        draft.event, type=made_by.type, occurred_at=made_by.occurred_at, day=day,
        amount_minor=made_by.amount_minor, currency=made_by.currency, props=made_by.props,
    )  # fmt: skip
    then = Draft(draft.rulebook, draft.facts, event)
    then.decision, then.rows = draft.decision, draft.rows
    return then


def _note_made(draft: Draft, program: CompiledProgram, referral: Referral, made_by: Logged) -> None:
    """Judge the steps that an earlier event takes, by what it was; they count once their predecessor is there."""
    then = _as_of(draft, made_by, made_by.day)
    for name, _ in program.steps.get(made_by.type, ()):
        rule = program.rules.get(f"referral.steps.{name}.when")
        scope = scope_of(then, program, referral, referral.friend)
        if rule is None or rule.check(scope):
            referral.early = {**referral.early, name: (made_by.position, made_by.occurred_at, scope.amount)}


def credited(draft: Draft, program: CompiledProgram, claims: list[Claim]) -> Claim | None:
    """The claim that counts: an explicit code, else the first or last touch inside the window (SEMANTICS 15, 17)."""
    rules = program.document.referral
    assert rules is not None
    inside = [
        claim
        for claim in claims
        if claim.by_staff or claim.at <= draft.now < draft.calendar.deadline(claim.at, rules.window)
    ]
    explicit = [claim for claim in inside if claim.explicit]
    if explicit:
        return explicit[-1]
    touches = [claim for claim in inside if claim.advocate != draft.event.member or claim.by_staff]
    if not touches:
        return inside[0] if inside else None
    sign = 1 if rules.credit == "first_touch" else -1
    return min(touches, key=lambda claim: (sign * claim.at, claim.source))


def refused(draft: Draft, program: CompiledProgram, claim: Claim) -> Verdict | None:
    """Why no referral opens between these two, or None (SEMANTICS 19, 21, 22, 24)."""
    friend, advocate, runs = draft.event.member, claim.advocate, program.document.runs
    day = draft.event.day
    if (runs.from_ and day < runs.from_.toordinal()) or (runs.until and day > runs.until.toordinal()):
        return Verdict.OUTSIDE_RUN
    if paused(draft, program):
        return Verdict.OUTSIDE_RUN
    if advocate == friend:
        return Verdict.SELF_REFERRAL
    if draft.member(advocate).status != "active" or draft.member(friend).status != "active":
        return Verdict.INACTIVE
    if people.same_account(draft, advocate, friend):
        return Verdict.SAME_ACCOUNT
    for referral in draft.referrals_of(friend):
        again = referral.status == "expired" or (referral.status == "rejected" and claim.by_staff)
        if referral.program == program.name and not again:
            return Verdict.ALREADY_REFERRED
    for referral in draft.referrals_of(advocate):
        if referral.program == program.name and referral.advocate == friend and referral.status != "expired":
            return Verdict.EACH_OTHER
    return None


def paused(draft: Draft, program: CompiledProgram) -> bool:
    """Whether the program takes no new referrals for now."""
    return draft.counted(_pauses(program), 0, LAST_DAY)[0] > 0


def _pauses(program: CompiledProgram) -> SeriesKey:
    return program.number, f"paused/{program.name}", ""


def pause_or_resume(draft: Draft, programs: list[CompiledProgram]) -> None:
    """Stop or let go on the opening of referrals in one program; open ones finish either way (SEMANTICS 24)."""
    event = draft.event
    wanted = event.type == PROGRAM_PAUSED
    for program in programs:
        if program.name != event.props.get("program"):
            continue
        if paused(draft, program) != wanted:
            draft.tally(_pauses(program), event.day, 1 if wanted else -1, 0)
        draft.say(program, OPENING, Verdict.MET)


def _eligible(draft: Draft, program: CompiledProgram, scope: Scope) -> bool:
    """Judge both sides once, when the referral opens (SEMANTICS 16)."""
    sides = (
        ("people.advocates", scope.advocate, Verdict.ADVOCATE_NOT_ELIGIBLE),
        ("people.friends", scope.friend, Verdict.FRIEND_NOT_NEW),
    )
    for path, member, verdict in sides:
        rule = program.rules.get(path)
        seen = scope.about(member)
        if rule is not None and not rule.check(seen):
            draft.say_failed(program, path, verdict, Failed(*rule.failed(seen)), member)
            return False
    return True


def attribute(draft: Draft, programs: list[CompiledProgram]) -> None:
    """Open a referral on the word of staff: props `advocate` (their name with the company) and maybe `program`.

    Where it refers to an event, that one made the referral: it takes its step, and eligibility is judged as of the
    end of the day before it (SEMANTICS 16).
    """
    props = draft.event.props
    made_by: Logged | None = draft.see("logged", draft.event.refers_to) if draft.event.refers_to else None
    at = made_by.occurred_at if made_by else draft.now
    found = draft.see("identities", ("ref", str(props.get("advocate", ""))))
    for program in programs:
        if not program.document.referral or props.get("program", program.name) != program.name:
            continue
        if found is None:
            draft.say(program, OPENING, Verdict.NOT_FOUND, seen=props.get("advocate"), subject=draft.event.member)
            continue
        open_one(draft, program, [Claim(found.member, "", at, by_staff=True, made_by=made_by)])


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
            _turn_away(draft, program, [claim] if claim else [])
            return
        steps = {name: _moment(at) for name, at in props.get("steps", {}).items() if name in program.order}
        success = program.document.referral.success
        done = success in steps
        row = Referral(
            draft.number(), program.name, program.version, claim.advocate, draft.event.member,
            "completed" if done else "open", draft.now, draft.now, steps, moved_in=True,
            completed_at=steps[success] if done else NEVER,
        )  # fmt: skip
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
