"""Reading what was sent as JSON, in which no object has a name twice: of two values one would be lost without a word.

Owns that one question (RFC 8259, 4, leaves it open). It must not know what an event is.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

# Each name in an object is followed by a colon; texts may hold the same, which only makes us look closer.
_NAMES = re.compile(rb'"\s*:')
_AFTER_A_NAME = (b'" ', b'"\t', b'"\n', b'"\r')


def refuse_repeated_names(content: bytes, value: Any) -> None:
    """Look for a name that stands twice in one object.

    Args:
        content: JSON in UTF-8, which was read without a mistake.
        value: what it says.

    Raises:
        ValueError: there is one; it is named.
        RecursionError: it is nested too deeply to be looked at.
    """
    if _named_in(content) != _count_names(value):
        json.loads(content, object_pairs_hook=_unique)


def _named_in(content: bytes) -> int:
    """At least as many names as stand in the text; most are written without a space before the colon."""
    if any(gap in content for gap in _AFTER_A_NAME):
        return len(_NAMES.findall(content))
    return content.count(b'":')


def _count_names(value: Any) -> int:
    if isinstance(value, dict):
        count = len(value)
        for each in value.values():
            if type(each) is dict or type(each) is list:
                count += _count_names(each)
        return count
    return sum(map(_count_names, value)) if isinstance(value, list) else 0


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r} stands twice in one object")
    return found
