"""Units of the books: a currency in its minor unit, or points by their name.

Owns which of the two a unit is. Must not format, convert or parse amounts.
"""

from typing import TypeAlias

Unit: TypeAlias = str


class NotPositive(ValueError):
    """An amount that must be at least 1 is zero or negative."""


def is_currency(unit: Unit) -> bool:
    """Say whether `unit` is written as an ISO 4217 code: three capital letters of ASCII."""
    return len(unit) == 3 and unit.isascii() and unit.isalpha() and unit.isupper()
