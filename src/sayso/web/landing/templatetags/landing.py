"""How words are set on the pages that friends see.

Owns the setting alone: amounts stay on one line, and what somebody said is told from who said it.
"""

from __future__ import annotations

import re

from django import template

register = template.Library()

# A number and what it counts; a name of the day and its month.
_TORN = re.compile(r"(?<=\d) (?=(?:[A-Z]{3}|[€£$%]|\d{3})(?![\w]))|(?<=[€£$]) (?=\d)")
_HYPHENED = re.compile(r"\b([Ee])-(?=mail)")
_SAID_BY = re.compile(r"\s+[—–]\s+(?=[^—–]+$)")


@register.filter
def unbroken(text: str) -> str:
    """Keep an amount and its currency on one line, and e-mail too."""
    return _HYPHENED.sub("\\1\u2011", _TORN.sub("\u00a0", str(text)))


@register.filter
def attributed(text: str) -> tuple[str, str]:
    """Part what somebody said from who said it: `It is good — Lucía, customer since 2023`."""
    said, _, by = _SAID_BY.sub("\0", text, count=1).partition("\0")
    return said, by


@register.filter
def sentence_case(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]
