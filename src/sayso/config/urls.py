"""Owns which address belongs to which room of the web; the addresses within a room are its own."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("sayso.web.api.urls")),
    path("", include("sayso.web.console.urls")),
]
handler403 = handler400 = "sayso.web.console.failures.refused"
handler404 = "sayso.web.console.failures.not_found"
handler500 = "sayso.web.console.failures.failed"
