"""Lots: earliest expiry first, nothing lost, nothing invented (promise 12)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.core.ledger.lots import NEVER, Lots, NotEnough, earn, expire, spend, take_back
from sayso.core.ledger.units import NotPositive

LOTS = st.dictionaries(st.integers(0, 6), st.integers(1, 40), max_size=5)
AMOUNT = st.integers(1, 120)


def points(lots: Lots) -> list[int]:
    """Every single point as the instant at which it expires, first to expire first, those that never do last."""
    return sorted((lot or 99 for lot, amount in lots.items() for _ in range(amount)))


@given(LOTS, AMOUNT)
def test_spending_uses_the_points_that_expire_first(lots: Lots, amount: int) -> None:
    before = dict(lots)
    if amount > sum(lots.values()):
        with pytest.raises(NotEnough):
            spend(lots, amount=amount)
    else:
        left, used = spend(lots, amount=amount)
        assert points(dict(used)) == points(before)[:amount]
        assert points(left) == points(before)[amount:]
        assert 0 not in left.values()
        assert [lot or 99 for lot, _ in used] == sorted(lot or 99 for lot, _ in used)
    assert lots == before


@given(LOTS, AMOUNT, st.integers(1, 7))
def test_expiry_never_touches_spent_points(lots: Lots, amount: int, now: int) -> None:
    left, _ = spend(lots, amount=min(amount, sum(lots.values()))) if lots else (lots, [])
    kept, lapsed = expire(left, now=now)
    assert lapsed == sum(1 for point in points(left) if point <= now)
    assert points(kept) == [point for point in points(left) if point > now]


@given(LOTS, st.integers(0, 6), AMOUNT)
def test_taking_back_prefers_the_lot_of_the_earning(lots: Lots, lot: int, amount: int) -> None:
    before = dict(lots)
    left, taken = take_back(lots, expires_at=lot, amount=amount)
    others = {other: held for other, held in lots.items() if other != lot}
    from_others = max(0, amount - lots.get(lot, 0))
    assert taken == min(amount, sum(lots.values()))
    assert left.get(lot, 0) == max(0, lots.get(lot, 0) - amount)
    assert points({other: held for other, held in left.items() if other != lot}) == points(others)[from_others:]
    assert lots == before


@given(LOTS, st.integers(0, 6), AMOUNT)
def test_earning_then_taking_back_changes_nothing(lots: Lots, lot: int, amount: int) -> None:
    assert take_back(earn(lots, expires_at=lot, amount=amount), expires_at=lot, amount=amount) == (lots, amount)


def test_the_instant_of_expiry_is_expired_and_never_is_never() -> None:
    assert expire({10: 1, 11: 2, NEVER: 3}, now=10) == ({11: 2, NEVER: 3}, 1)
    assert spend({NEVER: 3, 11: 2}, amount=3) == ({NEVER: 2}, [(11, 2), (NEVER, 1)])


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_of_points_is_positive(amount: int) -> None:
    with pytest.raises(NotPositive):
        earn({}, expires_at=1, amount=amount)
    with pytest.raises(NotPositive):
        spend({1: 5}, amount=amount)
    with pytest.raises(NotPositive):
        take_back({1: 5}, expires_at=1, amount=amount)
