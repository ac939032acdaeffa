"""What a gift amounts to and what it costs, for one case.

Owns the worth of each kind (SEMANTICS 34). It must not book anything.
"""

from collections.abc import Iterator
from typing import Any

from sayso.core.engine.rows import Item, Reward
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.program.document import DELIVERED_BY_THE_BOOKS, Choice, Clause, Gift, Give
from sayso.core.program.values import Money, Percent, Rate

WALLET = frozenset({"credit", "cashback"})  # money into the member's own wallet


def items_of(program: CompiledProgram, give: Give, base: int | None) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """What is given for certain, and the options of a choice.

    Args:
        base: the amount of money that a share or a rate is taken of, in minor units.
    """
    certain: list[Item] = []
    options: list[Item] = []
    for each in give:
        if isinstance(each, Choice):
            options += [item_of(program, gift, base) for gift in each.choice]
        else:
            certain.append(item_of(program, each, base))
    return tuple(certain), tuple(options)


def item_of(program: CompiledProgram, gift: Gift, base: int | None) -> Item:
    """What one gift comes to; `base` as in `items_of`."""
    amount = amount_of(gift, base)
    return Item(gift.kind, amount, _cost(program, gift, amount), gift.expires)


def _cost(program: CompiledProgram, gift: Gift, amount: Any) -> int:
    if gift.kind == "points":
        value = program.document.points.value if program.document.points else None
        return int(amount * value.minor) if value else 0
    if gift.cost is not None:
        return gift.cost.minor
    return int(amount) if isinstance(gift.value, Money) or gift.kind in WALLET else 0


def amount_of(gift: Gift, base: int | None) -> Any:
    """Minor units, points, hundredths of a percent, a count or a badge's name; words stay in the document."""
    value = gift.value
    if isinstance(value, Rate):
        return value.of(base or 0)
    if isinstance(value, Percent):
        if gift.kind == "percentage":
            return value.basis_points
        share = value.of(base or 0)
        return min(share, gift.up_to.minor) if gift.up_to else share
    if isinstance(value, Money):
        return value.minor
    return None if isinstance(value, dict) else value


def by_amount(give: Give) -> bool:
    """Whether any of it is computed from the event's amount, and so shrinks with a refund (SEMANTICS 32)."""
    gifts = [gift for each in give for gift in (each.choice if isinstance(each, Choice) else (each,))]
    return any(isinstance(gift.value, Rate) or (gift.kind == "cashback" and isinstance(gift.value, Percent))
               for gift in gifts)  # fmt: skip


def cost_of(items: tuple[Item, ...], options: tuple[Item, ...]) -> int:
    """What is reserved: everything certain and the dearest option (SEMANTICS 31)."""
    return sum(item.cost for item in items) + max((item.cost for item in options), default=0)


def wallet_money(items: tuple[Item, ...]) -> int:
    """How much money goes into the member's own wallet."""
    return sum(item.value for item in items if item.kind in WALLET)


def points_in(items: tuple[Item, ...]) -> int:
    """How many points are in it."""
    return sum(item.value for item in items if item.kind == "points")


def handed_over_by_us(items: tuple[Item, ...]) -> bool:
    """Whether the books alone deliver all of it; every other kind needs a provider, or a person with proof."""
    return all(item.kind in DELIVERED_BY_THE_BOOKS for item in items)


def nothing(items: tuple[Item, ...], options: tuple[Item, ...]) -> bool:
    """Whether it comes to nothing, as a share of a small amount may."""
    return not options and all(item.value == 0 and item.kind in WALLET | {"points"} for item in items)


def gifts_of(clause: Clause) -> Iterator[Gift]:
    """Every gift that a clause may give, whatever is chosen or counted."""
    for give in (clause.give or (), *(clause.by_count or {}).values()):
        for each in give:
            yield from each.choice if isinstance(each, Choice) else (each,)


def taken_of_amount(program: CompiledProgram, reward: Reward) -> tuple[int, Gift] | None:
    """The place of the item that was taken of the amount, and its gift; a reward has one at most."""
    clause = program.document.rewards.get(reward.clause)
    shares = [gift for gift in gifts_of(clause) if by_amount((gift,))] if clause and reward.base_minor else []
    for place, item in enumerate(reward.items):
        for gift in shares:
            if gift.kind == item.kind and amount_of(gift, reward.base_minor) == item.value:
                return place, gift
    return None
