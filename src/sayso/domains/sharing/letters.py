"""Letters that are told apart on paper and over the telephone: no 0 and o, no 1, i and l.

Owns the alphabet of codes and links. It must not know what they stand for.
"""

import secrets

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"


def some_letters(count: int) -> str:
    """Return so many letters that nobody can foresee, each about five bits."""
    return "".join(secrets.choice(LETTERS) for _ in range(count))
