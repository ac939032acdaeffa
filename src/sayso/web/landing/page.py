"""`/p/PROGRAM`: the landing page, and the sign-up that its form brings.

Owns the way from the form to the verb, and what is said to whom the program refuses. It must not decide who gets what.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST

from sayso.domains.events.act import Actor
from sayso.domains.people.consents import REMEMBERED
from sayso.domains.referrals.sign_up import AlreadyHere, OwnRecommendation, SignedUp, SignUp, sign_up
from sayso.web.landing.advocate import ByHand, named_by_hand
from sayso.web.landing.form import ADVOCATE, DETAIL, Form, empty_form, read_form
from sayso.web.landing.form_page import FormPage
from sayso.web.landing.picture import picture_url
from sayso.web.landing.recommended import forget, may_remember, remember
from sayso.web.landing.said import refusal_words
from sayso.web.landing.structured import structured_data
from sayso.web.landing.ticket import Ticket
from sayso.web.landing.visit import ASKED_ON_SIGN_UP, LandingVisit, visit_of
from sayso.web.landing.welcome import comes_by_mail, welcome_url
from sayso.web.site.addresses import Site, on_site
from sayso.web.site.pages import gone

SOURCE = "landing"


@require_http_methods(["GET", "HEAD", "POST"])
@on_site
def landing(request: HttpRequest, site: Site, program: str, account: str = "") -> HttpResponse:
    """Show the page, or take its form."""
    visit = visit_of(request, site, program, account)
    if visit.published.offered == "ended":
        return gone(request, site)
    if request.method == "POST" and visit.published.offered == "now":
        with translation.override(visit.language):
            return _PAGE.answer(visit, read_form(visit.fields, request.POST))
    visit.count_view()
    if visit.published.offered == "now" and visit.is_in_vain:
        return _refused(visit, *refusal_words("not_counting"))
    return _PAGE.show(visit, empty_form(visit.fields))


@require_POST
@on_site
def remember_click(request: HttpRequest, site: Site, program: str) -> HttpResponse:
    """Keep who recommended, on the word of the visitor, and go back to the page."""
    visit = visit_of(request, site, program)
    response = redirect(f"{visit.path}?{_asked(visit)}kept=1")
    if visit.found.token and may_remember(request) and request.POST.get(REMEMBERED):
        remember(response, visit.found, days=visit.published.days_remembered)
    return response


def _sign_up(visit: LandingVisit, form: Form, ticket: Ticket) -> HttpResponse:
    by_hand = _by_hand(visit, form)
    said, actor = _said(visit, form, ticket, by_hand), Actor(SOURCE, once=ticket.once)
    try:
        done = sign_up(workspace=visit.site.workspace, said=said, actor=actor, now=visit.now)
    except AlreadyHere:
        return _refused(visit, *refusal_words("not_new"))
    except OwnRecommendation:
        # Who knows a name and an address must not learn that they belong together.
        return _refused(visit, *refusal_words("not_new" if by_hand.by_name else "self"))
    if not done.is_repeat and not visit.account:
        visit.count_sign_up(ticket.variant)
    return _done(visit, done, by_name=by_hand.by_name)


def _done(visit: LandingVisit, done: SignedUp, *, by_name: bool) -> HttpResponse:
    if by_name:
        return visit.show("noted.html", by_name=True, by_mail=comes_by_mail(visit))
    if done.refusal:
        return _refused(visit, *refusal_words(done.refusal))
    response = redirect(welcome_url(visit, done))
    if visit.found.is_remembered:
        forget(response, visit.site)
    return response


def _by_hand(visit: LandingVisit, form: Form) -> ByHand:
    typed = form.values.get(ADVOCATE, "")
    return named_by_hand(visit, typed, form.values.get(DETAIL, "")) if typed else ByHand("", by_name=False)


def _said(visit: LandingVisit, form: Form, ticket: Ticket, by_hand: ByHand) -> SignUp:
    return SignUp(
        visit.published.name,
        {name: value for name, value in form.values.items() if name not in (ADVOCATE, DETAIL)},
        visit.language,
        ticket.version,
        code=by_hand.code,
        touches=visit.found.touches,
        page={"variant": ticket.variant, "account": visit.account},
        consents={purpose: visit.answered(purpose) for purpose in ASKED_ON_SIGN_UP},
    )


# --- what is shown ----------------------------------------------------------------------------------------------------


def _more(visit: LandingVisit) -> dict[str, Any]:
    return {
        "said": visit.said,
        "landing": visit.landing,
        "picture_url": visit.site.url(picture_url(visit)),
        "page_url": visit.site.url(visit.address),
        "data": structured_data(visit),
        "offer_to_remember": _offer_to_remember(visit),
        "consents": visit.consents(),
    }


def _offer_to_remember(visit: LandingVisit) -> Any:
    from_link = visit.found.token and not visit.found.is_remembered
    return visit.consent(REMEMBERED) if from_link and may_remember(visit.request) else None


def _refused(visit: LandingVisit, title: str, text: str) -> HttpResponse:
    return visit.show("refused.html", refusal=title, why=text)


def _asked(visit: LandingVisit) -> str:
    return f"t={visit.found.token}&language={visit.language}&" if visit.found.token else f"language={visit.language}&"


_PAGE = FormPage("page.html", "noted.html", "", _sign_up, _more)
