"""The first guard: whether a referral is allowed, looked at by a person, or blocked (TRUST, fraud signals)."""

from sayso.core.engine.decision import Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.scope import Scope
from sayso.core.program.calendar import HOUR
from sayso.core.program.values import Duration, Limit

SAME_PERSON = frozenset({"mailbox", "email", "phone", "ref"})
SAME_DEVICE = frozenset({"device", "cookie"})
KEPT_OPENINGS = 100
# A prop: the page that sent it named its member by an address alone, and knows no more of who filled in its form.
KNOWN_ADDRESS = "known_address"


def examine(draft: Draft, program: CompiledProgram, scope: Scope) -> str:
    """`allow`, `review` or `block` for a referral about to open, with reasons for what is not plain."""
    rules = program.document.guard
    found = [
        ("same_person", rules.same_person, _alike(draft, scope, SAME_PERSON)),
        ("same_device", rules.same_device, _alike(draft, scope, SAME_DEVICE)),
        ("disposable_email", rules.disposable_email, bool(draft.event.props.get("email_disposable"))),
        ("known_address", rules.known_address, bool(draft.event.props.get(KNOWN_ADDRESS))),
        ("speed", rules.on_speed, rules.speed is not None and _too_fast(draft, program, scope.advocate, rules.speed)),
    ]
    outcome = "allow"
    for signal, handling, present in found:
        if not present or handling == "allow":
            continue
        said = Verdict.GUARD_BLOCKED if handling == "block" else Verdict.GUARD_REVIEW
        draft.say(program, f"guard.{signal}", said, subject=scope.friend)
        outcome = "block" if "block" in (handling, outcome) else "review"
    return outcome


def is_by_address(draft: Draft, program: CompiledProgram) -> bool:
    """Whether nothing but an address that anybody may have typed says who the friend is, and the program minds."""
    return program.document.guard.known_address != "allow" and bool(draft.event.props.get(KNOWN_ADDRESS))


def note_opening(draft: Draft, program: CompiledProgram, advocate: int) -> None:
    """Remember when the advocate's referrals open, as far as the speed limit asks."""
    if program.document.guard.speed:
        row = draft.edit_participation(advocate, program.name)
        row.openings = (*row.openings, draft.now)[-KEPT_OPENINGS:]


def _alike(draft: Draft, scope: Scope, kinds: frozenset[str]) -> bool:
    pairs = ((scope.friend, scope.advocate), (scope.advocate, scope.friend))
    alike = ((other, them) for me, them in pairs for other, kind in draft.member(me).alike if kind in kinds)
    return any(draft.become(other).id == them for other, them in alike)


def _too_fast(draft: Draft, program: CompiledProgram, advocate: int, speed: Limit) -> bool:
    openings = draft.participation(advocate, program.name).openings
    if speed.per == "hour":
        first = draft.now - HOUR
    elif isinstance(speed.per, Duration) and speed.per.hours:
        first = draft.now - speed.per.hours * HOUR
    else:
        first = draft.calendar.start(max(draft.calendar.counting(draft.now, speed)[0], 2))
    return sum(moment > first for moment in openings) >= speed.count
