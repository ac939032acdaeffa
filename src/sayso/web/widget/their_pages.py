"""Requests that a company's own pages send from their visitors' browsers: which origins, which keys, which words.

Owns the gate before each such route: only origins that the company named (CORS, never with credentials), only a public
key or a member's token, and how a refusal is told. It must not read a cookie.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel, ConfigDict, ValidationError

from sayso.core.program.problems import Problem
from sayso.domains.events.act import Actor, Undecided
from sayso.domains.people.host_token import member_vouched_for
from sayso.domains.people.queries import MEMBER, member_named
from sayso.domains.workspaces.ids import number_of
from sayso.domains.workspaces.keys import recognised
from sayso.web.callers import client_address
from sayso.web.problems import (
    MEDIA_TYPE,
    Refusal,
    Refused,
    defect,
    method_not_allowed,
    no_key,
    not_valid,
    refusal_of,
    scope_missing,
    too_many,
)
from sayso.web.site.addresses import Site, on_site
from sayso.web.throttle import Throttle

# What a public key begins with; a secret one has no business in a page, and is not even looked up.
_PUBLIC = "pk_"
_SOURCE = "page"
_KEPT_SECONDS = "600"
# For each span in seconds, how many requests it may hold.
LIMITS = ((60.0, 60), (3600.0, 600))

throttle = Throttle(LIMITS)
_log = logging.getLogger("sayso.widget")


class Said(BaseModel):
    """The body of such a request: nothing but what is known is taken."""

    model_config = ConfigDict(extra="forbid", strict=True, str_max_length=300)

    member: str = ""


S = TypeVar("S", bound=Said)


@dataclass(frozen=True, slots=True)
class Told:
    """Who tells us something.

    Attributes:
        member: the company's name for whom it is about.
        vouched: whether the company's token says so, and not only the page.
    """

    site: Site
    member: str
    vouched: bool
    actor: Actor
    now: datetime


View = Callable[[Told, S], dict[str, Any]]


def told_by_pages(scope: str, shape: type[S]) -> Callable[[View[S]], Callable[..., HttpResponse]]:
    """Put the gate before a view, which gets who tells it and what is told, and returns what is answered.

    Args:
        scope: what a public key needs.
        shape: of the body.
    """

    def gated(view: View[S]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @on_site
        @wraps(view)
        def answer(request: HttpRequest, site: Site) -> HttpResponse:
            response = _answer(request, site, lambda: view(*_let_in(request, site, scope, shape)))
            response.headers["Cache-Control"] = "no-store"
            return _readable(request, site, response)

        return answer

    return gated


def _answer(request: HttpRequest, site: Site, carry_out: Callable[[], dict[str, Any]]) -> HttpResponse:
    try:
        _check_origin(request, site)
        if request.method == "OPTIONS":
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        if request.method != "POST":
            raise Refused(method_not_allowed(["POST", "OPTIONS"]))
        return JsonResponse(carry_out())
    except Undecided:
        return JsonResponse({}, status=HTTPStatus.ACCEPTED)
    except Exception as error:
        refusal = refusal_of(error)
        if refusal is None:
            _log.exception("a page's request failed")
            refusal = defect()
        headers = {"Content-Type": MEDIA_TYPE, **refusal.headers}
        return HttpResponse(refusal.as_bytes(), status=refusal.status, headers=headers)


def _let_in(request: HttpRequest, site: Site, scope: str, shape: type[S]) -> tuple[Told, S]:
    """Who sends what.

    Raises:
        Refused: nobody whom we know, not in this workspace, too often, or not to be read.
        NoSuchMember: a page that anybody can read names somebody by an id.
    """
    _count(client_address(request.META))
    said = _said(request, shape)
    now = datetime.now(UTC)
    scheme, _, word = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not word:
        raise Refused(no_key("Send a public key, or a token that your own server signed."))
    if word.count(".") == 2:
        member = member_vouched_for(workspace=site.workspace, token=word, now=now)
        return Told(site, member.ref, True, Actor(_SOURCE), now), said
    key = recognised(word, now=now) if word.startswith(_PUBLIC) else None
    if key is None or key.workspace != site.workspace.pk:
        raise Refused(no_key("The key is not known here, or is not a public one."))
    if not key.may(scope):
        raise Refused(scope_missing(scope))
    if not said.member:
        raise Refused(not_valid([Problem(0, 0, "member", "Say who it is.", "")]))
    if number_of(MEMBER, said.member) is not None:
        # Ids can be guessed: what is written as one is a name here only where the company calls somebody so.
        member_named(site.workspace, said.member)
    return Told(site, said.member, False, Actor(key.source, key.name), now), said


def _said(request: HttpRequest, shape: type[S]) -> S:
    try:
        return shape.model_validate_json(request.body or b"{}")
    except ValidationError as error:
        wrong = [Problem(0, 0, ".".join(map(str, each["loc"])), f"{each['msg']}.", "") for each in error.errors()[:10]]
        raise Refused(not_valid(wrong)) from None


def _count(address: str) -> None:
    if wait := throttle.take(address):
        raise Refused(too_many(int(wait) + 1))


def _check_origin(request: HttpRequest, site: Site) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin not in _allowed(site):
        detail = "Pages of this origin are not the company's; name the origin in the brand."
        raise Refused(Refusal(HTTPStatus.FORBIDDEN, "origin-not-allowed", "This page may not ask.", detail))


def _allowed(site: Site) -> set[str]:
    return {*site.brand.origins.split(), site.origin}


def _readable(request: HttpRequest, site: Site, response: HttpResponse) -> HttpResponse:
    """Let the page that asked read the answer, where it is the company's."""
    patch_vary_headers(response, ["Origin"])
    origin = request.headers.get("Origin", "")
    if origin in _allowed(site):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = "POST"
        response.headers["Access-Control-Allow-Headers"] = "authorization, content-type"
        response.headers["Access-Control-Max-Age"] = _KEPT_SECONDS
    return response
