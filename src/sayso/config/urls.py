"""Owns which address belongs to which room of the web; the addresses within a room are its own."""

from __future__ import annotations

from typing import Any

from django.urls import include, path

from sayso.config.site_urls import site_patterns
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
    path("w/<slug:workspace>/", include(site_patterns)),
    path("", include((console, "console"))),
]
handler403 = handler400 = "sayso.web.site.failures.refused"
handler404 = "sayso.web.site.failures.not_found"
handler500 = "sayso.web.site.failures.failed"
