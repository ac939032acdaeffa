"""Lots: how much of one member's points of one unit expires when.

Owns the order in which points are used up. Must not move value: the sum of the lots is the wallet's balance, and the
caller books the transfer. Lots are `{expires_at: amount}` with microseconds since 1970 UTC and positive amounts; no
function changes the mapping that it is given.
"""

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from sayso.core.ledger.units import NotPositive

Lots: TypeAlias = dict[int, int]

NEVER: Final = 0
"""The `expires_at` of points that do not expire; they are used last."""


class NotEnough(Exception):
    """The lots together hold less than was to be spent; nothing was changed."""


def earn(lots: Mapping[int, int], *, expires_at: int, amount: int) -> Lots:
    """Add points to the lot that expires at `expires_at`.

    Raises:
        NotPositive: `amount` is not at least 1.
    """
    _refuse_not_positive(amount)
    return {**lots, expires_at: lots.get(expires_at, 0) + amount}


def spend(lots: Mapping[int, int], *, amount: int) -> tuple[Lots, list[tuple[int, int]]]:
    """Spend points from the lot that expires first, then the next.

    Returns:
        The lots that are left, and what was used as (expires_at, amount), earliest expiry first.

    Raises:
        NotPositive: `amount` is not at least 1.
        NotEnough: the lots hold less than `amount`.
    """
    _refuse_not_positive(amount)
    left, used = _use(lots, order=_by_expiry(lots), amount=amount)
    if sum(part for _, part in used) < amount:
        raise NotEnough(f"{amount} to spend, {sum(lots.values())} there")
    return left, used


def expire(lots: Mapping[int, int], *, now: int) -> tuple[Lots, int]:
    """Drop every lot whose expiry has come, the instant of expiry included.

    Returns:
        The lots that are left, and how many points lapsed.
    """
    left = {expires_at: amount for expires_at, amount in lots.items() if expires_at == NEVER or expires_at > now}
    return left, sum(lots.values()) - sum(left.values())


def take_back(lots: Mapping[int, int], *, expires_at: int, amount: int) -> tuple[Lots, int]:
    """Take back points of one earning: from its own lot, then from the others, earliest expiry first.

    Returns:
        The lots that are left, and how much was taken; what is missing becomes debt (SEMANTICS 7).

    Raises:
        NotPositive: `amount` is not at least 1.
    """
    _refuse_not_positive(amount)
    order = _by_expiry(lots)
    if expires_at in lots:
        order.remove(expires_at)
        order.insert(0, expires_at)
    left, used = _use(lots, order=order, amount=amount)
    return left, sum(part for _, part in used)


def _use(lots: Mapping[int, int], *, order: Iterable[int], amount: int) -> tuple[Lots, list[tuple[int, int]]]:
    left = dict(lots)
    used: list[tuple[int, int]] = []
    for expires_at in order:
        if not amount:
            break
        here = left[expires_at]
        if here > amount:
            used.append((expires_at, amount))
            left[expires_at] = here - amount
            break
        del left[expires_at]
        used.append((expires_at, here))
        amount -= here
    return left, used


def _by_expiry(lots: Mapping[int, int]) -> list[int]:
    order = sorted(lots)
    if NEVER in lots:
        order.remove(NEVER)
        order.append(NEVER)
    return order


def _refuse_not_positive(amount: int) -> None:
    if amount <= 0:
        raise NotPositive(f"{amount} is not an amount of points")
