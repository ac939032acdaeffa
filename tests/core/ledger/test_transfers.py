"""Transfers: the books sum to zero, bounds hold, and no field of a sealed row can change unseen."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.core.ledger import chart
from sayso.core.ledger.chart import Kind, LedgerAccount
from sayso.core.ledger.transfers import (
    GENESIS,
    Balances,
    FloorBroken,
    MixedUnits,
    Purpose,
    SameAccount,
    Transfer,
    balances,
    digest,
    moved,
    seal,
)
from sayso.core.ledger.units import NotPositive

ADA, BEN = 1, 2
EARNING = Transfer(
    1, chart.world("stars"), chart.available(ADA, "stars"), 30, "stars", 7, 5, Purpose.EARN, 1_700_000_000_000_000
)


@st.composite
def rows(draw: st.DrawFn) -> Transfer:
    unit = draw(st.sampled_from(["stars", "EUR"]))
    side = st.tuples(st.sampled_from(list(Kind)).map(int), st.integers(0, 2), st.just(unit))
    debit, credit = draw(st.lists(side, min_size=2, max_size=2, unique=True))
    cause, reason, at = draw(st.integers(1, 9)), draw(st.sampled_from(Purpose)), draw(st.integers(0, 9))
    return Transfer(draw(st.integers(1, 99)), debit, credit, draw(st.integers(1, 50)), unit, cause, 0, reason, at)


@given(st.lists(rows(), max_size=12))
def test_books_sum_to_zero_per_unit_and_bounds_hold(drawn: list[Transfer]) -> None:
    running: Balances = {}
    booked = []
    for row in drawn:
        before = running.get(row.debit, 0), running.get(row.credit, 0)
        try:
            running[row.debit], running[row.credit] = moved(row.debit, row.credit, row.amount, before)
            booked.append(row)
        except FloorBroken:
            pass
        assert all(balance >= 0 for account, balance in running.items() if account[0] in chart.FLOOR)
        assert all(balance <= 0 for account, balance in running.items() if account[0] in chart.CEILING)
    assert running == balances(booked)
    for unit in ("stars", "EUR"):
        assert sum(balance for account, balance in running.items() if account[2] == unit) == 0


@pytest.mark.parametrize("name", sorted(kind.name.lower() for kind in Kind))
def test_each_kind_has_a_name_giver_with_its_number(name: str) -> None:
    owned = {"budget", "available", "held", "debt", "promised"}
    arguments = (ADA, "stars") if name in owned else ("stars",)
    assert getattr(chart, name)(*arguments) == (Kind[name.upper()], ADA if name in owned else 0, "stars")


@pytest.mark.parametrize(
    ("credit", "amount", "error"),
    [
        (chart.available(ADA, "stars"), 0, NotPositive),
        (chart.available(ADA, "stars"), -5, NotPositive),
        (chart.world("stars"), 5, SameAccount),
        (chart.available(ADA, "EUR"), 5, MixedUnits),
    ],
)
def test_a_transfer_that_is_no_movement_is_refused(credit: LedgerAccount, amount: int, error: type[ValueError]) -> None:
    with pytest.raises(error):
        moved(chart.world("stars"), credit, amount, (0, 0))


def test_nobody_repays_more_than_they_owe() -> None:
    wallet, debt = chart.available(ADA, "stars"), chart.debt(ADA, "stars")
    assert moved(wallet, debt, 30, (40, -30)) == (10, 0)
    with pytest.raises(FloorBroken, match="DEBT of 1 would stand at 1 stars"):
        moved(wallet, debt, 31, (40, -30))


@pytest.mark.parametrize("field", [field.name for field in fields(Transfer)])
def test_changing_any_field_of_any_row_changes_the_seal(field: str) -> None:
    others: dict[str, list[Any]] = {
        "debit": [chart.world("star"), chart.loss("stars"), chart.budget(1, "stars")],
        "credit": [chart.held(ADA, "stars"), chart.available(BEN, "stars"), chart.available(ADA, "EUR")],
        "unit": ["star", "stars|", "stärs", ""],
    }
    batch = [EARNING, replace(EARNING, id=2), replace(EARNING, id=3)]
    head = seal(GENESIS, [digest(row, 1) for row in batch])
    for index, row in enumerate(batch):
        for other in others.get(field) or [getattr(row, field) + 1, -getattr(row, field) - 1]:
            forged = [*batch[:index], replace(row, **{field: other}), *batch[index + 1 :]]
            assert seal(GENESIS, [digest(each, 1) for each in forged]) != head


@given(rows(), rows(), st.text("|:1a", max_size=4), st.text("|:1a", max_size=4))
def test_two_rows_have_one_digest_only_if_they_are_equal(one: Transfer, two: Transfer, mine: str, yours: str) -> None:
    one = replace(one, debit=(0, 1, mine), credit=(2, 1, yours), unit=mine)
    two = replace(two, debit=(0, 1, yours), credit=(2, 1, mine), unit=yours)
    assert (digest(one, 1) == digest(two, 1)) == (one == two)
    assert digest(one, 1) != digest(one, 2)


def test_the_seal_depends_on_the_head_the_order_and_whole_digests() -> None:
    first, second = digest(EARNING, 1), digest(EARNING, 2)
    head = seal(GENESIS, [first, second])
    assert len({head, seal(GENESIS, [second, first]), seal(first, [second]), seal(GENESIS, [first])}) == 4
    assert seal(GENESIS, iter([first, second])) == head
    with pytest.raises(ValueError, match="32 bytes"):
        seal(GENESIS, [first[:16], second + first[16:]])


def test_a_digest_is_the_same_for_ever() -> None:
    assert digest(EARNING, 1).hex() == "81eefb3b2ccc6eed4861615111bac0bf37ae4fc52d59d2cc35d3192e9429dbb9"
    assert digest(replace(EARNING, reason=0, debit=(0, 0, "stars")), 1) == digest(EARNING, 1)
    # Where the engine is compiled, there cannot even be such a row.
    with pytest.raises((ValueError, TypeError), match=r"format code|int object expected"):
        digest(replace(EARNING, amount="30"), 1)  # type: ignore[arg-type]
