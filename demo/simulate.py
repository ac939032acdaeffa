"""What the data set lacks and the demonstration simulates: spending of points, and recommendations.

Owns the seeded inventions. Each such event bears `"simulated": true` in its props and an id that begins with
`sim-`. It must not look at anything that Sayso computed: a spend is decided by a bound of its own.

The bound: one point per whole dollar, never doubled, each lot dying with the sixth month after the month in which
it was earned, spent oldest first, and only points of earlier local days. Sayso's members have at least that much,
whatever their tier and in whatever order the events of a day arrive, because more points in a lot never leave less
to spend.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby

from demo.baskets import Basket, Event, day_before, first_days, moment_at, written

SPENDS_ON_A_DAY = 0.05
AMOUNTS = (100, 200, 500, 1000)
MONTHS_OF_LIFE = 6

# Households first seen from this day on pass for new ones; the data itself begins on 1 January.
NEW_FROM = date(2017, 2, 1)
REFERRALS_IN_FULL = 300
HOUSEHOLDS_IN_FULL = 2469
FRIENDS_PER_ADVOCATE = 3
BASKETS_OF_AN_ADVOCATE = 3
EVENING = 18
EVENING_MINUTES = 180


@dataclass(frozen=True)
class Referrals:
    """Simulated recommendations: `member_updated` events that give advocates a code, and the friends' `signup`."""

    codes: list[Event]
    signups: list[Event]


def simulate_spends(baskets: Iterable[Basket], *, seed: int) -> list[Event]:
    """`points_spent` events of all households; a household's do not depend on which others there are.

    Args:
        baskets: in order of time.
        seed: the same seed gives the same events.
    """
    by_household: dict[int, list[Basket]] = defaultdict(list)
    for basket in baskets:
        by_household[basket.household].append(basket)
    return [event for household, own in by_household.items() for event in _spends(household, own, seed)]


def _spends(household: int, baskets: Sequence[Basket], seed: int) -> list[Event]:
    chance = random.Random(f"{seed}:spend:{household}")
    lots: Counter[int] = Counter()
    events = []
    for day, of_day in groupby(baskets, key=lambda basket: basket.day):
        first, *rest = of_day
        points = _wish(chance, _alive(lots, day))
        if points:
            _take(lots, day, points)
            events.append(_spend(first, points))
        lots[_month(day)] += sum(basket.amount_minor // 100 for basket in (first, *rest))
    return events


def _wish(chance: random.Random, available: int) -> int:
    spends = chance.random() < SPENDS_ON_A_DAY
    wish = chance.choice(AMOUNTS)
    return wish if spends and wish <= available else 0


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _alive(lots: Mapping[int, int], day: date) -> int:
    return sum(points for month, points in lots.items() if month + MONTHS_OF_LIFE >= _month(day))


def _take(lots: Counter[int], day: date, points: int) -> None:
    for month in sorted(month for month in lots if month + MONTHS_OF_LIFE >= _month(day)):
        taken = min(points, lots[month])
        lots[month] -= taken
        points -= taken


def _spend(basket: Basket, points: int) -> Event:
    """Points spent at the till, at the very moment of a basket."""
    return {
        "id": f"sim-spend-{basket.id}",
        "type": "points_spent",
        "member": str(basket.household),
        "occurred_at": written(basket.moment),
        "props": {"points": points, "simulated": True},
    }


def simulate_referrals(baskets: Sequence[Basket], *, seed: int) -> Referrals:
    """New households, recommended by households that have shopped since January.

    A friend signs up in the evening before the local day of the first basket, and an advocate has a code from the
    local midnight before theirs, so that the order of events within a day does not matter.

    Args:
        baskets: in order of time; 300 referrals among all 2,469 households, fewer in proportion.
        seed: the same seed and households give the same referrals.
    """
    chance = random.Random(f"{seed}:refer")
    days = first_days(baskets)
    count = round(REFERRALS_IN_FULL * len(days) / HOUSEHOLDS_IN_FULL)
    new = sorted(household for household, day in days.items() if day >= NEW_FROM)
    regular = _regulars(baskets)
    friends = chance.sample(new, min(count, len(new)))
    advocates = chance.sample(regular, min(len(regular), -(-len(friends) // FRIENDS_PER_ADVOCATE)))
    if not advocates:
        return Referrals(codes=[], signups=[])
    codes = [_code(household, days[household]) for household in sorted(advocates)]
    return Referrals(codes, [_signup(friend, days[friend], chance.choice(advocates), chance) for friend in friends])


def _regulars(baskets: Iterable[Basket]) -> list[int]:
    seen = Counter(basket.household for basket in baskets if basket.day < day_before(NEW_FROM))
    return sorted(household for household, count in seen.items() if count >= BASKETS_OF_AN_ADVOCATE)


def _code(advocate: int, first_day: date) -> Event:
    return {
        "id": f"sim-code-{advocate}",
        "type": "member_updated",
        "member": str(advocate),
        "occurred_at": written(moment_at(first_day, time(0, 0))),
        "props": {"code": code_of(advocate), "simulated": True},
    }


def code_of(household: int) -> str:
    """The code with which a household recommends."""
    return f"H{household}"


def _signup(friend: int, first_day: date, advocate: int, chance: random.Random) -> Event:
    hours, minutes = divmod(chance.randrange(EVENING_MINUTES), 60)
    return {
        "id": f"sim-signup-{friend}",
        "type": "signup",
        "member": str(friend),
        "occurred_at": written(moment_at(day_before(first_day), time(EVENING + hours, minutes))),
        "referral_code": code_of(advocate),
        "props": {"simulated": True},
    }
