"""One visit to a page of a program: what is shown, to whom, in which words.

Owns putting these together. It must not write anything but the count of views.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation

from sayso.core.program.explain.voice import Language
from sayso.domains.pages.consent_texts import asked_with
from sayso.domains.pages.counting import count_sign_up, count_view
from sayso.domains.pages.landing import Landing, Published, landing_of, published_page, takes_referrals
from sayso.domains.pages.models import ConsentText
from sayso.domains.pages.variants import variant_for
from sayso.domains.people.consents import NEWS, SHARED, ConsentAnswer
from sayso.domains.programs.queries import NoSuchProgram
from sayso.domains.referrals.groups import may_recommend_now
from sayso.domains.rewards.cover import Cover, cover_of
from sayso.domains.sharing.clicks import is_robot
from sayso.domains.workspaces.clock import now_in
from sayso.web.callers import is_ahead
from sayso.web.consent_words import answered, consent_words
from sayso.web.landing.form import ADVOCATE, DETAIL
from sayso.web.landing.recommended import Recommended, recommended
from sayso.web.landing.said import Said, say
from sayso.web.site.addresses import Site
from sayso.web.site.pages import language_links, show, visitor_language

# Whoever has no click and no cookie is told apart by this, for as long as they stay on the page.
VISITOR = "v"
ASKED_ON_SIGN_UP = (SHARED, NEWS)


@dataclass(frozen=True)
class LandingVisit:
    """One visit.

    Attributes:
        visitor: what stays the same from one view to the next, if anything does.
        now: the time.
        account: whose page it is, with words of its own; empty for everybody's.
    """

    request: HttpRequest
    site: Site
    published: Published
    language: Language
    found: Recommended
    visitor: str
    now: datetime
    account: str = ""

    @cached_property
    def variant(self) -> str:
        """Which variant of the page the visitor sees."""
        return "" if self.account else variant_for(self.published.name, self.published.variants, self.visitor)

    @cached_property
    def landing(self) -> Landing:
        """What the document and the program say."""
        return landing_of(self.published, language=self.language, variant=self.variant, account=self.account)

    @cached_property
    def said(self) -> Said:
        """Every word of the page."""
        with translation.override(self.language):
            return say(self.landing, name=self.found.name, company=self.site.brand.name, cover=self.cover)

    @cached_property
    def plain(self) -> Said:
        """The words of the page as anybody sees them who was sent by nobody: without a variant or a name."""
        with translation.override(self.language):
            return say(landing_of(self.published, language=self.language), name="", company=self.site.brand.name)

    @cached_property
    def cover(self) -> Cover:
        """Whether the budget reaches for what a friend gets at once."""
        at_once = [each.clause for each in self.landing.friend if each.at_once]
        return cover_of(self.site.workspace, self.published.name, self.published.version, at_once)

    @cached_property
    def is_in_vain(self) -> bool:
        """Whether nobody by whose recommendation the visitor came may recommend any more."""
        return bool(self.found.clicks) and not any(
            may_recommend_now(self.site.workspace, self.published.name, each, now=self.now)
            for each in self.found.advocates
        )

    @property
    def fields(self) -> tuple[str, ...]:
        """What the form asks: who recommended, too, where nothing says so."""
        return (*self.by_hand, *self.landing.form)

    @property
    def by_hand(self) -> tuple[str, ...]:
        """The fields that say who recommended: a detail too where a name was not enough."""
        if self.found.clicks:
            return ()
        return (ADVOCATE, DETAIL) if DETAIL in self.request.POST else (ADVOCATE,)

    def show(self, template: str, **context: Any) -> HttpResponse:
        """Return a page of this room, in the visitor's language."""
        site, program = self.site, self.published.name
        paths = {"program_path": site.path(f"/p/{program}")}
        frame = {
            **paths,
            "visit": self,
            "terms_url": site.path(f"/terms/{program}"),
            "portal_url": site.path("/portal/"),
            "languages": language_links(self.request, self.language, self.published.languages),
        }
        return show(self.request, site, f"landing/{template}", language=self.language, **frame, **context)

    @property
    def path(self) -> str:
        """The page itself."""
        return self.site.path(self.address)

    @property
    def address(self) -> str:
        """The page itself, as a path within the site."""
        return f"/p/{self.published.name}{f'/for/{self.account}' if self.account else ''}"

    def consents(self, purposes: tuple[str, ...] = ASKED_ON_SIGN_UP) -> list[ConsentText]:
        """Return the texts with which consent is asked."""
        return [self.consent(purpose) for purpose in purposes]

    def consent(self, purpose: str) -> ConsentText:
        """Return the text with which consent for one purpose is asked."""
        with translation.override(self.language):
            days = self.published.days_remembered
            ours = consent_words(purpose, company=self.site.brand.name, days=days)
        return asked_with(
            workspace=self.site.workspace, purpose=purpose, language=self.language, ours=ours, now=self.now
        )

    def has_ticked(self, purpose: str) -> bool:
        """Whether the form that was sent says yes to a question for consent."""
        return bool(self.request.POST.get(f"consent-{purpose}"))

    def answered(self, purpose: str) -> ConsentAnswer:
        """Return what the form that was sent answers to a question for consent, with the text that it showed.

        Raises:
            NoSuchConsentText: it showed none that was ever asked with.
        """
        return answered(self.site.workspace, purpose, self.has_ticked(purpose), self.request.POST)

    def count_view(self) -> None:
        """Count that a person saw the page: no robot, no preview, nothing that a browser fetched ahead."""
        person = not is_ahead(self.request.META) and not is_robot(self.request.headers.get("User-Agent", ""))
        # The figures compare variants; the page of one account is none of them.
        if self.request.method == "GET" and person and not self.account:
            count_view(self.site.workspace, self.published.name, self.variant, self._day)

    def count_sign_up(self, variant: str) -> None:
        """Count that somebody signed up through the page."""
        count_sign_up(self.site.workspace, self.published.name, variant, self._day)

    @property
    def _day(self) -> int:
        workspace = self.site.workspace
        return now_in(workspace, self.now).astimezone(workspace.zone).toordinal()


def visit_of(request: HttpRequest, site: Site, program: str, account: str = "") -> LandingVisit:
    """Return the visit that a request is.

    Raises:
        Http404: there is no such program, it takes no friends, or the account has no page of its own.
    """
    now = datetime.now(UTC)
    try:
        published = published_page(site.workspace, program, now=now)
    except NoSuchProgram as error:
        raise Http404 from error
    if not takes_referrals(published) or (account and account not in published.accounts):
        raise Http404
    found = recommended(request, site)
    visitor = found.token or request.GET.get(VISITOR, "")[:40] or secrets.token_urlsafe(6)
    if not found.token and found.clicks:
        click = found.clicks[0][0]
        visitor = f"{click.code} {click.at.isoformat()}"
    return LandingVisit(
        request=request,
        site=site,
        published=published,
        language=visitor_language(request, published.languages),
        found=found,
        visitor=visitor,
        now=now,
        account=account,
    )
