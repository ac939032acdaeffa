"""`/p/PROGRAM/lead`: an advocate hands in a contact of theirs, with that person's consent.

Owns the form. Whether the contact becomes a referral is the program's to decide, and whether we write to them the
workspace's.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from sayso.domains.events.act import Actor
from sayso.domains.outreach.models import MailKind
from sayso.domains.outreach.server import why_nothing_is_sent
from sayso.domains.outreach.switches import switches_of
from sayso.domains.people.consents import CONTACTED, PROP, as_prop
from sayso.domains.referrals.hand_in import SOURCE, Contact, KnownContact, hand_in
from sayso.domains.referrals.opened import NothingOpened
from sayso.domains.sharing.queries import NoSuchCode
from sayso.web.landing.advocate import named_by_hand
from sayso.web.landing.countries import country_of_workspace
from sayso.web.landing.form import ADVOCATE, COUNTRY, DETAIL, KINDS, Form, Kinds, empty_form, read_form
from sayso.web.landing.form_page import FormPage
from sayso.web.landing.ticket import Ticket
from sayso.web.landing.visit import LandingVisit, visit_of
from sayso.web.site.addresses import Site, on_site
from sayso.web.site.pages import gone

# Who fills it in writes of two people. What a browser knows of the advocate must not be filled in as the contact's.
_HERE: Mapping[str, Mapping[str, Any]] = {
    ADVOCATE: {
        "label": gettext_lazy("Who are you?"),
        "hint": gettext_lazy("Your code, or first and last name"),
        "missing": gettext_lazy("Write who you are, or your code"),
    },
    DETAIL: {
        "label": gettext_lazy("One more thing about you"),
        "hint": gettext_lazy("Your town, postcode, e-mail address, or the end of your phone number"),
        "missing": gettext_lazy("Please say a little more about yourself"),
    },
    "name": {"label": gettext_lazy("Their name"), "missing": gettext_lazy("Write their name")},
    "email": {"label": gettext_lazy("Their e-mail address"), "missing": gettext_lazy("Write their e-mail address")},
    "phone": {"label": gettext_lazy("Their phone number"), "missing": gettext_lazy("Write their phone number")},
    "company": {"label": gettext_lazy("Their company"), "missing": gettext_lazy("Write their company")},
    "postcode": {"missing": gettext_lazy("Write their postcode")},
    COUNTRY: {"label": gettext_lazy("Their country")},
    "message": {"label": gettext_lazy("What are they looking for?")},
}
_KINDS: Kinds = {name: replace(kind, autocomplete="off", **_HERE.get(name, {})) for name, kind in KINDS.items()}


@require_http_methods(["GET", "HEAD", "POST"])
@on_site
def lead(request: HttpRequest, site: Site, program: str) -> HttpResponse:
    """Show the form, or take it; 404 where no step of the program is a contact that was handed in."""
    visit = visit_of(request, site, program)
    if not visit.published.takes_leads:
        raise Http404
    if visit.published.offered == "ended":
        return gone(request, site)
    with translation.override(visit.language):
        if request.method == "POST" and visit.published.offered == "now":
            missing = "" if visit.has_ticked(CONTACTED) else _("Please ask them first, and tick the box")
            return _PAGE.answer(visit, read_form(_fields(visit), request.POST, _KINDS), missing=missing)
        form = empty_form(_fields(visit), _KINDS).with_value(COUNTRY, country_of_workspace(site.workspace))
        return _PAGE.show(visit, form)


def _fields(visit: LandingVisit) -> tuple[str, ...]:
    """What is asked of the contact: as on the landing page, where they are, and what they look for."""
    # Whether we may write to somebody depends on their country (TRUST, Privacy and law).
    where = (COUNTRY,) if _writes_to_leads(visit) else ()
    asked = (name for name in visit.landing.form if name != "message")
    return (*visit.by_hand, *asked, *where, "message")


def _writes_to_leads(visit: LandingVisit) -> bool:
    return MailKind.LEAD in switches_of(visit.site.workspace)


def _hand_in(visit: LandingVisit, form: Form, ticket: Ticket) -> HttpResponse:
    # Taken or not, the same words: who recommends here and who is known here is nobody's business.
    with suppress(NothingOpened, NoSuchCode, KnownContact):
        hand_in(
            workspace=visit.site.workspace,
            contact=_contact(visit, form),
            actor=Actor(SOURCE, once=ticket.once),
            now=visit.now,
        )
    return visit.show("handed_in.html")


def _contact(visit: LandingVisit, form: Form) -> Contact:
    known = {name: value for name, value in form.values.items() if value}
    typed, detail = known.pop(ADVOCATE, ""), known.pop(DETAIL, "")
    code = named_by_hand(visit, typed, detail).code if typed else visit.found.clicks[0][0].code
    if not code:
        raise NothingOpened("nobody recommends under this name")
    said = {PROP: as_prop({CONTACTED: visit.answered(CONTACTED)}), "language": visit.language}
    return Contact(code, known, said)


def _more(visit: LandingVisit) -> dict[str, Any]:
    # Of a mail nothing is said where none would leave.
    hears = _writes_to_leads(visit) and not why_nothing_is_sent()
    return {"consent": visit.consent(CONTACTED), "is_ticked": visit.has_ticked(CONTACTED), "hears": hears}


_PAGE = FormPage("lead.html", "handed_in.html", "/lead", _hand_in, _more, names_oneself=True)
