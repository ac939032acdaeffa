"""Tiers and badges: raised at once, benefits from the next local day, dropped after grace (SEMANTICS 13)."""

from itertools import pairwise

from sayso.core.engine.clauses import applies
from sayso.core.engine.decision import Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.facts import SeriesKey
from sayso.core.engine.rows import Participation
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.scope import Scope
from sayso.core.engine.settle import award
from sayso.core.engine.tier_rules import TierRules
from sayso.core.program.calendar import Day, Moment, later

REVIEW, DROP = "tier_review", "tier_drop"


def series_key(program: CompiledProgram, member: int) -> SeriesKey:
    """The tally by which the member's tier is reached."""
    assert program.tiers is not None
    return member, program.tiers.series, program.tiers.currency


def standing(draft: Draft, program: CompiledProgram, member: int) -> int:
    """What counts towards the member's tier now."""
    rules = program.tiers
    assert rules is not None
    first = draft.calendar.first_day(draft.event.day, rules.within) if rules.within else 0
    return draft.counted(series_key(program, member), first, draft.event.day)[rules.which]


def level_of(program: CompiledProgram, count: int) -> str:
    """The highest level that a count reaches."""
    assert program.tiers is not None
    return [name for name, threshold in program.tiers.levels if threshold <= count][-1]


def _needed(program: CompiledProgram, tier: str) -> int:
    assert program.tiers is not None
    return dict(program.tiers.levels)[tier]


def raise_tiers(draft: Draft, program: CompiledProgram) -> None:
    """Show a higher tier at once to whomever the event earned one: its member, or the advocate behind them."""
    rules = program.tiers
    if rules is None:
        return
    for (member, series, currency), day in draft.decision.tallies:
        if series == rules.series and currency == rules.currency and day == draft.event.day:
            raise_tier(draft, program, rules, member)


def raise_tier(draft: Draft, program: CompiledProgram, rules: TierRules, member: int) -> None:
    """Show a higher tier to one member, where what counts reaches it; the version has tiers."""
    part: Participation | None = draft.see("participations", (member, program.name))
    shown = part.tier if part else ""
    if not _knows(program, shown):
        _reckon(draft, program, member)
        return
    next_level = rules.above.get(shown)
    if next_level is not None and standing(draft, program, member) >= next_level:
        _reckon(draft, program, member)


def _knows(program: CompiledProgram, tier: str) -> bool:
    """Whether the version has a tier; an earlier one may have called it otherwise, or had more of them."""
    tiers = program.document.tiers
    return tiers is not None and (not tier or tier in tiers.levels)


def _reckon(draft: Draft, program: CompiledProgram, member: int) -> None:
    """Show the tier that is reached now, to whom stood lower or at one that the version does not know."""
    reached = level_of(program, standing(draft, program, member))
    row = _set_tier(draft, program, member, reached)
    row.drop_at = 0
    verdict = Verdict.RAISED if _needed(program, reached) else Verdict.DROPPED
    draft.say(program, "tiers", verdict, seen=reached, subject=member)
    if not row.review_at:
        _plan_review(draft, program, row)


def _set_tier(draft: Draft, program: CompiledProgram, member: int, tier: str) -> Participation:
    tiers = program.document.tiers
    assert tiers is not None
    row = draft.edit_participation(member, program.name)
    if row.tier_day < draft.event.day:
        row.tier_before, row.tier_day = tier_shown(program, row), draft.event.day
    row.tier = tier
    return row


def _plan_review(draft: Draft, program: CompiledProgram, row: Participation) -> None:
    """Set the timer for the day on which what has been counted so far no longer carries the tier."""
    row.review_at = _lapses_at(draft, program, row)
    if row.review_at:
        draft.set_timer(row.member, REVIEW, row.review_at, detail=program.name)


def _lapses_at(draft: Draft, program: CompiledProgram, row: Participation) -> Moment:
    tiers = program.document.tiers
    assert tiers is not None
    needed = _needed(program, row.tier)
    if tiers.within is None or not needed:
        return 0
    key, which = series_key(program, row.member), program.tiers.which if program.tiers else 0
    left = standing(draft, program, row.member)
    if left < needed:  # it fell by one level only, and this one is not earned either
        return draft.calendar.start(draft.event.day + 1)
    first = draft.calendar.window(draft.now, tiers.within)
    for day, counted in _by_day(draft, key, first):
        left -= counted[which]
        if left < needed:
            return draft.calendar.start(max(later(day, tiers.within), draft.event.day) + 1)
    return 0


def _by_day(draft: Draft, key: SeriesKey, first: Day) -> list[tuple[Day, tuple[int, int]]]:
    series = draft.facts.series.find(key)
    days = {day for day in series.days if day >= first} if series else set()
    days |= {day for other, day in draft.decision.tallies if other == key and day >= first}
    return [(day, draft.counted(key, day, day)) for day in sorted(days)]


def review(draft: Draft, program: CompiledProgram, member: int) -> None:
    """Look whether a tier is still earned; start its grace where it is not."""
    row = draft.edit_participation(member, program.name)
    row.review_at = 0
    tiers = program.document.tiers
    if tiers is None:
        return
    if row.tier not in tiers.levels:
        _reckon(draft, program, member)
        return
    if standing(draft, program, member) >= _needed(program, row.tier):
        draft.say(program, "tiers", Verdict.KEPT, seen=row.tier, subject=member)
        _plan_review(draft, program, row)
        return
    grace = tiers.drop.grace
    if not (grace.days or grace.months or grace.hours):
        drop(draft, program, member)
        return
    row.drop_at = draft.calendar.deadline(draft.now, grace)
    draft.set_timer(member, DROP, row.drop_at, detail=program.name)


def drop(draft: Draft, program: CompiledProgram, member: int) -> None:
    """Take the tier away when grace is over and it is still not earned; by one level where the document says so."""
    tiers = program.document.tiers
    row = draft.edit_participation(member, program.name)
    row.drop_at = 0
    if tiers is None:
        return
    if row.tier not in tiers.levels:
        _reckon(draft, program, member)
        return
    levels = list(tiers.levels)
    reached = level_of(program, standing(draft, program, member))
    if levels.index(reached) >= levels.index(row.tier):
        draft.say(program, "tiers", Verdict.KEPT, seen=row.tier, subject=member)
    else:
        below = {upper: lower for lower, upper in pairwise(levels)}
        fallen = below[row.tier] if tiers.drop.one_level else reached
        row = _set_tier(draft, program, member, fallen)
        draft.say(program, "tiers", Verdict.DROPPED, seen=fallen, subject=member)
    if not row.review_at:
        _plan_review(draft, program, row)


def tier_shown(program: CompiledProgram, part: Participation) -> str:
    """The tier that the member sees; the lowest before the first event that counts, and for one that is no more."""
    tiers = program.document.tiers
    if tiers is None:
        return part.tier
    return part.tier if part.tier in tiers.levels else next(iter(tiers.levels))


def award_badges(draft: Draft, program: CompiledProgram, amount: int | None) -> None:
    """Give the badges that the event earns, once each."""
    event = draft.event
    for name in program.badges.get(event.type, ()):
        path, scope = f"badges.{name}", Scope(draft, program, event.member, amount)
        if name in draft.participation(event.member, program.name).badges:
            draft.say(program, path, Verdict.HAS_BADGE, subject=event.member)
            continue
        if applies(scope, path):
            award(draft, program, event.member, name)
            draft.say(program, path, Verdict.MET, subject=event.member)
