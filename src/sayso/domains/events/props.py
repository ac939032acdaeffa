"""The props of an event: whatever its sender wants to say, within bounds.

Owns the bounds, and the shape of those props that have a meaning of their own. It must not know what they mean.
"""

from datetime import datetime
from typing import Any

import msgspec

from sayso.core.program.calendar import FIRST_WITH_A_DAY, LAST_WITH_A_DAY, moment_of
from sayso.core.program.problems import Problem

LARGEST_BYTES = 16_384
DEEPEST = 8
MOST_TOUCHES = 50
LARGEST_NUMBER = 2**63 - 1

_SHAPES: dict[str, tuple[type, str]] = {
    "touches": (list, "a list of {code, at}"),
    "attributes": (dict, "an object of names and values"),
    "tags": (list, "a list of texts"),
    "groups": (list, "a list of texts"),
    "codes": (list, "a list of texts"),
    "steps": (dict, "an object of steps and moments"),
}

_encode = msgspec.json.Encoder().encode


def check_props(props: dict[str, Any]) -> list[Problem]:
    """Return what is wrong with the props of an event: size, depth, letters that cannot be kept, known shapes."""
    if not props:
        return []
    try:
        encoded = _encode(props)
    except (UnicodeEncodeError, TypeError, ValueError, OverflowError, RecursionError):
        return [_problem("props", "props hold something that is no JSON, or text that is no Unicode.")]
    if len(encoded) > LARGEST_BYTES:
        return [_problem("props", f"props take {len(encoded)} bytes as JSON; at most {LARGEST_BYTES} are taken.")]
    if encoded.count(b"{") + encoded.count(b"[") > DEEPEST and _is_deeper(props, DEEPEST):
        return [_problem("props", f"props are nested more than {DEEPEST} deep.")]
    problems = [_problem(f"props.{name}", f"props.{name} is {said}.") for name, said in _misshapen(props)]
    if b"\\u0000" in encoded and _holds_nul(props):
        problems.append(_problem("props", "props hold a NUL character."))
    if not all(-LARGEST_NUMBER <= number <= LARGEST_NUMBER for number in _numbers(props)):
        problems.append(_problem("props", "props hold a number that is too large."))
    return problems


def _misshapen(props: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    for name in _SHAPES.keys() & props.keys():
        kind, said = _SHAPES[name]
        value = props[name]
        touches = value if name == "touches" and isinstance(value, list) else []
        if not isinstance(value, kind) or not all(map(_is_touch, touches[: MOST_TOUCHES + 1])):
            found.append((name, said))
        elif len(touches) > MOST_TOUCHES:
            found.append((name, f"{said}, at most {MOST_TOUCHES}"))
    return sorted(found)


def _is_touch(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("code"), str):
        return False
    return is_moment(value.get("at"))


def is_moment(value: Any) -> bool:
    """Say whether a value is a date and time with its zone, as RFC 3339 writes it, that has a day in every zone."""
    try:
        when = datetime.fromisoformat(value)
        return when.tzinfo is not None and FIRST_WITH_A_DAY <= moment_of(when) <= LAST_WITH_A_DAY
    except (TypeError, ValueError):
        return False


def _is_deeper(value: Any, than: int) -> bool:
    """Whether objects and lists are nested more than so deep; it looks no deeper than that."""
    if not isinstance(value, dict | list):
        return False
    parts = value.values() if isinstance(value, dict) else value
    return than == 0 or any(_is_deeper(part, than - 1) for part in parts)


def _holds_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_nul, (*value.keys(), *value.values())))
    return any(map(_holds_nul, value)) if isinstance(value, list) else isinstance(value, str) and "\0" in value


def _numbers(value: Any) -> list[int | float]:
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return [number for part in parts for number in _numbers(part)]
    return [value] if isinstance(value, int | float) else []


def _problem(name: str, what: str) -> Problem:
    return Problem(0, 0, name, what)
