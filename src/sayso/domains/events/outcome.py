"""What was decided about an event, packed into one column: the reasons and what it earned.

Owns the packed form. It must not put reasons into words.
"""

from typing import Any

import msgspec

from sayso.core.engine.decision import Decision
from sayso.core.engine.rows import Reason

Earned = tuple[tuple[str, int, str, int, int, str, int], ...]

NOTHING = "[[],[]]"

_encode = msgspec.json.Encoder(enc_hook=str).encode
_decode = msgspec.json.Decoder(tuple[list[Reason], Earned]).decode


def pack(decision: Decision) -> str:
    """Return the outcome of a decision as it is stored."""
    if not decision.reasons and not decision.earned:
        return NOTHING
    return _encode((decision.reasons, decision.earned)).decode()


def unpack(outcome: str) -> tuple[list[Reason], Earned]:
    """Return the reasons of a stored outcome, and what the event earned."""
    return ([], ()) if outcome == NOTHING else _decode(outcome)


def reasons_of(outcome: str) -> list[Reason]:
    """Return the reasons of a stored outcome, in the order in which they were given."""
    return unpack(outcome)[0]


def earned_of(outcome: str) -> Earned:
    """Return what the event earned, for the refunds of it."""
    return unpack(outcome)[1]


def without_words(outcome: str) -> str:
    """Return the outcome without the texts that were seen, which may say something about a person."""
    reasons, earned = unpack(outcome)
    kept: list[Any] = [each if _harmless(each.seen) else each._replace(seen=None) for each in reasons]
    return _encode((kept, earned)).decode()


def _harmless(seen: Any) -> bool:
    return seen is None or isinstance(seen, int | float)
