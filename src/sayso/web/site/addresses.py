"""The members' side of a workspace: which one an address belongs to, and how its own addresses are written.

Owns the two ways to a workspace: a host of the company's own, or `/w/NAME/` on the installation's. It must not know a
page.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse

from sayso.domains.workspaces.beliefs import Beliefs
from sayso.domains.workspaces.brand import brand_of, workspace_of_host
from sayso.domains.workspaces.head import NoSuchWorkspace
from sayso.domains.workspaces.models import Brand, Workspace
from sayso.domains.workspaces.queries import workspace_named

SITE_URLS = "sayso.config.site_urls"
# For so long a host that was looked up is believed: one that was named, or taken away, is known everywhere soon after.
BELIEVED_SECONDS = 5.0
MOST_BELIEVED = 1000


@dataclass(frozen=True, slots=True)
class Site:
    """The members' side of one workspace.

    Attributes:
        origin: scheme and host under which this request came.
        prefix: what every path begins with, `/w/bluebell`; empty on a host of the company's own.
    """

    workspace: Workspace
    brand: Brand
    origin: str
    prefix: str

    def path(self, rest: str) -> str:
        """Return the path of a page of this site; `rest` begins with a slash."""
        return f"{self.prefix}{rest}"

    def url(self, rest: str) -> str:
        """Return the whole address of a page of this site."""
        return f"{self.origin}{self.path(rest)}"


View = Callable[..., HttpResponse]


def on_site(view: View) -> View:
    """Give a view the `Site` that the request is for, as its second argument; 404 where there is none."""

    @wraps(view)
    def found(request: HttpRequest, workspace: str = "", **parts: Any) -> HttpResponse:
        return view(request, site_of(request, workspace), **parts)

    return found


def site_of(request: HttpRequest, name: str = "") -> Site:
    """Return the site of a request.

    Args:
        request: of it the host, where no name is given.
        name: the workspace's, from the path.

    Raises:
        Http404: there is no such workspace.
    """
    workspace = _named(name) if name else workspace_of_host(request.get_host().partition(":")[0])
    if workspace is None:
        raise Http404
    origin = f"{request.scheme}://{request.get_host()}"
    return Site(workspace, brand_of(workspace), origin, f"/w/{name}" if name else "")


def _named(name: str) -> Workspace | None:
    try:
        return workspace_named(name)
    except NoSuchWorkspace:
        return None


class SiteHosts:
    """Middleware: under a host of a company's own there are its members' pages, and nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._believed: Beliefs[str, bool] = Beliefs(seconds=BELIEVED_SECONDS, most=MOST_BELIEVED)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from the pages of the site where the host is a company's own; nothing is at an address with a NUL."""
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise SuspiciousOperation("the address holds a NUL character")  # which no database keeps
        if self._is_companys_own(request.get_host().partition(":")[0]):
            request.urlconf = SITE_URLS
        return self._get_response(request)

    def _is_companys_own(self, host: str) -> bool:
        known = self._believed.get(host)
        if known is None:
            asked = time.monotonic()
            known = workspace_of_host(host) is not None
            self._believed.keep(host, known, asked=asked)
        return known
