"""How a referral opens: who may be in it, and what staff put right later.

Owns the opening (SEMANTICS 14, 16, 18, 21 to 24). Who is credited is `claims`' word, what an open referral does is
`referrals`'.
"""

from collections.abc import Sequence
from dataclasses import replace

from sayso.core.engine import guard, people, settle
from sayso.core.engine.claims import Claim, claims_of, credited
from sayso.core.engine.decision import Failed, Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.events import LEAD, PROGRAM_PAUSED, SIGNUP
from sayso.core.engine.facts import SeriesKey
from sayso.core.engine.referrals import OPENING, amount_of, catch_up, end, note_early, scope_of, undo_all
from sayso.core.engine.rows import Early, Logged, Referral
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.scope import Scope
from sayso.core.engine.states import CLOSED, STANDING, UNPAID
from sayso.core.program.calendar import LAST_DAY, Day

KEPT_TURNED_AWAY = 50


def open_claimed(draft: Draft, programs: list[CompiledProgram]) -> None:
    """Open a referral in each program for which the event names an advocate (SEMANTICS 14, 15)."""
    event = draft.event
    named = bool(event.referral_code or event.props.get("touches"))
    claims, unknown = claims_of(draft) if named or event.identities else ([], "")
    if not named and not claims:
        if event.type in (SIGNUP, LEAD):
            _nobody_named(draft, programs)
        return
    for program in programs:
        if not program.document.referral:
            continue
        mine = [claim for claim in claims if claim.program in ("", program.name)]
        if mine:
            open_one(draft, shown(draft, program), mine)
        elif not named and event.type in (SIGNUP, LEAD):
            draft.say(program, OPENING, Verdict.NO_REFERRAL, subject=event.member)
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


def open_one(draft: Draft, program: CompiledProgram, claims: list[Claim]) -> None:
    """Open the referral of the credited claim, unless a rule refuses it."""
    claim = credited(draft, program, claims)
    if claim is None:
        draft.say(program, OPENING, Verdict.OUTSIDE_WINDOW, subject=draft.event.member)
        turn_away(draft, program, claims)
    elif not _opened(draft, program, claim):
        turn_away(draft, program, [claim])


def turn_away(draft: Draft, program: CompiledProgram, claims: Sequence[Claim]) -> None:
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
        id=draft.number(),
        program=program.name,
        version=program.version,
        advocate=claim.advocate,
        friend=friend,
        status=status,
        opened_at=draft.now,
        touched_at=claim.at,
        by_address=not claim.by_staff and guard.is_by_address(draft, program),
    )
    if outcome != "block":
        make_room(draft, program, friend)
    draft.add_referral(referral)
    if outcome != "block":
        draft.say(program, OPENING, Verdict.MET, subject=friend, seen=claim.advocate)
        if made_by:
            note_made(draft, program, referral, made_by)
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


def note_made(draft: Draft, program: CompiledProgram, referral: Referral, made_by: Logged) -> None:
    """Judge the steps that an earlier event takes, by what is left of its amount; each counts after its predecessor."""
    refunded = draft.see("refunded", made_by.position)
    if refunded is not None and made_by.amount_minor is not None:
        if refunded.amount_minor == made_by.amount_minor:
            return
        made_by = replace(made_by, amount_minor=made_by.amount_minor - refunded.amount_minor)
    then = _as_of(draft, made_by, made_by.day)
    for name, _ in program.steps.get(made_by.type, ()):
        rule = program.rules.get(f"referral.steps.{name}.when")
        scope = scope_of(then, program, referral, referral.friend)
        if rule is None or rule.check(scope):
            note_early(referral, name, Early(made_by.position, made_by.occurred_at, scope.amount))


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
        if referral.program == program.name and not _gives_way(draft, referral, claim):
            return Verdict.ALREADY_REFERRED
    for referral in draft.referrals_of(advocate):
        if referral.program == program.name and referral.advocate == friend and referral.status != "expired":
            return Verdict.EACH_OTHER
    return None


def _gives_way(draft: Draft, referral: Referral, claim: Claim) -> bool:
    """Whether another may come after it: it ran out, staff say so, or a typed address made it and proof comes now."""
    if claim.by_staff:
        return referral.status == "in_review" or referral.status in CLOSED
    return referral.status == "expired" or (referral.by_address and not draft.event.props.get(guard.KNOWN_ADDRESS))


def make_room(draft: Draft, program: CompiledProgram, friend: int) -> None:
    """Reject what still stands and gives way, and deny what it earned: nobody has let any of it go.

    What a typed address earned is denied even where its referral ran out, unless nothing but such an address says that
    another comes.
    """
    proven = not draft.event.props.get(guard.KNOWN_ADDRESS)
    for referral in draft.referrals_of(friend):
        if referral.program != program.name:
            continue
        if referral.status in STANDING:
            undo_all(draft, referral.id)
            end(draft, referral.id, "rejected")
        elif not (referral.by_address and proven):
            continue
        _deny_rewards(draft, referral.id)


def _deny_rewards(draft: Draft, number: int) -> None:
    """End what a referral earned that gave way: its budget and its limits are free for the one that comes."""
    for each in draft.numbers("referral_rewards", number):
        if draft.reward(each).state in UNPAID:
            reward = draft.edit("rewards", each)
            program = draft.rulebook.versions[reward.program, reward.version]
            settle.give_back(draft, program, reward, "denied")
            draft.say(program, f"rewards.{reward.clause}", Verdict.GAVE_WAY, seen=each, subject=reward.beneficiary)


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
        if not program.document.referral:
            draft.say(program, OPENING, Verdict.NO_REFERRAL)
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
    made_by = draft.see("logged", draft.event.refers_to) if draft.event.refers_to else None
    at = made_by.occurred_at if made_by else draft.now
    found = draft.see("identities", ("ref", str(props.get("advocate", ""))))
    for program in programs:
        if not program.document.referral or props.get("program") not in (None, program.name):
            continue
        if found is None:
            draft.say(program, OPENING, Verdict.NOT_FOUND, seen=props.get("advocate"), subject=draft.event.member)
            continue
        open_one(draft, program, [Claim(found.member, "", at, by_staff=True, made_by=made_by)])
