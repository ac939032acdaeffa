"""Whom a friend names by hand: a code, or the name of somebody.

Owns reading what was typed. It must not tell who is known here: a name that nobody bears and one that somebody bears
are met in the same way, so what came of a name is told by mail alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sayso.domains.sharing.names import NameAsked, find_by_name
from sayso.domains.sharing.queries import NoSuchCode, code_named
from sayso.domains.sharing.tries import TooManyTries, wrong_codes
from sayso.web.callers import client_address
from sayso.web.landing.visit import LandingVisit


class Unknown(Exception):
    """Nobody recommends under this code, and it is no name."""


class Ambiguous(Exception):
    """The name is several people's: one more detail is needed."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """Whom a friend named.

    Attributes:
        code: of the advocate; empty where a name led to nobody.
        by_name: a name was typed, so nothing may be shown from which one could tell whether somebody bears it.
    """

    code: str
    by_name: bool


def named_by_hand(visit: LandingVisit, typed: str, detail: str = "") -> ByHand:
    """Return whom the friend names.

    Args:
        visit: to the page.
        typed: a code, however it is written, or a first and a last name.
        detail: one more thing about them.

    Raises:
        Unknown, Ambiguous: as they say.
        TooManyTries: so many were tried from this address that no further one is taken for a while.
    """
    workspace, address = visit.site.workspace, client_address(visit.request.META)
    wrong_codes.check(workspace, address)
    try:
        return ByHand(code_named(workspace, typed).code, by_name=False)
    except NoSuchCode:
        if " " not in typed:
            wrong_codes.note(workspace, address)
            raise Unknown from None
    asked = NameAsked(typed, detail, visit.published.name)
    named = find_by_name(workspace=workspace, asked=asked, address=address)
    if named.ask_more:
        raise Ambiguous
    return ByHand(named.code, by_name=True)


def advocate_problem(error: Exception, *, oneself: bool = False) -> str:
    """Return what to say of a name or a code that did not lead to anybody; `oneself` where it is their own."""
    if isinstance(error, TooManyTries):
        return _("Too many names and codes were tried from here. Please wait a minute.")
    if isinstance(error, Ambiguous):
        return _("Please say a little more about yourself") if oneself else _("Please say a little more about them")
    if oneself:
        return _("We do not know this code. Your first and last name will do too")
    return _("We cannot find this recommendation. Ask your friend for the link or the code")
