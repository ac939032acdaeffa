"""`/p/PROGRAM`: the landing page, and the sign-up that its form brings.

Owns the way from the form to the verb, and what is said when it does not work. It must not decide who gets what.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sayso.domains.decisions.committer import NotAnswered, TooBusy
from sayso.domains.events.act import Actor, KeyReused, NotSayable, Undecided
from sayso.domains.pages.consent_texts import NoSuchConsentText
from sayso.domains.people.consents import REMEMBERED
from sayso.domains.referrals.sign_up import AlreadyHere, OwnRecommendation, SignedUp, SignUp, sign_up
from sayso.domains.sharing.tries import TooManyTries
from sayso.web.landing.advocate import Ambiguous, ByHand, Unknown, advocate_problem, named_by_hand
from sayso.web.landing.form import ADVOCATE, DETAIL, Form, empty_form, form_problem, read_form
from sayso.web.landing.gate import TRAP, Gate, gatekeeper
from sayso.web.landing.picture import picture_url
from sayso.web.landing.recommended import forget, may_remember, remember
from sayso.web.landing.said import refusal_words
from sayso.web.landing.structured import structured_data
from sayso.web.landing.ticket import HIGHEST_NUMBER, Ticket, new_ticket, read_ticket, write_ticket
from sayso.web.landing.visit import ASKED_ON_SIGN_UP, Visit, visit_of
from sayso.web.landing.welcome import comes_by_mail, welcome_url
from sayso.web.site import Site, on_site
from sayso.web.site_pages import gone

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
            return _take(visit)
    visit.count_view()
    return _page(visit, empty_form(visit.fields))


@require_POST
@on_site
def remember_click(request: HttpRequest, site: Site, program: str) -> HttpResponse:
    """Keep who recommended, on the word of the visitor, and go back to the page."""
    visit = visit_of(request, site, program)
    response = redirect(f"{visit.path}?{_asked(visit)}kept=1")
    if visit.found.token and may_remember(request) and request.POST.get(REMEMBERED):
        remember(response, visit.found)
    return response


def _take(visit: Visit) -> HttpResponse:
    ticket = read_ticket(visit.request.POST.get("ticket", ""), _place(visit))
    form = read_form(visit.fields, visit.request.POST)
    if ticket is None:
        return _page(visit, form, problem=_("The form was open for too long. Please send it once more."))
    met = gatekeeper.meet(visit.request, visit.site.workspace, ticket) if not form.wrong else Gate.OPEN
    if met is Gate.ROBOT:
        # A program learns nothing from this: it looks as if all had gone well.
        return visit.show("noted.html")
    if met is not Gate.OPEN:
        return _not_now(visit, form, met, ticket)
    return _sign_up(visit, form, ticket) if not form.wrong else _page(visit, form, ticket=ticket)


def _sign_up(visit: Visit, form: Form, ticket: Ticket) -> HttpResponse:
    try:
        by_hand = _by_hand(visit, form)
        said, actor = _said(visit, form, ticket, by_hand), Actor(SOURCE, once=ticket.once)
        done = sign_up(workspace=visit.site.workspace, said=said, actor=actor, now=visit.now)
    except (Unknown, TooManyTries) as error:
        return _page(visit, form.with_wrong(ADVOCATE, advocate_problem(error)), ticket=ticket)
    except Ambiguous as error:
        return _page(visit, form.with_detail(advocate_problem(error)), ticket=ticket)
    except AlreadyHere:
        return _refused(visit, *refusal_words("not_new"))
    except OwnRecommendation:
        # Who knows a name and an address must not learn that they belong together.
        return _refused(visit, *refusal_words("not_new" if by_hand.by_name else "self"))
    except (NoSuchConsentText, NotSayable, KeyReused) as error:
        return _page(visit, form, problem=form_problem(error))
    except Undecided:
        return visit.show("noted.html")
    except (TooBusy, NotAnswered):
        return _busy(visit, form, ticket)
    if not done.is_repeat and not visit.account:
        visit.count_sign_up(ticket.variant)
    return _done(visit, done, by_name=by_hand.by_name)


def _done(visit: Visit, done: SignedUp, *, by_name: bool) -> HttpResponse:
    if by_name:
        return visit.show("noted.html", by_name=True, by_mail=comes_by_mail(visit))
    if done.refusal:
        return _refused(visit, *refusal_words(done.refusal))
    response = redirect(welcome_url(visit, done))
    if visit.found.is_remembered:
        forget(response, visit.site)
    return response


def _by_hand(visit: Visit, form: Form) -> ByHand:
    typed = form.values.get(ADVOCATE, "")
    return named_by_hand(visit, typed, form.values.get(DETAIL, "")) if typed else ByHand("", by_name=False)


def _said(visit: Visit, form: Form, ticket: Ticket, by_hand: ByHand) -> SignUp:
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


def _page(visit: Visit, form: Form, *, ticket: Ticket | None = None, problem: str = "") -> HttpResponse:
    # A form that comes back keeps its ticket: sent again, it is the same sign-up.
    given = ticket or new_ticket(_place(visit), version=visit.published.version, variant=visit.variant)
    response = visit.show(
        "page.html",
        said=visit.said,
        landing=visit.landing,
        form=form,
        problem=problem,
        ticket=given,
        ticket_text=write_ticket(given),
        trap=TRAP,
        picture_url=visit.site.url(picture_url(visit)),
        page_url=visit.site.url(visit.address),
        data=structured_data(visit),
        offer_to_remember=_offer_to_remember(visit),
        consents=visit.consents(),
        highest_number=HIGHEST_NUMBER,
    )
    if problem or form.wrong:
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    if visit.found.token:
        # The click in the address is nobody else's to see (TRUST); our own forms need to know where they come from.
        response.headers["Referrer-Policy"] = "same-origin"
    return response


def _offer_to_remember(visit: Visit) -> Any:
    from_link = visit.found.token and not visit.found.is_remembered
    return visit.consent(REMEMBERED) if from_link and may_remember(visit.request) else None


def _refused(visit: Visit, title: str, text: str) -> HttpResponse:
    return visit.show("refused.html", refusal=title, why=text)


def _not_now(visit: Visit, form: Form, met: Gate, ticket: Ticket) -> HttpResponse:
    if met is Gate.TOO_SOON:
        return _page(visit, form, ticket=ticket, problem=_("That was quick. Please press the button once more."))
    return _busy(visit, form, ticket)


def _busy(visit: Visit, form: Form, ticket: Ticket) -> HttpResponse:
    problem = _("Many people sign up right now. Please press the button once more in a minute; what you wrote is kept.")
    response = _page(visit, form, ticket=ticket, problem=problem)
    response.status_code = HTTPStatus.TOO_MANY_REQUESTS
    response.headers["Retry-After"] = "60"
    return response


def _place(visit: Visit) -> str:
    return f"{visit.site.workspace.pk}{visit.address}"


def _asked(visit: Visit) -> str:
    return f"t={visit.found.token}&language={visit.language}&" if visit.found.token else f"language={visit.language}&"
