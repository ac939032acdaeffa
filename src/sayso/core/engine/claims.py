"""Claims: who is said to have recommended the friend, and which of them is credited (SEMANTICS 15, 17).

Owns the reading of codes, touches and invitations. It must not open anything.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sayso.core.engine import invitations
from sayso.core.engine.draft import Draft
from sayso.core.engine.rows import Logged
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.program.calendar import Moment, moment_of

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


def claims_of(draft: Draft) -> tuple[list[Claim], str]:
    """Whom the event names as advocates, by its codes, and the first of its codes that nobody has."""
    event, claims, unknown = draft.event, invited(draft), ""
    touches = [(str(touch["code"]), touch["at"], touch) for touch in event.props.get("touches") or ()]
    if event.referral_code:
        touches.append((event.referral_code, event.props.get("touched_at") or event.occurred_at, {}))
    for place, (text, at, touch) in enumerate(touches):
        code = draft.see("codes", text.casefold())
        if code is None:
            unknown = unknown or text
            continue
        explicit = bool(event.referral_code) and place == len(touches) - 1
        source = touch.get("source")
        rank = SOURCES.index(source) if source in SOURCES else len(SOURCES)
        program = code.program or str(touch.get("program") or "")
        claims.append(Claim(code.member, program, moment_at(at), explicit, rank))
    return claims, unknown


def invited(draft: Draft) -> list[Claim]:
    """Who invited the event's member by an address or number that the event gives."""
    rank = SOURCES.index("invitation")
    reached = invitations.that_reached(draft)
    return [Claim(advocate, each.program, each.invited_at, source=rank) for advocate, each in reached]


def moment_at(value: Any) -> Moment:
    """A moment as props write it: microseconds UTC, or RFC 3339."""
    return value if isinstance(value, int) else moment_of(datetime.fromisoformat(value))


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
