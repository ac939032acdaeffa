"""Which variant of a page somebody sees: always the same one, with no list of who saw what.

Owns the assignment. It must not count.
"""

from collections.abc import Sequence
from hashlib import blake2b

# The page that variants are tried against.
ORIGINAL = ""


def variant_for(program: str, variants: Sequence[str], visitor: str) -> str:
    """Return the variant of a page for a visitor: each of them, and the original, is as likely as the others.

    Args:
        program: its name, so that a visitor is not in the same place of every trial.
        variants: as the document names them.
        visitor: whatever stays the same from one view to the next: the click, or what a cookie holds.
    """
    if not variants:
        return ORIGINAL
    choices = [ORIGINAL, *sorted(variants)]
    digest = blake2b(f"{program}\0{visitor}".encode(), digest_size=8).digest()
    return choices[int.from_bytes(digest, "big") % len(choices)]
