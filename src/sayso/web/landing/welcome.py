"""`/p/PROGRAM/welcome`: what a friend sees right after the sign-up: the reward, its code, and what happens next.

Owns this page. Its address holds a signed ticket and no name, good for this program of this workspace alone; it shows a
code to the browser that signed up, for an hour, and never to somebody who only typed the address of a person who was
known before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from sayso.core.engine.events import SPAN
from sayso.core.program.explain.offers import Offer
from sayso.domains.outreach.models import MailKind
from sayso.domains.outreach.server import why_nothing_is_sent
from sayso.domains.outreach.switches import is_on
from sayso.domains.people.names import first_names
from sayso.domains.referrals.queries import NoSuchReferral, referral_numbered
from sayso.domains.referrals.sign_up import SignedUp
from sayso.domains.rewards.fulfilment.place import provider_for, providers_in, to_hand_over
from sayso.domains.rewards.fulfilment.queries import handed_over, is_empty
from sayso.domains.rewards.models import Reward, Way
from sayso.domains.rewards.queries import rewards_of
from sayso.domains.sharing.click import ON_OUR_PAGES
from sayso.domains.workspaces.models import Workspace
from sayso.web.landing.visit import LandingVisit, visit_of
from sayso.web.site.addresses import Site, on_site
from sayso.web.site.pages import LANGUAGE

VALID_SECONDS = 3600
TICKET = "w"
_LONGEST = 500


class _Shown(NamedTuple):
    """What the address says: whose sign-up at which place of the log, and whether their code may be shown."""

    member: int
    position: int
    referral: int
    may_show: bool


@dataclass(frozen=True, slots=True)
class Got:
    """One reward as the page shows it.

    Attributes:
        what: it is, in a few words.
        conditions: what belongs to it, "for orders of €30 or more, valid for 60 days"; empty where nothing does.
        how: it comes to them: `codes` with which it is used are there, one is `coming`, or
            `awaited` since the pool has none left, a `choice` is still theirs, it comes `by_hand`, it `waits` for
            budget, is `kept` until something else happened, or is `theirs`.
    """

    clause: str
    what: str
    conditions: str
    how: str
    codes: tuple[str, ...]


def welcome_url(visit: LandingVisit, done: SignedUp) -> str:
    """Return where a friend goes after the sign-up."""
    referral = done.referral.id if done.referral else 0
    shown = _Shown(done.member, done.position, referral, not done.was_known)
    asked = {TICKET: signing.dumps(list(shown), salt=_salt(visit)), LANGUAGE: visit.language}
    if visit.found.token:
        asked[ON_OUR_PAGES] = visit.found.token
    return f"{visit.site.path(f'/p/{visit.published.name}')}/welcome?{urlencode(asked)}"


@require_safe
@on_site
def welcome(request: HttpRequest, site: Site, program: str) -> HttpResponse:
    """Show what the sign-up brought."""
    visit = visit_of(request, site, program)
    shown = _read(request.GET.get(TICKET, ""), _salt(visit))
    if shown is None:
        return redirect(visit.path)
    got = _got(visit, shown)
    response = visit.show(
        "welcome.html",
        landing=visit.landing,
        got=got,
        is_coming=any(each.how == "coming" for each in got),
        may_show=shown.may_show,
        # What signing up brings at once and did not bring, as where the budget is spent, never comes.
        later=[each.sentence for each in visit.landing.friend if not each.at_once],
        by_mail=comes_by_mail(visit) and all(each.how not in _NOT_YET for each in got),
        **_about(visit, shown),
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def comes_by_mail(visit: LandingVisit) -> bool:
    """Whether friends are sent a mail with their reward."""
    is_sent = "email" in visit.landing.form and not why_nothing_is_sent()
    return is_sent and is_on(visit.site.workspace.pk, MailKind.WELCOME, country="")


def _salt(visit: LandingVisit) -> str:
    # Members are numbered from one in each workspace: a ticket of another one would name somebody here.
    return f"sayso.landing.welcome.{visit.site.workspace.pk}.{visit.published.name}"


def _read(text: str, salt: str) -> _Shown | None:
    try:
        said = signing.loads(text, salt=salt, max_age=VALID_SECONDS) if len(text) <= _LONGEST else None
    except signing.BadSignature:
        return None
    return _Shown(*said) if said else None


def _about(visit: LandingVisit, shown: _Shown) -> dict[str, Any]:
    workspace = visit.site.workspace
    name = first_names(workspace, [shown.member]).get(shown.member, "") if shown.may_show else ""
    try:
        in_review = bool(shown.referral) and referral_numbered(workspace, shown.referral).status == "in_review"
    except NoSuchReferral:
        in_review = False
    return {"name": name, "in_review": in_review}


def _got(visit: LandingVisit, shown: _Shown) -> list[Got]:
    workspace, first = visit.site.workspace, shown.position * SPAN
    offers = {each.clause: each for each in visit.landing.friend}
    mine = rewards_of(workspace, [shown.member]).filter(
        program=visit.published.name, id__gte=first, id__lt=first + SPAN
    )
    found = []
    codes = handed_over(workspace, [each.id for each in mine]) if shown.may_show else {}
    for reward in mine:
        theirs = tuple(each.code for each in codes.get(reward.id, []) if each.code)
        what, conditions = _in_words(offers[reward.clause]) if reward.clause in offers else ("", "")
        found.append(Got(reward.clause, what, conditions, "codes" if theirs else _how(workspace, reward), theirs))
    return found


def _how(workspace: Workspace, reward: Reward) -> str:
    """How a reward comes that shows no code."""
    if reward.state not in ("approved", "issued"):
        return "waits" if reward.state == "waiting" else "kept"
    if reward.offered:
        return "choice"
    providers, waiting = providers_in(workspace), [item for _, item in to_hand_over(reward)]
    found = [provider_for(providers, item.kind, reward) for item in waiting if item.kind in _WITH_CODE]
    ways = [each for each in found if each]
    if any(each.way == Way.POOL and is_empty(workspace, str(each.settings.get("pool", ""))) for each in ways):
        return "awaited"
    if ways:
        return "coming"
    return "by_hand" if waiting and reward.state == "approved" else "theirs"


def _in_words(offer: Offer) -> tuple[str, str]:
    if not offer.short:
        return offer.sentence, ""
    rest = offer.gifts.removeprefix(offer.short)
    return offer.short, rest.strip(" ()") if rest != offer.gifts else offer.gifts


# Of these no mail tells before they are there.
_NOT_YET = frozenset({"awaited", "waits", "kept"})
# Kinds of which a code is the thing itself.
_WITH_CODE = frozenset({"coupon", "percentage", "gift_card"})
