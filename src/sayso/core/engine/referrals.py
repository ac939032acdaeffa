"""Referrals: how one opens, takes its steps, completes and expires."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sayso.core.engine import guard, people, rewards
from sayso.core.engine.amounts import amount_in
from sayso.core.engine.case import Trigger
from sayso.core.engine.decision import Failed, Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.events import CANCELLED, LEAD, SIGNUP
from sayso.core.engine.facts import Code, Logged, Referral
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.scope import Scope, happened
from sayso.core.program.calendar import Day, Moment, moment_of

RUNNING = ("open", "in_review")
WAIT = "referral_wait"
OPENING = "referral"
# Where a touch came from, best first; it only breaks ties (SEMANTICS 15).
SOURCES = ("token", "cookie", "invitation")


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
    friend = draft.event.member
    if claim is None:
        draft.say(program, OPENING, Verdict.OUTSIDE_WINDOW, subject=friend)
        return
    refusal = refused(draft, program, claim)
    if refusal is not None:
        draft.say(program, OPENING, refusal, subject=friend, seen=claim.advocate)
        return
    made_by = claim.made_by
    seen_by = _as_of(draft, made_by, made_by.day - 1) if made_by else draft
    scope = Scope(seen_by, program, friend, _amount(draft, program), friend=friend, advocate=claim.advocate)
    if not _eligible(draft, program, scope):
        return
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
        _catch_up(draft, program, referral)


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


def _catch_up(draft: Draft, program: CompiledProgram, referral: Referral) -> None:
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
    mine = [referral for referral in draft.referrals_of(event.member) if referral.status in (*RUNNING, "completed")]
    for program in programs:
        if event.type in program.steps and not any(referral.program == program.name for referral in mine):
            for name, _ in program.steps[event.type]:
                draft.say(program, f"referral.steps.{name}", Verdict.NO_REFERRAL, subject=event.member)
    for referral in mine:
        program = draft.rulebook.governing(referral, draft.now, event.position)
        if event.type == CANCELLED and not referral.ended_at:
            draft.edit("referrals", referral.id).ended_at = draft.now
        for name, _ in program.steps.get(event.type, ()):
            _try_step(draft, program, referral.id, name)


def _try_step(draft: Draft, program: CompiledProgram, number: int, name: str) -> None:
    referral: Referral = draft.see("referrals", number)
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
        row = draft.edit("referrals", number)
        row.early = {**row.early, name: (draft.event.position, draft.now, scope.amount)}
        draft.say(program, path, Verdict.WAITS_FOR_STEP, seen=before, subject=referral.friend)
        return
    deadline = _deadline(draft, program, referral, name)
    if deadline and draft.now >= deadline:
        draft.say(program, path, Verdict.STEP_TOO_LATE, seen=deadline, subject=referral.friend)
        return
    reach(draft, program, number, name, Trigger(draft.event.position, scope.amount))
    _take_early(draft, program, number)
    wait_for_next(draft, program, number)


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


def _take_early(draft: Draft, program: CompiledProgram, number: int) -> None:
    """Take the following steps whose events came early: they count once their predecessor is there."""
    for name in program.order:
        referral: Referral = draft.see("referrals", number)
        if name in referral.steps:
            continue
        if name not in referral.early or referral.status not in RUNNING:
            return
        reach(draft, program, number, name, _early(referral, name))


def _early(referral: Referral, name: str) -> Trigger:
    position, _, amount = referral.early[name]
    return Trigger(position, amount)


def reach(draft: Draft, program: CompiledProgram, number: int, name: str, trigger: Trigger) -> None:
    """Take a step: tally it, complete the referral where it is the success, and give what is due at it.

    Args:
        trigger: the event that earned the step; a refund names that event.
    """
    rules = program.document.referral
    assert rules is not None
    row: Referral = draft.edit("referrals", number)
    row.steps = {**row.steps, name: draft.now}
    draft.say(program, f"referral.steps.{name}", Verdict.MET, subject=row.friend)
    measure = f"reached/{program.name}/{name}"
    if measure in draft.rulebook.measures:
        draft.tally((row.advocate, measure, ""), draft.event.day, 1, 0)
    if name == rules.success:
        row.completed_at = draft.now
        if row.status == "open":
            row.status = "completed"
        draft.tally((row.advocate, "friends_joined", ""), draft.event.day, 1, 0)
    rewards.grant_at_step(draft, program, row, name, trigger)


def wait_for_next(draft: Draft, program: CompiledProgram, number: int) -> None:
    """Set the timer that ends the wait for the next step, in place of the one before."""
    referral: Referral = draft.see("referrals", number)
    following = next((name for name in program.order if name not in referral.steps), "")
    due = 0
    if following and referral.status in RUNNING and not referral.completed_at:
        due = _deadline(draft, program, referral, following)
    if not due and not referral.timer:
        return
    row: Referral = draft.edit("referrals", number)
    draft.drop_timer(row.friend, row.timer)
    row.timer = draft.set_timer(row.friend, WAIT, due, about=number) if due else 0


def expire(draft: Draft, number: int) -> None:
    """End a referral whose next step did not come in time."""
    referral: Referral | None = draft.see("referrals", number)
    if referral is None or referral.status not in RUNNING or referral.completed_at:
        return
    program = draft.rulebook.governing(referral, draft.now, draft.event.position)
    following = next((name for name in program.order if name not in referral.steps), "")
    if following and not 0 < _deadline(draft, program, referral, following) <= draft.now:
        wait_for_next(draft, program, number)  # a later version for everyone gives more time (SEMANTICS 18)
        return
    row: Referral = draft.edit("referrals", number)
    row.status, row.timer = "expired", 0
    draft.say(program, OPENING, Verdict.EXPIRED, subject=row.friend)


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
            return
        steps = {name: _moment(at) for name, at in props.get("steps", {}).items() if name in program.order}
        done = program.document.referral.success in steps
        row = Referral(
            draft.number(), program.name, program.version, claim.advocate, draft.event.member,
            "completed" if done else "open", draft.now, draft.now, steps, moved_in=True,
        )  # fmt: skip
        draft.add_referral(row)
        draft.say(program, OPENING, Verdict.MET, subject=row.friend, seen=claim.advocate)
        wait_for_next(draft, program, row.id)


def scope_of(draft: Draft, program: CompiledProgram, referral: Referral, member: int) -> Scope:
    """Who is who in a referral, seen from one member."""
    return Scope(
        draft,
        program,
        member,
        _amount(draft, program),
        friend=referral.friend,
        advocate=referral.advocate,
        referral=referral,
    )


def _amount(draft: Draft, program: CompiledProgram) -> int | None:
    return amount_in(draft, program.currency, draft.event.amount_minor)
