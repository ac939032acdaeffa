"""A form of these pages: how it is shown, the checks that it passes when it is sent, and what is said at each.

Owns the order of the checks, and that a form that comes back keeps what was written. It must not know what a form is
for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from sayso.domains.decisions.committer import NotAnswered, TooBusy
from sayso.domains.events.act import KeyReused, NotSayable, Undecided
from sayso.domains.pages.consent_texts import NoSuchConsentText
from sayso.domains.sharing.tries import TooManyTries
from sayso.web.landing.advocate import Ambiguous, Unknown, advocate_problem
from sayso.web.landing.form import ADVOCATE, Form, form_problem
from sayso.web.landing.gate import TRAP, Gate, gatekeeper
from sayso.web.landing.ticket import HIGHEST_NUMBER, Ticket, new_ticket, read_ticket, write_ticket
from sayso.web.landing.visit import LandingVisit


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page with a form.

    Attributes:
        template: of the page.
        arrived: the template that says no more than that the form has arrived.
        below: the form's path, below the program's page.
        take: what is done with what was written; it may raise what `advocate_problem` and `form_problem` know of,
            `Undecided`, `TooBusy` and `NotAnswered`.
        more: what the page shows beside the form.
        names_oneself: who fills it in is the advocate.
    """

    template: str
    arrived: str
    below: str
    take: Callable[[LandingVisit, Form, Ticket], HttpResponse]
    more: Callable[[LandingVisit], Mapping[str, Any]]
    names_oneself: bool = False

    def show(self, visit: LandingVisit, form: Form, *, ticket: Ticket | None = None, problem: str = "") -> HttpResponse:
        """Return the page.

        Args:
            visit: to it.
            form: as it is drawn.
            ticket: of a form that comes back, so that it is the same one when it is sent again.
            problem: with the form as a whole.
        """
        given = ticket or new_ticket(self._place(visit), version=visit.published.version, variant=visit.variant)
        response = visit.show(
            self.template,
            form=form,
            problem=problem,
            ticket=given,
            ticket_text=write_ticket(given),
            trap=TRAP,
            highest_number=HIGHEST_NUMBER,
            **self.more(visit),
        )
        if problem or form.wrong:
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        if visit.found.token:
            # The click in the address is nobody else's to see; our own forms need to know where they come from.
            response.headers["Referrer-Policy"] = "same-origin"
        return response

    def answer(self, visit: LandingVisit, form: Form, *, missing: str = "") -> HttpResponse:
        """Take a form that was sent, or say why not.

        Args:
            visit: with which it came.
            form: what was written.
            missing: what else the form needs before it can be taken; empty where it has it.
        """
        ticket = read_ticket(visit.request.POST.get("ticket", ""), self._place(visit))
        if ticket is None:
            return self.show(visit, form, problem=_("The form was open for too long. Please send it once more."))
        if form.wrong or missing:
            return self.show(visit, form, ticket=ticket, problem=missing)
        met = gatekeeper.meet(visit.request, visit.site.workspace, ticket)
        if met is Gate.ROBOT:
            # A program learns nothing from this: it looks as if all had gone well.
            return visit.show(self.arrived)
        if met is Gate.TOO_SOON:
            problem = _("That was quick. Please press the button once more.")
            return self.show(visit, form, ticket=ticket, problem=problem)
        return self._busy(visit, form, ticket) if met is Gate.TOO_MANY else self._taken(visit, form, ticket)

    def _taken(self, visit: LandingVisit, form: Form, ticket: Ticket) -> HttpResponse:
        try:
            return self.take(visit, form, ticket)
        except (Unknown, TooManyTries) as error:
            return self.show(visit, form.with_wrong(ADVOCATE, self._unknown(error)), ticket=ticket)
        except Ambiguous as error:
            return self.show(visit, form.with_detail(self._unknown(error)), ticket=ticket)
        except (NoSuchConsentText, NotSayable, KeyReused) as error:
            return self.show(visit, form, problem=form_problem(error))
        except Undecided:
            return visit.show(self.arrived)
        except (TooBusy, NotAnswered):
            return self._busy(visit, form, ticket)

    def _unknown(self, error: Exception) -> str:
        return advocate_problem(error, oneself=self.names_oneself)

    def _busy(self, visit: LandingVisit, form: Form, ticket: Ticket) -> HttpResponse:
        problem = _(
            "Many people sign up right now. Please press the button once more in a minute; what you wrote is kept."
        )
        response = self.show(visit, form, ticket=ticket, problem=problem)
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response.headers["Retry-After"] = "60"
        return response

    def _place(self, visit: LandingVisit) -> str:
        return f"{visit.site.workspace.pk}{visit.address}{self.below}"
