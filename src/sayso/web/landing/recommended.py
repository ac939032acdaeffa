"""Who recommended the visitor: the click that the address carries, and the one that a cookie kept with consent.

Owns reading both, and the cookie. It must not tell more than a first name, and that only of somebody whose own link
the visitor followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sayso.domains.people.names import first_names
from sayso.domains.people.queries import member_numbered
from sayso.domains.sharing.click import ON_OUR_PAGES, Click, read_token
from sayso.domains.sharing.queries import NoSuchCode, code_named, known_codes
from sayso.web.site.addresses import Site

COOKIE = "sayso_click"
_SECONDS_A_DAY = 24 * 3600
_PRIVACY_CONTROL = "Sec-GPC"


@dataclass(frozen=True)
class Recommended:
    """Who recommended, as far as the visitor's request says.

    Attributes:
        token: the click that the address carries, as it stands there; empty where it carries none that we made.
        clicks: every click found, with where it was found: token, cookie.
    """

    site: Site
    token: str
    clicks: tuple[tuple[Click, str], ...]

    @cached_property
    def name(self) -> str:
        """The first name of whoever recommended; empty where it is not known or they no longer take part."""
        if not self.clicks:
            return ""
        member = self._advocate(self.clicks[0][0])
        return first_names(self.site.workspace, [member]).get(member, "") if member else ""

    @property
    def advocates(self) -> list[int]:
        """The numbers of those who recommended and still take part."""
        return [number for click, _ in self.clicks if (number := self._advocate(click))]

    def _advocate(self, click: Click) -> int:
        workspace = self.site.workspace
        try:
            member = member_numbered(workspace, code_named(workspace, click.code).member)
        except NoSuchCode:
            return 0
        return member.id if member.status == "active" else 0

    @property
    def touches(self) -> list[dict[str, str]]:
        """The recommendations as they stand in an event."""
        return [click.touch(source) for click, source in self.clicks]

    @property
    def is_remembered(self) -> bool:
        """Whether a cookie keeps the recommendation already."""
        return any(source == "cookie" for _, source in self.clicks)


def recommended(request: HttpRequest, site: Site) -> Recommended:
    """Return who recommended the visitor."""
    token = request.POST.get(ON_OUR_PAGES) or request.GET.get(ON_OUR_PAGES, "")
    found = read_token(token, site.workspace)
    kept = read_token(request.COOKIES.get(COOKIE, ""), site.workspace)
    # Of a click on the link of somebody who is gone nothing is left: neither that it was, nor that they were here.
    known = known_codes(site.workspace, {click.code for click in (found, kept) if click})
    found, kept = (click if click and click.code in known else None for click in (found, kept))
    clicks = [(click, source) for click, source in ((found, "token"), (kept, "cookie")) if click]
    if found and kept and (found.code, found.at) == (kept.code, kept.at):
        clicks = clicks[1:]
    return Recommended(site, token if found else "", tuple(clicks))


def may_remember(request: HttpRequest) -> bool:
    """Whether the visitor may be asked for a cookie: not who told the browser to be left alone."""
    return request.headers.get(_PRIVACY_CONTROL) != "1"


def remember(response: HttpResponse, found: Recommended, *, days: int) -> None:
    """Keep a recommendation in the visitor's browser for so many days; only where they consented."""
    response.set_cookie(
        COOKIE,
        found.token,
        max_age=days * _SECONDS_A_DAY,
        path=found.site.path("/"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse, site: Site) -> None:
    """Take the cookie away: the recommendation was taken up."""
    response.delete_cookie(COOKIE, path=site.path("/"), samesite="Lax")
