"""What the types of event that mean something to Sayso must say in their props.

Owns one shape for each of these types. It must not judge other types, whose props are their sender's, nor look
anything up: whether there is such a program, reward or member is found when the event is decided.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sayso.core.engine import events
from sayso.core.program.calendar import LAST_WITH_A_DAY
from sayso.core.program.problems import Problem
from sayso.domains.events.props import is_moment

LONGEST = 200
LARGEST = 10**13

_CURRENCY = re.compile(r"[A-Z]{3}")
_RATE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,20})?")
_HASH = re.compile(r"[0-9a-f]{64}")
# Of a rate so many decimals are kept.
_SMALLEST = 10**-8


class Shape(NamedTuple):
    """How one prop is written: what holds of a value, and the same in words."""

    holds: Callable[[Any], bool]
    said: str
    needed: bool = False


def check_own(kind: str, props: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the props of an event of this type; of a type of somebody's own, nothing is."""
    found = []
    for name, shape in _SHAPES.get(kind, {}).items():
        value = props.get(name)
        if value is None or value == "":
            if shape.needed:
                found.append(Problem(0, 0, f"props.{name}", f"props.{name} is missing; it is {shape.said}."))
        elif not shape.holds(value):
            found.append(Problem(0, 0, f"props.{name}", f"props.{name} is {shape.said}."))
    return found


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_whole(value: Any) -> bool:
    return type(value) is int


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 < value <= LARGEST


def _is_microseconds(value: Any) -> bool:
    return type(value) is int and 0 <= value <= LAST_WITH_A_DAY


def _is_currency(value: Any) -> bool:
    return isinstance(value, str) and _CURRENCY.fullmatch(value) is not None


def _is_rate(value: Any) -> bool:
    """A number written with digits and a point: no sign, no exponent, and not so small that nothing is kept of it."""
    written = isinstance(value, str) or type(value) in (int, float)
    return written and _RATE.fullmatch(str(value)) is not None and float(value) >= _SMALLEST


def _is_reached(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_microseconds(at) or is_moment(at) for at in value.values())


def _is_choice(value: Any) -> bool:
    return _is_text(value) or (type(value) is int and value >= 0)


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


_TEXT = Shape(_is_text, f"a text of at most {LONGEST} characters")
_TEXTS = Shape(_are_texts, f"a list of texts of at most {LONGEST} characters")
_PROGRAM = Shape(_is_text, "the name of a program", needed=True)
_SOMEBODY = Shape(_is_text, "what you call the other member", needed=True)
_CURRENCY_CODE = Shape(_is_currency, "a code of three capital letters, such as EUR", needed=True)
_COUNT = Shape(_is_count, f"a whole number between 1 and {LARGEST}", needed=True)
_GUESTS = Shape(lambda _: False, "left out: the guest is named by contact")
_OURS = Shape(lambda _: False, "said by Sayso itself; leave it out")

_OF_A_REWARD: Mapping[str, Shape] = {
    "reward": Shape(_is_count, "the number of a reward"),
    "clause": _TEXT,
    "program": _TEXT,
    "by": _TEXT,
    "reason": Shape(lambda value: isinstance(value, str), "a text"),
    "proof": Shape(lambda value: isinstance(value, str), "a text that shows that it was handed over"),
}

_SHAPES: Mapping[str, Mapping[str, Shape]] = {
    events.RATE_SET: {
        "from": _CURRENCY_CODE,
        "to": _CURRENCY_CODE,
        "rate": Shape(_is_rate, 'a number above 0, written with digits and a point, such as "0.92"', needed=True),
    },
    events.SURVEY: {"score": Shape(_is_whole, "a whole number")},
    events.MEMBER_UPDATED: {
        **dict.fromkeys(("language", "country", "account", "code"), _TEXT),
        **dict.fromkeys(("tags", "groups", "codes"), _TEXTS),
    },
    events.MEMBER_MERGED: {"other": _SOMEBODY},
    events.POINTS_SPENT: {"points": _COUNT, "unit": _TEXT},
    events.POINTS_MOVED_IN: {
        "unit": _TEXT._replace(needed=True),
        "amount": _COUNT,
        "expires_at": Shape(_is_microseconds, "a moment in microseconds since 1970"),
    },
    events.INVITED: {
        "contact": Shape(_is_hash, "HMAC-SHA-256 under your salt, 64 hexadecimal digits in small letters", needed=True),
        "channel": _TEXT,
        "program": _TEXT,
        # They would be taken for the advocate's own.
        **dict.fromkeys(("email", "phone"), _GUESTS),
    },
    events.REFERRAL_ATTRIBUTED: {"advocate": _SOMEBODY, "program": _TEXT},
    events.REFERRAL_MOVED_IN: {
        "advocate": _SOMEBODY,
        "program": _PROGRAM,
        "steps": Shape(_is_reached, "an object of steps and the moments at which they were reached"),
    },
    events.PROGRAM_PAUSED: {"program": _PROGRAM},
    events.PROGRAM_RESUMED: {"program": _PROGRAM},
    events.REWARD_APPROVED: _OF_A_REWARD,
    events.REWARD_DENIED: {**_OF_A_REWARD, "delivered": _OURS},
    events.REWARD_ISSUED: {**_OF_A_REWARD, "delivered": _OURS},
    events.REWARD_REDEEMED: _OF_A_REWARD,
    events.REWARD_REVERSED: _OF_A_REWARD,
    events.REWARD_CHOSEN: {
        **_OF_A_REWARD,
        "choice": Shape(_is_choice, "the place of an option, from 0, or its kind", needed=True),
    },
    events.REWARD_GRANTED: {
        "program": _PROGRAM,
        "give": Shape(_is_object, "what is given, as a program writes it", needed=True),
        "reason": Shape(_is_text, "a text that says why", needed=True),
        "by": Shape(_is_text, "who answers for it", needed=True),
    },
}
