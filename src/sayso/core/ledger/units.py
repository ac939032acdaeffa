"""Units of the books: a currency in its minor unit, or points by their name.

Owns how many digits a currency's minor unit has. Must not format, convert or parse amounts.
"""

from typing import TypeAlias

Unit: TypeAlias = str

_USUAL_DIGITS = 2
_BY_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DIGITS = {currency: digits for digits, currencies in _BY_DIGITS.items() for currency in currencies.split()}


class NotACurrency(ValueError):
    """A unit that is not written as an ISO 4217 code was used as a currency."""


class NotPositive(ValueError):
    """An amount that must be at least 1 is zero or negative."""


def is_currency(unit: Unit) -> bool:
    """Say whether `unit` is written as an ISO 4217 code: three capital letters of ASCII."""
    return len(unit) == 3 and unit.isascii() and unit.isalpha() and unit.isupper()


def minor_digits(currency: str) -> int:
    """Return the number of decimal digits of a currency's minor unit, as ISO 4217 lists them.

    Args:
        currency: three capital letters; a code that is no exception in ISO 4217 has 2 digits.

    Raises:
        NotACurrency: `currency` is not three capital letters.
    """
    if not is_currency(currency):
        raise NotACurrency(f"{currency!r} is not a currency code of three capital letters")
    return _DIGITS.get(currency, _USUAL_DIGITS)
