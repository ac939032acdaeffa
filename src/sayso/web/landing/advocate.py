"""Whom a friend names by hand: a code, or the name of somebody.

Owns reading what was typed. It must not tell who is known here.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from sayso.domains.sharing.queries import NoSuchCode, code_named
from sayso.domains.sharing.tries import TooManyTries, tries
from sayso.web.landing.visit import Visit
from sayso.web.links import client_address


class Unknown(Exception):
    """Nobody recommends under this code or name."""


class Ambiguous(Exception):
    """The name may be several people's: one more detail is needed."""


def named_code(visit: Visit, typed: str) -> str:
    """Return the code of whom the friend names.

    Args:
        visit: to the page.
        typed: a code, however it is written.

    Raises:
        Unknown, Ambiguous: as they say.
        TooManyTries: so many were wrong from this address that no further one is taken for a while.
    """
    address = client_address(visit.request.META)
    tries.check(address)
    try:
        return code_named(visit.site.workspace, typed).code
    except NoSuchCode:
        tries.note_wrong(address)
        raise Unknown from None


def advocate_problem(error: Exception) -> str:
    """Return what to say of a name or a code that did not lead to anybody."""
    if isinstance(error, TooManyTries):
        return _("Too many names and codes were tried from here. Please wait a minute.")
    if isinstance(error, Ambiguous):
        return _("Please say a little more: the last name too, or their code")
    return _("We cannot find this recommendation. Ask your friend for the link or the code")
