"""`/p/PROGRAM/lead`: an advocate hands in a contact of theirs, with that person's consent.

Owns the form. Whether the contact becomes a referral is the program's to decide, and whether we write to them the
workspace's.
"""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from sayso.domains.decisions.committer import NotAnswered, TooBusy
from sayso.domains.events.act import Actor, KeyReused, NotSayable, Undecided
from sayso.domains.outreach.models import MailKind
from sayso.domains.outreach.switches import switches_of
from sayso.domains.pages.consent_texts import NoSuchConsentText
from sayso.domains.people.consents import CONTACTED, PROP, as_prop
from sayso.domains.referrals.hand_in import Contact, KnownContact, hand_in
from sayso.domains.referrals.opened import NothingOpened
from sayso.domains.sharing.queries import NoSuchCode
from sayso.domains.sharing.tries import TooManyTries
from sayso.web.landing.advocate import Ambiguous, Unknown, advocate_problem, named_by_hand
from sayso.web.landing.countries import country_of_workspace
from sayso.web.landing.form import (
    ADVOCATE,
    COUNTRY,
    DETAIL,
    KINDS,
    Field,
    Form,
    Kind,
    empty_form,
    form_problem,
    read_form,
)
from sayso.web.landing.gate import TRAP, Gate, gatekeeper
from sayso.web.landing.ticket import HIGHEST_NUMBER, Ticket, new_ticket, read_ticket, write_ticket
from sayso.web.landing.visit import Visit, visit_of
from sayso.web.site import Site, on_site
from sayso.web.site_pages import gone

SOURCE = "landing"
_LABELS = {
    ADVOCATE: gettext_lazy("Who are you?"),
    "name": gettext_lazy("Their name"),
    "email": gettext_lazy("Their e-mail address"),
    "phone": gettext_lazy("Their phone number"),
    "company": gettext_lazy("Their company"),
    COUNTRY: gettext_lazy("Their country"),
    "message": gettext_lazy("What are they looking for?"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@on_site
def lead(request: HttpRequest, site: Site, program: str) -> HttpResponse:
    """Show the form, or take it."""
    visit = visit_of(request, site, program)
    if visit.published.offered == "ended":
        return gone(request, site)
    with translation.override(visit.language):
        if request.method == "POST" and visit.published.offered == "now":
            return _take(visit)
        return _page(visit, empty_form(_fields(visit)).with_value(COUNTRY, country_of_workspace(site.workspace)))


def _fields(visit: Visit) -> tuple[str, ...]:
    """What is asked of the contact: as on the landing page, where they are, and what they look for."""
    # Whether we may write to somebody depends on their country (TRUST, Privacy and law).
    where = (COUNTRY,) if MailKind.LEAD in switches_of(visit.site.workspace) else ()
    asked = (name for name in visit.landing.form if name != "message")
    return (*visit.by_hand, *asked, *where, "message")


def _take(visit: Visit) -> HttpResponse:
    form = read_form(_fields(visit), visit.request.POST)
    ticket = read_ticket(visit.request.POST.get("ticket", ""), _place(visit))
    if ticket is None:
        return _page(visit, form, problem=_("The form was open for too long. Please send it once more."))
    if not visit.has_ticked(CONTACTED):
        return _page(visit, form, ticket=ticket, problem=_("Please ask them first, and tick the box"))
    if form.wrong:
        return _page(visit, form, ticket=ticket)
    met = gatekeeper.meet(visit.request, visit.site.workspace, ticket)
    if met is Gate.TOO_SOON:
        return _page(visit, form, ticket=ticket, problem=_("That was quick. Please press the button once more."))
    if met is Gate.TOO_MANY:
        return _busy(visit, form, ticket)
    return _hand_in(visit, form, ticket) if met is Gate.OPEN else visit.show("handed_in.html")


def _hand_in(visit: Visit, form: Form, ticket: Ticket) -> HttpResponse:
    try:
        hand_in(
            workspace=visit.site.workspace,
            contact=_contact(visit, form),
            actor=Actor(SOURCE, once=ticket.once),
            now=visit.now,
        )
    except (Unknown, TooManyTries) as error:
        return _page(visit, form.with_wrong(ADVOCATE, advocate_problem(error)), ticket=ticket)
    except Ambiguous as error:
        return _page(visit, form.with_detail(advocate_problem(error)), ticket=ticket)
    except (NoSuchConsentText, NotSayable, KeyReused) as error:
        return _page(visit, form, problem=form_problem(error))
    except (TooBusy, NotAnswered):
        return _busy(visit, form, ticket)
    except (Undecided, NothingOpened, NoSuchCode, KnownContact):
        # Taken or not, the same words: who recommends here and who is known here is nobody's business.
        pass
    return visit.show("handed_in.html")


def _contact(visit: Visit, form: Form) -> Contact:
    known = {name: value for name, value in form.values.items() if value}
    typed, detail = known.pop(ADVOCATE, ""), known.pop(DETAIL, "")
    code = named_by_hand(visit, typed, detail).code if typed else visit.found.clicks[0][0].code
    if not code:
        raise NothingOpened("nobody recommends under this name")
    said = {PROP: as_prop({CONTACTED: visit.answered(CONTACTED)}), "language": visit.language}
    return Contact(code, known, said)


def _page(visit: Visit, form: Form, *, ticket: Ticket | None = None, problem: str = "") -> HttpResponse:
    given = ticket or new_ticket(_place(visit), version=visit.published.version)
    response = visit.show(
        "lead.html",
        form=Form(tuple(_labelled(field) for field in form.fields)),
        problem=problem,
        ticket=given,
        ticket_text=write_ticket(given),
        trap=TRAP,
        highest_number=HIGHEST_NUMBER,
        consent=visit.consent(CONTACTED),
        is_ticked=visit.has_ticked(CONTACTED),
    )
    if problem or form.wrong:
        response.status_code = 422
    if visit.found.token:
        response.headers["Referrer-Policy"] = "same-origin"
    return response


def _labelled(field: Field) -> Field:
    kind: Kind = KINDS[field.name]
    # What a browser knows of the advocate must not be filled in as the contact's.
    return replace(field, kind=replace(kind, label=_LABELS.get(field.name, kind.label), autocomplete="off"))


def _busy(visit: Visit, form: Form, ticket: Ticket) -> HttpResponse:
    problem = _("Many people sign up right now. Please press the button once more in a minute; what you wrote is kept.")
    response = _page(visit, form, ticket=ticket, problem=problem)
    response.status_code = 429
    response.headers["Retry-After"] = "60"
    return response


def _place(visit: Visit) -> str:
    return f"{visit.site.workspace.pk}/{visit.published.name}/lead"
