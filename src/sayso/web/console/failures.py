"""What people see when something is wrong: not found, refused, failed.

Owns these pages. For machines, the API has its own answers.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from sayso.web.console.pages import show


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is nothing at this address, or it is not this reader's to see."""
    return show(request, "failures/not_found.html", status=404)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request cannot be answered."""
    return show(request, "failures/refused.html", status=400)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token, or from another site."""
    return show(request, "failures/form_refused.html", status=403)


def failed(request: HttpRequest, request_id: str) -> HttpResponse:
    """Something broke on our side; the log knows under the request's id."""
    return show(request, "failures/failed.html", status=500, request_id=request_id)
