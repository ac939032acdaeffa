"""Units: which are currencies."""

import pytest

from sayso.core.ledger.units import is_currency


@pytest.mark.parametrize("unit", ["stars", "eur", "EURO", "EU", "", "E1R", "ÄÖÜ", "EU "])
def test_points_are_not_a_currency(unit: str) -> None:
    assert not is_currency(unit)
    assert is_currency("EUR")
