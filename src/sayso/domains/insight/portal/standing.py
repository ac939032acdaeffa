"""How a member stands: how far to the next reward, tier and badges.

Owns the counting of what is left. When something is granted is the engine's word.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Sum

from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.program.calendar import moment_of
from sayso.core.program.document import Choice, Clause, Give
from sayso.core.program.explain.loyalty import tier_name
from sayso.core.program.explain.recommending import given_in_words
from sayso.core.program.explain.things import amount_in_short
from sayso.core.program.explain.units import amount_of_points
from sayso.core.program.values import Money
from sayso.domains.events.models import Tally
from sayso.domains.insight.portal.friends import names_shown
from sayso.domains.insight.portal.me import Me
from sayso.domains.referrals.models import Participation, Referral

# Of a road longer than this, the steps are told and not drawn.
LONGEST_DRAWN = 10


@dataclass(frozen=True, slots=True)
class Stone:
    """One friend on the road: who came, or a number for who is still to come."""

    text: str
    is_taken: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Road:
    """How far it is to a reward that comes with a number of friends.

    Attributes:
        prize: what it brings, as it stands in a sentence.
        done, left, of: how many friends came since the last one, are missing, and are needed in all.
        stones: the friends one by one; empty where there are too many.
    """

    program: str
    prize: str
    done: int
    left: int
    of: int
    stones: tuple[Stone, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's tier in one program.

    Attributes:
        tier: in words.
        next_tier, missing: the one above and what is missing to it, written out; empty at the top.
        share: how much of the way there is done, in percent.
        drops: the last day of a tier that is not earned any more; empty for none.
    """

    program: str
    tier: str
    next_tier: str
    missing: str
    share: int
    drops: str


def roads_of(me: Me, program: CompiledProgram) -> list[Road]:
    """Return how far it is to each reward of a program that comes with a number of friends."""
    found = []
    for name, clause in program.document.rewards.items():
        if clause.to != "advocate" or not (clause.every or clause.by_count) or not clause.at:
            continue
        count = _tally(me, f"reached/{program.name}/{clause.at}")
        if road := _road(me, program, name, count):
            found.append(road)
    return found


def standings_of(me: Me) -> list[Standing]:
    """Return a member's tier in each program that has tiers."""
    rows = {row.program: row for row in Participation.objects.filter(member=me.member.id, workspace=me.workspace)}
    return [_standing(me, each, rows.get(each.name)) for each in me.programs if each.document.tiers]


def badges_of(me: Me) -> list[str]:
    """Return the badges that a member has, in words."""
    found = []
    for row in Participation.objects.filter(member__in=me.numbers, workspace=me.workspace).order_by("program"):
        program = me.program(row.program) or next(reversed(me.rulebook.programs.get(row.program, [])), None)
        if program is not None:
            found += [me.reader(program).badge(name) for name in json.loads(row.badges)]
    return list(dict.fromkeys(found))


# --- the road ---------------------------------------------------------------------------------------------------------


def _road(me: Me, program: CompiledProgram, name: str, count: int) -> Road | None:
    clause = program.document.rewards[name]
    done, of, give = _next(me, program, (name, clause), count)
    if give is None:
        return None
    return Road(
        program=program.name,
        prize=given_in_words(give, me.reader(program)),
        done=done,
        left=of - done,
        of=of,
        stones=tuple(_stones(me, program, give, (done, of))) if of <= LONGEST_DRAWN else (),
    )


def _next(
    me: Me, program: CompiledProgram, named: tuple[str, Clause], count: int
) -> tuple[int, int, Give | None]:  # fmt: skip
    """How many friends count towards the next one, how many it needs, and what it gives; nothing after the last."""
    name, clause = named
    if clause.every:
        granted = _tally(me, f"granted/{program.name}/{name}")
        done = max(0, min(count - granted * clause.every, clause.every - 1))
        return done, clause.every, clause.give
    ahead = [(at, give) for at, give in sorted((clause.by_count or {}).items()) if at > count]
    # From the first friend on, each brings something: that is no road, but the offer itself.
    return (count, *ahead[0]) if ahead and ahead[0][0] > 1 else (0, 0, None)


def _stones(me: Me, program: CompiledProgram, give: Give, way: tuple[int, int]) -> Iterator[Stone]:
    done, of = way
    initials = _initials(me, program, done)
    for place in range(of):
        is_last = place == of - 1
        if place < done:
            yield Stone(initials[place] if place < len(initials) else "", True, is_last)
        else:
            yield Stone(_prize_in_short(me, program, give) if is_last else str(place + 1), False, is_last)


def _initials(me: Me, program: CompiledProgram, count: int) -> list[str]:
    """The initials of the friends who came last, the earliest first; an empty one for who is not named."""
    rows = Referral.objects.filter(advocate__in=me.numbers, workspace=me.workspace, program=program.name)
    friends = list(rows.filter(status="completed").order_by("-completed_at").values_list("friend", flat=True)[:count])
    names = names_shown(me, friends)
    return [names.get(friend, "")[:1].upper() for friend in reversed(friends)]


def _prize_in_short(me: Me, program: CompiledProgram, give: Give) -> str:
    """The amount of what is given, where it has one that fits on a stone."""
    gifts = [gift for each in give for gift in (each.choice if isinstance(each, Choice) else (each,))]
    return next((amount_in_short(gift, me.reader(program)) for gift in gifts if isinstance(gift.value, Money)), "")


# --- tiers ------------------------------------------------------------------------------------------------------------


def _standing(me: Me, program: CompiledProgram, row: Participation | None) -> Standing:
    rules, tiers = program.tiers, program.document.tiers
    assert rules is not None  # whoever asks looked whether there are tiers
    assert tiers is not None
    reader, names = me.reader(program), [name for name, _ in rules.levels]
    tier = row.tier if row and row.tier in tiers.levels else names[0]
    above = rules.above.get(tier)
    following = next((name for name, threshold in rules.levels if threshold == above), "")
    first = me.calendar.window(moment_of(me.now), rules.within) if rules.within else 0
    count = _tally(me, rules.series, rules.currency, since=first, total=bool(rules.which))
    missing = max(0, above - count) if above is not None else 0
    return Standing(
        program=program.name,
        tier=tier_name(tier, reader),
        next_tier=tier_name(following, reader) if following else "",
        missing=_measured(me, program, missing) if following else "",
        share=min(100, 100 * count // above) if above else 100,
        drops=me.last_day(row.drop_at) if row else "",
    )


def _measured(me: Me, program: CompiledProgram, count: int) -> str:
    tiers = program.document.tiers
    assert tiers is not None
    if tiers.measure == "points_earned":
        return amount_of_points(count, program.document, me.voice)
    if tiers.measure == "spent":
        return me.voice.minor(count, program.currency)
    return me.voice.count("tiers.referrals", count)


def _tally(me: Me, measure: str, currency: str = "", *, since: int = 0, total: bool = False) -> int:
    rows = Tally.objects.filter(subject=me.member.id, measure=measure, workspace=me.workspace, day__gte=since)
    summed = rows.filter(currency=currency).aggregate(sum=Sum("total" if total else "count"))
    return int(summed["sum"] or 0)
