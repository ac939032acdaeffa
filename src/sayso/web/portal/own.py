"""`/portal/me`: a member's language, consents and data: to see, to take away, to have erased.

Owns what these pages show, and that what is hard to undo asks for a fresh sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sayso.domains.events.act import Actor
from sayso.domains.insight.portal.export import as_csv, as_json, own_data
from sayso.domains.pages.consent_texts import NoSuchConsentText
from sayso.domains.pages.models import ConsentText
from sayso.domains.people.consents import LISTED, NEWS, SHARED, Consent, ConsentAnswer, answer_consents, consents_of
from sayso.domains.people.sessions import count_sessions, end_sessions
from sayso.domains.people.update import Update, erase_member, update_member
from sayso.domains.referrals.listing import answer_listing, is_listed
from sayso.web.consent_words import answered
from sayso.web.portal.session import forget_session
from sayso.web.portal.visit import PortalVisit, for_member

_ACTOR = Actor("portal", by="member")
_ASKED = (SHARED, NEWS)


@dataclass(frozen=True, slots=True)
class Question:
    """A consent that the member may give or take back.

    Attributes:
        since: the day of their last word on it; empty where they were never asked.
    """

    text: ConsentText
    given: bool
    since: str


@require_safe
@for_member
def me(visit: PortalVisit) -> HttpResponse:
    """Show what is known and what may be changed."""
    return visit.show(
        "me.html",
        "me",
        questions=_questions(visit),
        listing=visit.consent_text(LISTED),
        is_listed=is_listed(visit.workspace, visit.member.id),
        titles={each.name: visit.me.title(each) for each in visit.me.programs},
        saved=visit.request.GET.get("saved", ""),
        sessions=count_sessions(visit.member, visit.now),
    )


@require_POST
@for_member
def language(visit: PortalVisit) -> HttpResponse:
    """Remember the member's language."""
    wanted = visit.request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        update = Update(language=wanted)
        update_member(workspace=visit.workspace, member=visit.member.ref, update=update, actor=_ACTOR, now=visit.now)
    return visit.go("me?saved=language")


@require_POST
@for_member
def consents(visit: PortalVisit) -> HttpResponse:
    """Note what the member allows, with the text they were asked with."""
    post = visit.request.POST
    before = consents_of(visit.workspace, visit.member.id)
    try:
        said = {each: answered(visit.workspace, each, bool(post.get(f"consent-{each}")), post) for each in _ASKED}
    except NoSuchConsentText:
        return visit.go("me")
    answers = {purpose: asked for purpose, asked in said.items() if _is_new(asked, before.get(purpose))}
    if answers:
        answer_consents(
            workspace=visit.workspace, member=visit.member.ref, answers=answers, actor=_ACTOR, now=visit.now
        )
    return visit.go("me?saved=consents")


@require_POST
@for_member
def listing(visit: PortalVisit) -> HttpResponse:
    """Put the member on the list of those who recommended most, or take them off it."""
    post = visit.request.POST
    where = ("friends", "friends") if post.get("from") == "friends" else ("me", "me?saved=listing")
    try:
        asked = answered(visit.workspace, LISTED, bool(post.get("listed")), post)
    except NoSuchConsentText:
        return visit.go(where[0])
    answer_listing(workspace=visit.workspace, member=visit.member, asked=asked, now=visit.now)
    return visit.go(where[1])


@require_POST
@for_member
def sessions(visit: PortalVisit) -> HttpResponse:
    """Sign the member out wherever they are signed in."""
    end_sessions(workspace=visit.workspace, member=visit.member, now=visit.now)
    response = visit.go("me" if visit.is_embedded else "sign-in")
    forget_session(response, visit.workspace)
    return response


@require_safe
@for_member
def data(visit: PortalVisit, form: str) -> HttpResponse:
    """Hand over everything that is known about the member."""
    if not visit.is_fresh:
        return _sign_in_again(visit)
    tables, is_json = own_data(visit.me), form == "json"
    content = as_json(tables) if is_json else as_csv(tables)
    response = HttpResponse(content, content_type="application/json" if is_json else "application/zip")
    name = "my-data.json" if is_json else "my-data.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_member
def erasure(visit: PortalVisit) -> HttpResponse:
    """Say what erasing means; posted, with a yes, erase the member."""
    if not visit.is_fresh:
        return _sign_in_again(visit)
    if visit.request.method != "POST" or not visit.request.POST.get("sure"):
        return visit.show("erasure.html", "me", asked=visit.request.method == "POST")
    erase_member(workspace=visit.workspace, member=visit.member.ref, actor=_ACTOR, now=visit.now)
    response = visit.show("erased.html", "")
    forget_session(response, visit.workspace)
    return response


def _sign_in_again(visit: PortalVisit) -> HttpResponse:
    return visit.go("sign-in?again=1")


def _questions(visit: PortalVisit) -> list[Question]:
    known = consents_of(visit.workspace, visit.member.id)
    return [_question(visit, visit.consent_text(purpose), known.get(purpose)) for purpose in _ASKED]


def _question(visit: PortalVisit, text: ConsentText, known: Consent | None) -> Question:
    return Question(text, known.given, visit.me.day(known.at)) if known else Question(text, False, "")


def _is_new(asked: ConsentAnswer, before: Consent | None) -> bool:
    """Whether an answer says more than the last one: the same yes under another text does."""
    if before is None:
        return asked.given
    other_text = (asked.version, asked.language) != (before.version, before.language)
    return asked.given != before.given or (asked.given and other_text)
