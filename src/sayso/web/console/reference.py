"""The API reference, laid out by our own template from the OpenAPI document of what runs here.

Owns the page. The document is handed in by whoever mounts it: this room does not know the API.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from sayso.web.console.openapi import Group, Json, read_openapi
from sayso.web.console.pages import ConsoleVisit, show, signed_in

Document = Callable[[], Json]


@require_safe
@signed_in
def reference(visit: ConsoleVisit, document: Document) -> HttpResponse:
    """Show everything that can be asked of the API."""
    return show(visit.request, "reference.html", visit=visit, place="reference", groups=_groups(document))


@require_safe
@signed_in
def openapi(_: ConsoleVisit, document: Document) -> HttpResponse:
    """Give the document itself, for tools."""
    return JsonResponse(document())


@cache
def _groups(document: Document) -> list[Group]:
    return read_openapi(document())
