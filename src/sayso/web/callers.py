"""Where a request came from: the address by which strangers are counted and throttled, and whether a person sent it on
purpose.

Owns whose word is taken for it. It must not count anybody.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from sayso.domains.sharing.tries import household

_AHEAD = ("prefetch", "prerender", "preview")
_SAY_SO = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")


def client_address(environ: Mapping[str, Any]) -> str:
    """Return where a request came from: what the operator's own proxy says of it, where there is one.

    A proxy adds whom it saw at the end; everything before that is whatever the client wrote. Of an address in IPv6 it
    is the household's network: whoever has one has more addresses than anybody could count.
    """
    if settings.BEHIND_PROXY:
        last = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
        if last:
            return household(last)
    return household(str(environ.get("REMOTE_ADDR", "")))


def is_ahead(environ: Mapping[str, Any]) -> bool:
    """Say whether a browser fetches a page for a person who did not ask for it yet."""
    for name in _SAY_SO:
        said = environ.get(name)
        if said and any(word in said.lower() for word in _AHEAD):
            return True
    return False
