"""Units: which are currencies, and how many digits their minor unit has."""

import pytest

from sayso.core.ledger.units import NotACurrency, is_currency, minor_digits


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("USD", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)])
def test_minor_digits_follow_iso_4217(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize("unit", ["stars", "eur", "EURO", "EU", "", "E1R", "ÄÖÜ", "EU "])
def test_points_are_not_a_currency(unit: str) -> None:
    assert not is_currency(unit)
    with pytest.raises(NotACurrency):
        minor_digits(unit)
