"""The words of a landing page that neither the document nor the program has, in the visitor's language.

Owns these words. It must not know a request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from sayso.domains.pages.landing import Landing, Question
from sayso.domains.referrals.sign_up import Refusal
from sayso.domains.rewards.cover import Cover


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says.

    Attributes:
        gets: what the friend gets, and when, in a sentence or two.
        thanks: what whoever recommended gets; empty where it is nothing.
        questions: the document's, and those that every friend has.
    """

    headline: str
    offer: str
    gets: tuple[str, ...]
    thanks: str
    call_to_action: str
    questions: tuple[Question, ...]


def say(landing: Landing, *, name: str, company: str, cover: Cover = "now") -> Said:
    """Return what a page says.

    Args:
        landing: what the document and the program say.
        name: the first name of whoever recommended; empty where it is not known.
        company: as it calls itself.
        cover: whether the budget reaches for what a friend gets at once; what it does not reach for is on no button.
    """
    return Said(
        landing.headline or _headline(landing, company, cover),
        landing.offer,
        tuple(_gets(landing, cover)),
        _thanks(landing, name),
        landing.call_to_action or _call(landing, cover),
        (*landing.questions, *_asked_by_all(landing, name)),
    )


def _headline(landing: Landing, company: str, cover: Cover) -> str:
    promised = [each for each in landing.friend if not (each.at_once and cover == "never")]
    gift = next((each.headline for each in promised if each.headline), "")
    if not gift:
        return _("Welcome to %(company)s, on a friend’s word") % {"company": company}
    return _("%(gift)s for you") % {"gift": gift[:1].upper() + gift[1:]}


def _gets(landing: Landing, cover: Cover) -> list[str]:
    said = []
    for offer in landing.friend:
        if offer.gifts and offer.at_once and cover == "now":
            said.append(_("You get %(gifts)s as soon as you sign up.") % {"gifts": offer.gifts})
        else:
            said.append(offer.sentence)
    return said


def _thanks(landing: Landing, name: str) -> str:
    plain = [each.gifts for each in landing.advocate if each.gifts]
    if not landing.advocate:
        return ""
    if not plain and name:
        return _("If you join, %(name)s gets a reward too.") % {"name": name}
    if not plain:
        return _("If you join, whoever recommended us gets a reward too.")
    said = {"name": name, "gifts": plain[0]}
    thanks = (
        _("If it works out, %(name)s gets %(gifts)s for it.") % said
        if name
        else _("If it works out, whoever recommended us gets %(gifts)s for it.") % said
    )
    return f"{thanks} {_('That is not all: the terms say the rest.')}" if landing.advocate[1:] else thanks


def _call(landing: Landing, cover: Cover) -> str:
    """What the button says: no gift that comes only later."""
    at_once = [each for each in landing.friend if each.at_once and cover == "now"]
    if not at_once:
        return _("Sign me up")
    worth = next((each.worth for each in at_once if each.worth), "")
    return _("Get my %(worth)s") % {"worth": worth} if worth else _("Get my welcome gift")


def _asked_by_all(landing: Landing, name: str) -> list[Question]:
    found = []
    if landing.eligible:
        found.append(Question(_("Who is this for?"), " ".join(landing.eligible)))
    seen = _(
        "Only that somebody took up the recommendation. Your first name and how far you are only if you tick the box."
    )
    asked = _("What does %(name)s see of me?") % {"name": name} if name else _("What does my friend see of me?")
    return [*found, Question(asked, seen)]


def refusal_words(refusal: Refusal | Literal["not_counting"]) -> tuple[str, str]:
    """Return why somebody does not get the offer, kindly: a title and a sentence.

    Args:
        refusal: as the sign-up told it; `not_counting` before it, where nobody who sent the
            friend may recommend now.
    """
    return {
        "self": (
            _("This one is for a friend"),
            _("It looks as if this recommendation is your own. Send it to a friend, and both of you get something."),
        ),
        "not_new": (
            _("Good to see you again"),
            _("This welcome is for people who are new here, and you are with us already. You can recommend us too."),
        ),
        "already_referred": (
            _("Somebody was quicker"),
            _("Another friend recommended us to you before, and that one counts. What you were promised still holds."),
        ),
        "too_late": (
            _("This recommendation is too old"),
            _("It was open for a while and has ended. Ask whoever sent it for a new one: it takes them a moment."),
        ),
        "not_counting": (
            _("This recommendation does not count right now"),
            _("Whoever sent it may not recommend us at the moment, so no gift comes with it. Ask another friend."),
        ),
        "not_running": (
            _("Not open right now"),
            _("Nobody can take up this offer at the moment. What was promised before still holds."),
        ),
    }.get(
        refusal,
        (
            _("You are in, without the welcome gift"),
            _("Your sign-up has arrived, but this recommendation does not count for the offer. The terms say why."),
        ),
    )
