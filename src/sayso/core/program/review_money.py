"""Whether amounts, points and gifts of a document fit together.

Owns what money means across sections: currencies, costs, budgets. Names are `review_names`'.
"""

from collections.abc import Iterator
from functools import lru_cache

from babel.numbers import list_currencies

from sayso.core.program.document import Choice, Clause, Gift
from sayso.core.program.finder import Finder, values
from sayso.core.program.problems import Problem
from sayso.core.program.values import Duration, Limit, Money, MoneyLimit, Percent, Rate
from sayso.core.program.yaml_source import Path

# Kinds that cost something and whose cost nobody can tell from what is given.
COST_UNTOLD = frozenset({"percentage", "gift", "service", "rate", "invitation"})
_WITH_MINIMUM = frozenset({"coupon", "percentage", "gift_card"})
_WITH_CEILING = frozenset({"cashback", "percentage"})
_KEPT_IN_WALLETS = frozenset({"credit", "cashback", "points"})
WHOLE = 10_000


def review_money(finder: Finder) -> Iterator[Problem]:
    """Amounts in another currency, gifts without a cost, points without a value, budgets that cannot pay."""
    yield from _currency(finder)
    yield from _points(finder)
    for path, clause, gift in finder.gifts():
        yield from _gift(finder, path, clause, gift)
    yield from _by_amount(finder)
    yield from _limits(finder)
    yield from _shares(finder)


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def _currency(finder: Finder) -> Iterator[Problem]:
    currency = finder.document.currency
    if currency not in _currencies():
        yield finder.error(("currency",), f"{currency} is no currency of ISO 4217.", "for example EUR")
        return
    for path, found in values(finder.document, (Money, Rate, MoneyLimit)):
        money = found.per if isinstance(found, Rate) else found.amount if isinstance(found, MoneyLimit) else found
        if money.currency != currency:
            yield finder.error(path, f"The program counts in {currency}, and {found} is of another currency.")


def _points(finder: Finder) -> Iterator[Problem]:
    document = finder.document
    given = next((path for path, _, gift in finder.gifts() if gift.points is not None), None)
    if given is not None and document.points is None:
        message = "A reward gives points, and the program does not say which."
        yield finder.error((*given, "points"), message, "points: {unit: points} as a section of its own")
    if given is not None and document.points and document.budget and document.points.value is None:
        message = "A reward gives points from the budget, so the program must say what one point costs."
        yield finder.error(("points", "value"), message, f"value: 0.01 {document.currency}")
    if document.points and document.points.value and document.points.value.minor == 0:
        yield finder.error(("points", "value"), "A point that costs nothing needs no value; leave it out.")


def _gift(finder: Finder, path: Path, clause: Clause, gift: Gift) -> Iterator[Problem]:
    kind, currency = gift.kind, finder.document.currency
    if finder.document.budget and kind in COST_UNTOLD and gift.cost is None:
        yield finder.error(
            (*path, kind), f"The budget pays for this {kind}, so say what one costs.", f"cost: 5 {currency}"
        )
    if gift.minimum_order and kind not in _WITH_MINIMUM:
        yield finder.error((*path, "minimum_order"), f"A {kind} has no minimum order; that belongs to a coupon.")
    if gift.up_to and kind not in _WITH_CEILING:
        yield finder.error((*path, "up_to"), f"A {kind} has no ceiling; that belongs to cashback or a percentage.")
    if gift.coupon and gift.minimum_order and gift.minimum_order.minor < gift.coupon.minor:
        message = f"The coupon is worth {gift.coupon}, more than its minimum order of {gift.minimum_order}."
        yield finder.note((*path, "minimum_order"), message, f"minimum_order: {gift.coupon}")
    if isinstance(gift.value, Money) and gift.value.minor == 0:
        yield finder.error((*path, kind), f"A {kind} of nothing is no reward.", f"{kind}: 5 {currency}")
    if clause.to == "member" and clause.on == "signup" and kind == "cashback":
        yield finder.note((*path, kind), "A sign-up has no amount, so there is nothing to give back.")
    if gift.expires and kind in _KEPT_IN_WALLETS:
        message = f"What stands in a wallet is not taken back on a day: {kind} has no expiry here."
        instead = "points: {expire: {after: 12 months}}" if kind == "points" else ""
        yield finder.error((*path, "expires"), message, instead)
    yield from _against_budget(finder, path, gift)


def _against_budget(finder: Finder, path: Path, gift: Gift) -> Iterator[Problem]:
    budget = finder.document.budget
    amount = gift.cost or (gift.value if isinstance(gift.value, Money) else None)
    if budget and amount and amount.currency == budget.amount.currency and amount.minor > budget.amount.minor:
        message = f"One of these costs {amount}, more than the whole budget of {budget.amount}."
        yield finder.error((*path, gift.kind), message)


def _by_amount(finder: Finder) -> Iterator[Problem]:
    """A refund shrinks what was taken of an amount; a reward keeps one such account of what came back."""
    for name, clause in finder.document.rewards.items():
        for give in (clause.give or (), *(clause.by_count or {}).values()):
            if sum(any(map(_of_the_amount, each.choice if isinstance(each, Choice) else [each])) for each in give) > 1:
                message = "Only one gift of a reward may be taken of the amount; give the other in a reward of its own."
                yield finder.error(("rewards", name), message)


def _of_the_amount(gift: Gift) -> bool:
    return gift.kind != "percentage" and isinstance(gift.value, Percent | Rate)


def _limits(finder: Finder) -> Iterator[Problem]:
    for path, limit in values(finder.document, (Limit, MoneyLimit)):
        by_hours = limit.per == "hour" or (isinstance(limit.per, Duration) and limit.per.hours)
        if by_hours and path[0] != "guard":
            message = f"Grants are counted by the day, so {limit} cannot be kept."
            yield finder.error(path, message, "for example 5 per day")
    yield from _limits_of_points(finder)


def _limits_of_points(finder: Finder) -> Iterator[Problem]:
    points = finder.document.points
    for name, earn in points.earn.items() if points else ():
        for key, limit in (("limit", earn.limit), ("cap", earn.cap)):
            if isinstance(limit, Limit) and limit.count == 0:
                yield finder.error(("points", "earn", name, key), f"A {key} of 0 lets no point through.")
    if points and points.expire and points.expire.remind:
        life, remind = points.expire.after, points.expire.remind
        if remind.months * 30 + remind.days >= life.months * 30 + life.days:
            yield finder.error(
                ("points", "expire", "remind"), f"The reminder would come before the points, which live {life}."
            )


def _shares(finder: Finder) -> Iterator[Problem]:
    for path, share in values(finder.document, Percent):
        if share.basis_points > WHOLE:
            yield finder.error(path, f"{share} is more than everything.", "at most 100%")
