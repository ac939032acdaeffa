"""A visit of a member to a page of theirs: who they are, in which language, and how the page is answered.

Owns that nobody sees a page who did not sign in, and that what is decided later is said to be. It must not know what a
page shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _

from sayso.core.program.explain.units import points_name
from sayso.core.program.explain.voice import Language
from sayso.core.program.scalars import LANGUAGES
from sayso.domains.events.act import Undecided
from sayso.domains.insight.portal.me import Me, look
from sayso.domains.insight.portal.offer import Recommending
from sayso.domains.pages.consent_texts import asked_with
from sayso.domains.pages.models import ConsentText
from sayso.domains.people.celebrate import celebrate
from sayso.domains.people.host_token import TokenRefused, member_vouched_for
from sayso.domains.people.models import Member
from sayso.domains.people.sessions import Session
from sayso.domains.sharing.links import MayNotShare
from sayso.domains.workspaces.models import Workspace
from sayso.web.consent_words import consent_words
from sayso.web.embedded import host_token_of
from sayso.web.portal.session import session_in
from sayso.web.share_sheet import links_for
from sayso.web.site.addresses import Site, on_site
from sayso.web.site.pages import LANGUAGE, show, visitor_language

HOME = "/portal/"
SIGN_IN = "/portal/sign-in"


@dataclass
class PortalVisit:
    """Who looks at a page.

    Attributes:
        now: the time, by the calendar; what the workspace's clock shows is `me.now`.
        session: None where the company's token stands for it.
    """

    request: HttpRequest
    site: Site
    member: Member
    session: Session | None
    language: Language
    now: datetime
    _me: Me | None = field(default=None, init=False)

    @property
    def workspace(self) -> Workspace:
        """Whose member they are."""
        return self.site.workspace

    @property
    def me(self) -> Me:
        """The member as they look at their own page; asked anew after something was done."""
        if self._me is None:
            self._me = look(self.workspace, self.member, language=self.language, now=self.now)
        return self._me

    @property
    def is_fresh(self) -> bool:
        """Whether they signed in a moment ago; a token, which may be an hour old, does not say so."""
        return self.session is not None and self.session.is_fresh(self.now)

    def celebrate(self, rewards: set[int]) -> bool:
        """Say whether some rewards arrived that were not celebrated yet; the next time they were."""
        return celebrate(member=self.member, here=rewards)

    def links(self, offer: Recommending) -> dict[str, str]:
        """Return the member's link for each channel of a program, in order.

        There are none where they were barred, and while their code waits to be decided.
        """
        try:
            return links_for(self.site, self.me, offer)
        except (MayNotShare, Undecided):
            return {}

    @property
    def is_embedded(self) -> bool:
        """Whether the page stands inside one of the company's, where there are no cookies of ours."""
        return bool(host_token_of(self.request))

    def show(self, template: str, place: str, **context: Any) -> HttpResponse:
        """Return a page of this room.

        Args:
            template: below `portal/`.
            place: in the navigation, where there is one.
            context: what the page shows.
        """
        frame = {
            "visit": self,
            "place": place,
            "places": self._places(),
            "recommends": self._recommends,
            "home": self.site.path(HOME),
        }
        site, request = self.site, self.request
        return show(request, site, f"portal/{template}", language=self.language, **frame, **context)

    def go(self, path: str) -> HttpResponse:
        """Send the browser to another page, to be asked for anew; `path` is below `/portal/`."""
        response = HttpResponseRedirect(self.site.path(f"{HOME}{path}"), status=HTTPStatus.SEE_OTHER)
        response.headers["Cache-Control"] = "no-store"
        return response

    def consent_text(self, purpose: str) -> ConsentText:
        """Return the text with which consent for one purpose is asked."""
        ours = consent_words(purpose, company=self.site.brand.name)
        return asked_with(workspace=self.workspace, purpose=purpose, language=self.language, ours=ours, now=self.now)

    @property
    def _recommends(self) -> bool:
        return any(each.document.referral for each in self.me.programs)

    def _places(self) -> list[tuple[str, str]]:
        """Where the navigation leads: without a program that has referrals there is nothing to share."""
        found = [("rewards", _("Rewards")), ("points", self._points())]
        if self._recommends:
            found = [("share", _("Share")), ("friends", _("Friends")), *found]
        return [*found, ("me", _("You"))] if self.is_embedded else found

    def _points(self) -> str:
        """What the points are called, where all programs call them the same."""
        names = {points_name(each.document, self.me.voice) for each in self.me.programs if each.unit}
        return names.pop().capitalize() if len(names) == 1 else _("Points")


Page = Callable[..., HttpResponse]


def for_member(page: Callable[..., HttpResponse]) -> Page:
    """Make a view of a page for members who are signed in; others are sent to the sign-in."""

    @wraps(page)
    @on_site
    def view(request: HttpRequest, site: Site, **parts: Any) -> HttpResponse:
        now = datetime.now(UTC)
        session = None if host_token_of(request) else session_in(request, site.workspace, now)
        member = session.member if session else _vouched(request, site, now)
        if member is None:
            return _refused(request, site)
        visit = PortalVisit(
            request=request, site=site, member=member, session=session, language=_language(request, member), now=now
        )
        with translation.override(visit.language):
            try:
                return page(visit, **parts)
            except Undecided:
                return _kept(visit)

    return view


def _kept(visit: PortalVisit) -> HttpResponse:
    """Say that what the member did is stored and done later."""
    response = visit.show("kept.html", "")
    response.status_code = HTTPStatus.ACCEPTED
    return response


def _vouched(request: HttpRequest, site: Site, now: datetime) -> Member | None:
    """Who looks from inside a page of the company's, as its token says; None where none came that is to be believed."""
    try:
        return member_vouched_for(workspace=site.workspace, token=host_token_of(request), now=now)
    except TokenRefused:
        return None


def _refused(request: HttpRequest, site: Site) -> HttpResponse:
    if not host_token_of(request):
        return HttpResponseRedirect(site.path(SIGN_IN), status=HTTPStatus.SEE_OTHER)
    response = show(request, site, "portal/sign_in.html", home=site.path(HOME))
    response.status_code = HTTPStatus.UNAUTHORIZED
    return response


def _language(request: HttpRequest, member: Member) -> Language:
    """The one in the address, else the member's own where it is known, else what the browser asks for."""
    if LANGUAGE not in request.GET and member.language in LANGUAGES:
        return cast(Language, member.language)
    return visitor_language(request)
