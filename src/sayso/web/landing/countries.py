"""The countries of a form, by their names in the reader's language.

Owns the list, and which country a workspace is in. It must not know who may be written to where.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Set
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from sayso.domains.workspaces.models import Workspace


@lru_cache
def countries_in(language: str) -> tuple[tuple[str, str], ...]:
    """Return the countries as (ISO 3166 code, name), in the order of their names."""
    names = Locale(language).territories
    return tuple(sorted(((code, names[code]) for code in _known()), key=_by_name))


def country_of_workspace(workspace: Workspace) -> str:
    """Return the country that a workspace's days are of, by its time zone (CLDR); empty where that is no country's."""
    found = str(get_global("zone_territories").get(workspace.timezone, ""))
    return found if found in _known() else ""


def _known() -> Set[str]:
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415 - it is large, and most processes show no such list

    return SUPPORTED_REGIONS


def _by_name(country: tuple[str, str]) -> bytes:
    # Åland stands between Afghanistan and Albania, as people look for it, not behind Z.
    return unicodedata.normalize("NFKD", country[1]).casefold().encode("ascii", "ignore")
