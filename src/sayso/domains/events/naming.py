"""By what an event names somebody besides its own member: by code, or by what the company calls them.

Owns what such a name is, and the mark under which the event is found again when that somebody is erased. It must not
know who bears a name.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

TOUCHES = "touches"
# Props by which an event of one member names another as the company does.
NAMING_BY_REF = ("advocate", "other")
NAMING_PROPS = frozenset((TOUCHES, *NAMING_BY_REF))


def touched_codes(props: Mapping[str, Any]) -> set[str]:
    """Return the codes of the touches in an event's props, folded to one case."""
    touches = props.get(TOUCHES)
    found = touches if isinstance(touches, list) else []
    return {str(each.get("code", "")).casefold() for each in found if isinstance(each, dict)}


def named_codes(referral_code: str, props: Mapping[str, Any]) -> set[str]:
    """Return every code that an event gives, folded to one case."""
    return (touched_codes(props) | {referral_code.casefold()}) - {""}


def named_refs(props: Mapping[str, Any]) -> set[str]:
    """Return by what the company calls them whom an event's props name."""
    return {str(props[name]) for name in NAMING_BY_REF if name in props}


def marks_of(referral_code: str, props: Mapping[str, Any]) -> set[int]:
    """Return the marks of all names that an event gives."""
    if NAMING_PROPS.isdisjoint(props):
        return {mark_of(referral_code.casefold())} if referral_code else set()
    return {mark_of(name) for name in named_codes(referral_code, props) | named_refs(props)}


def mark_of(name: str) -> int:
    """Return the mark of a name: short however long that is, and only to be tried with names; two may share one."""
    return int.from_bytes(blake2b(name.encode(errors="surrogatepass"), digest_size=8).digest(), signed=True)
