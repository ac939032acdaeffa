"""The words with which consent is asked where a company wrote none of its own, in the reader's language.

Owns these words, the same in every room: other ones would be another version of the text. They are kept by their
version, so they must not name anybody but the company. A form says which text it shows (`site/asked.html`), and the
answer is noted under that one, also where the words changed while the form was open.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sayso.domains.pages.consent_texts import NoSuchConsentText, text_numbered
from sayso.domains.people.consents import CONTACTED, LISTED, NEWS, REMEMBERED, SHARED, ConsentAnswer
from sayso.domains.workspaces.models import Workspace

_LONGEST_VERSION = 9


def consent_words(purpose: str, *, company: str, days: int = 0) -> str:
    """Return the words for a purpose, one of `people.consents.PURPOSES`.

    Args:
        purpose: what for.
        company: as it calls itself.
        days: for how long a device remembers a recommendation, where that is asked.
    """
    if purpose == NEWS:
        return _("%(company)s may send me news and offers by e-mail. I can change that at any time.") % {
            "company": company
        }
    if purpose == SHARED:
        words = _("Whoever recommended %(company)s to me may see my first name and how far I am, and remind me once.")
        return words % {"company": company}
    if purpose == LISTED:
        return _("My first name and how many friends I brought may stand in the list that other members see.")
    if purpose == CONTACTED:
        return _("They know that I pass their details on to %(company)s, and want to hear from you once.") % {
            "company": company
        }
    assert purpose == REMEMBERED
    return ngettext(
        "Remember on this device who recommended %(company)s to me, for %(days)d day.",
        "Remember on this device who recommended %(company)s to me, for %(days)d days.",
        days,
    ) % {"company": company, "days": days}


def answered(workspace: Workspace, purpose: str, given: bool, posted: Mapping[str, str]) -> ConsentAnswer:
    """Return an answer together with the text that the form showed.

    Args:
        workspace: whose form.
        purpose: what for.
        given: whether the answer is yes.
        posted: the form's fields.

    Raises:
        NoSuchConsentText: the form names no text that was ever asked with.
    """
    language, _dash, version = posted.get(f"asked-{purpose}", "").partition("-")
    if not version.isdecimal() or len(version) > _LONGEST_VERSION:
        raise NoSuchConsentText(f"the form does not say which text for {purpose} it showed")
    text = text_numbered(workspace, purpose, language, int(version))
    return ConsentAnswer(given, text.version, text.language)
