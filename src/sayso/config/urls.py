"""Owns which address belongs to which room of the web; the addresses within a room are its own."""

from __future__ import annotations

from typing import Any

from django.urls import include, path

from sayso.web.api.api import api
from sayso.web.console import urls as console_urls
from sayso.web.console.reference import openapi, reference
from sayso.web.hooks import take_message


def _openapi() -> dict[str, Any]:
    return api.get_openapi_schema(path_prefix="/api/v1/")


_document = {"document": _openapi}
console = [
    *console_urls.urlpatterns,
    path("reference", reference, _document, name="reference"),
    path("reference/openapi.json", openapi, _document, name="openapi"),
]
urlpatterns = [
    path("api/v1/", include("sayso.web.api.urls")),
    path("hooks/<str:address>", take_message),
    path("", include((console, "console"))),
]
handler403 = handler400 = "sayso.web.console.failures.refused"
handler404 = "sayso.web.console.failures.not_found"
handler500 = "sayso.web.console.failures.failed"
