"""The API reference, laid out by our own template from the OpenAPI document of what is running.

Owns the reading of that document. It must not know a route.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse

from sayso.web.console.pages import Visit, show, signed_in


@signed_in
def reference(visit: Visit, schema: Callable[[], Mapping[str, Any]] | None = None) -> HttpResponse:
    """Show every route of the API."""
    return show(visit.request, "reference.html", visit=visit, place="reference")
