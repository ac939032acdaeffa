"""Public ids: how a number of ours is written where others see it, `rew_0000001A7Z8K0`.

Owns the writing and the reading. A prefix says what kind of thing it is, so that one is not taken for another; the rest
is the number in Crockford's base 32, which has no letters that look alike, in a fixed width, so that ids sort like what
they stand for. It must not look anything up.
"""

import secrets
from datetime import datetime

from sayso.core.program.calendar import moment_of

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DIGITS = {letter: digit for digit, letter in enumerate(_LETTERS)} | {"O": 0, "I": 1, "L": 1}
_WIDTH = 13  # letters that 63 bits take
_HIGHEST = (1 << 63) - 1
_CHANCE_BITS = 10


def public_id(prefix: str, number: int) -> str:
    """Return the public id of a number.

    Args:
        prefix: what kind of thing it is, `rew`.
        number: from 0 up to what 63 bits hold.
    """
    letters = [_LETTERS[number >> shift & 31] for shift in range(5 * (_WIDTH - 1), -1, -5)]
    return f"{prefix}_{''.join(letters)}"


def number_of(prefix: str, text: str) -> int | None:
    """Return the number of a public id; None when the text is no id of this kind. Small letters are taken too."""
    kind, _, letters = text.partition("_")
    digits = [_DIGITS.get(letter) for letter in letters.upper()]
    if kind != prefix or len(digits) != _WIDTH or None in digits:
        return None
    number = 0
    for digit in digits:
        number = number << 5 | (digit or 0)
    return number if number <= _HIGHEST else None


def new_number(now: datetime) -> int:
    """Return a number for something that no event makes: time first, so that later ones are higher, then chance.

    Args:
        now: the time, at the latest in the year 2255.
    """
    return moment_of(now) << _CHANCE_BITS | secrets.randbits(_CHANCE_BITS)
