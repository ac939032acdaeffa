"""Where a link leads: the company's page, its app, or our landing page, from the program that is in force.

Owns the address, with UTM parameters, the click token and whatever the visitor's own address had. A destination comes
from a published program only: nothing that a visitor sends can change scheme, host or the beginning of the path. It
must not count a click.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from urllib.parse import quote, unquote, urlsplit

from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.program.calendar import moment_of
from sayso.core.program.document import Document
from sayso.domains.people.queries import NoSuchMember, member_now
from sayso.domains.programs.models import Program
from sayso.domains.programs.queries import is_paused
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.sharing.click import ON_OUR_PAGES, ON_THEIR_PAGES, Click, click_token
from sayso.domains.sharing.models import Code, Link
from sayso.domains.sharing.queries import link_of
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.models import Workspace

LONGEST_QUERY = 2000
LONGEST_REST = 1000

_APPLE = re.compile(r"iPhone|iPad|iPod")
_ANDROID = re.compile(r"Android")
# What a query is written with (RFC 3986); anything else never came from a browser.
_QUERY = re.compile(r"[A-Za-z0-9._~:/?@!$&'()*+,;=%-]*")
_OURS = frozenset({ON_OUR_PAGES, ON_THEIR_PAGES})


class Closed(Enum):
    """Why a link leads nowhere."""

    UNKNOWN = "unknown"
    RESTS = "rests"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Early:
    """The link leads somewhere once its program has begun; `document` says when that is."""

    document: Document


@dataclass(frozen=True, slots=True)
class Place:
    """A page to which a link leads, taken apart once.

    Attributes:
        start: scheme, host and path; of our own pages the path alone.
        own: the query that it has itself.
        utm: the UTM parameters of the program, by their names.
        parameter: under which name it gets the token.
        end: a fragment, with its sign.
        grows: the rest of the visitor's path is put behind its own.
        plain: the address of a visitor who brought nothing along, up to the token.
    """

    start: str
    own: str
    utm: tuple[tuple[str, str], ...]
    parameter: str
    end: str
    grows: bool
    plain: str

    def address(self, token: str, rest: str = "", query: str = "") -> str:
        """Return the address for one visit.

        Args:
            token: the click's.
            rest: what came behind the link's own path, decoded, `/menu/espresso`.
            query: the visitor's own, as it was sent.
        """
        if not rest and not query:
            return f"{self.plain}{token}{self.end}"
        start = self.start
        if self.grows and len(rest) <= LONGEST_REST and rest.strip("/") and not _climbs(rest):
            start = f"{start.rstrip('/')}/{quote(rest.lstrip('/'))}"
        return f"{start}?{self._asked(query)}{self.parameter}={token}{self.end}"

    def _asked(self, query: str) -> str:
        """The place's own parameters, the visitor's as they were sent, and the UTM parameters that are missing."""
        sent = query.split("&") if len(query) <= LONGEST_QUERY and _QUERY.fullmatch(query) else []
        named = [(unquote(piece.partition("=")[0]).casefold(), piece) for piece in sent]
        kept = [(name, piece) for name, piece in named if piece and name not in _OURS]
        names = {name for name, _ in kept}
        utm = [f"{name}={value}" for name, value in self.utm if name not in names]
        return "".join(f"{piece}&" for piece in (self.own, *(piece for _, piece in kept), *utm) if piece)


@dataclass(slots=True)
class Destination:
    """Where one link leads, and what a click on it says.

    Attributes:
        link: the link's number; 0 where a code stands in its place.
        clock: what the clock of a test workspace shows, which stands still; None where the time counts.
        apps: where phones of Apple's, and those with Android, are sent.
    """

    workspace: int
    link: int
    code: str
    program: str
    channel: str
    version: int
    clock: datetime | None
    page: Place
    apps: tuple[Place | None, Place | None]
    _made: tuple[int, str] = (0, "")

    def address(self, now: float, agent: str, rest: str = "", query: str = "") -> str:
        """Return the address to which a visitor is sent.

        Args:
            now: seconds since 1970.
            agent: what the browser calls itself.
            rest, query: as in `Place.address`.
        """
        return self._place(agent).address(self._token(int(now)), rest, query)

    def _place(self, agent: str) -> Place:
        apple, android = self.apps
        if apple and _APPLE.search(agent):
            return apple
        return android if android and _ANDROID.search(agent) else self.page

    def _token(self, second: int) -> str:
        """The token of a second; whoever follows the link in the same one gets the same."""
        made, token = self._made
        if made != second:
            at = self.clock or datetime.fromtimestamp(second, UTC)
            click = Click(
                workspace=self.workspace,
                code=self.code,
                program=self.program,
                channel=self.channel,
                at=at,
                version=self.version,
            )
            token = click_token(click)
            self._made = second, token
        return token


def destination_of(workspace: Workspace, slug: str, prefix: str, now: datetime) -> Destination | Closed | Early:
    """Return where a link leads, or why nowhere.

    Args:
        workspace: whose link.
        slug: the link's; or a referral code, which leads to the first program that takes referrals.
        prefix: what the paths of the workspace's own pages begin with, `/w/bluebell`; empty on a host of its own.
        now: the time.
    """
    link = link_of(workspace, slug) or _link_of_code(workspace, slug)
    if link is None:
        return Closed.UNKNOWN
    clock = now_in(workspace, now)
    program = _program(workspace, link.program, clock)
    if program is None:
        return Closed.UNKNOWN
    closed = _closed(workspace, link, program, clock)
    if closed:
        return closed
    document = program.document
    ours = f"{prefix}/p/{program.name}"
    return Destination(
        workspace=workspace.pk,
        link=link.number,
        code=link.code,
        program=program.name,
        channel=link.channel,
        version=program.version,
        clock=clock if workspace.is_test else None,
        page=_place(document.sharing.destination or ours, document, link.channel),
        apps=(_app(document.sharing.app.ios, document, link), _app(document.sharing.app.android, document, link)),
    )


def _link_of_code(workspace: Workspace, text: str) -> Link | None:
    """A code in the place of a link, as people write it on paper: it passes for a link that was never made."""
    code = Code.objects.filter(code=text.casefold(), workspace=workspace).first()
    if code is None:
        return None
    return Link(workspace=workspace, number=0, member=code.member, code=code.code, program=code.program, channel="")


def _program(workspace: Workspace, name: str, clock: datetime) -> CompiledProgram | None:
    """The version in force of a program; of the first that takes referrals where a code holds in all of them."""
    head = head_of(workspace)
    running = rulebook_of(head).running(moment_of(clock), head.position + 1)
    taking = (each for each in running if each.document.referral and name in ("", each.name))
    return next(taking, None)


def _closed(workspace: Workspace, link: Link, program: CompiledProgram, clock: datetime) -> Closed | Early | None:
    runs, today = program.document.runs, clock.astimezone(workspace.zone).date()
    if runs.until and today > runs.until:
        return Closed.OVER
    if is_paused(workspace, Program(number=program.number, name=program.name)):
        return Closed.RESTS
    if runs.from_ and today < runs.from_:
        return Early(program.document)
    return None if _shares(workspace, link.member) else Closed.OVER


def _shares(workspace: Workspace, number: int) -> bool:
    try:
        return member_now(workspace, number).status == "active"
    except NoSuchMember:
        return False


def _app(url: str | None, document: Document, link: Link) -> Place | None:
    return _place(url, document, link.channel) if url else None


def _place(url: str, document: Document, channel: str) -> Place:
    parts, theirs = urlsplit(url), url.startswith("https://")
    start = f"{parts.scheme}://{parts.netloc}{parts.path or '/'}" if theirs else parts.path
    utm = tuple((name, quote(value, safe="")) for name, value in _utm(document, channel))
    parameter = ON_THEIR_PAGES if theirs else ON_OUR_PAGES
    asked = "".join(f"{each}&" for each in (parts.query, *(f"{name}={value}" for name, value in utm)) if each)
    end = f"#{parts.fragment}" if parts.fragment else ""
    return Place(start, parts.query, utm, parameter, end, grows=theirs, plain=f"{start}?{asked}{parameter}=")


def _utm(document: Document, channel: str) -> list[tuple[str, str]]:
    said = document.sharing.utm
    values = (said.source, said.medium or channel or "link", said.campaign or document.program)
    return list(zip(("utm_source", "utm_medium", "utm_campaign"), values, strict=True))


def _climbs(rest: str) -> bool:
    """Whether a path leads out of where it begins, once a browser or a server has resolved it."""
    return any(part in (".", "..") for part in re.split(r"[/\\]", unquote(rest)))
