"""Home, and the page of one program: what runs, in words, and what came of it lately.

Owns what these pages show. It must not count or decide: it asks the rooms that know.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse

from sayso.domains.insight.lately import happened_lately
from sayso.domains.insight.programs import running_program, running_programs
from sayso.domains.insight.reviews import rewards_to_review
from sayso.domains.insight.waiting import waiting_in
from sayso.web.console.pages import Visit, show, signed_in
from sayso.web.health import health

_LATEST = 12
_MOST_REVIEWS = 20


@signed_in
def home(visit: Visit) -> HttpResponse:
    """Show what runs: the programs in words, what needs a person, what happened lately, and health."""
    workspace, language = visit.workspace, visit.language
    reviews = rewards_to_review(workspace, language=language, limit=_MOST_REVIEWS)
    return show(
        visit.request,
        "home.html",
        visit=visit,
        place="home",
        programs=running_programs(workspace, language=language),
        latest=happened_lately(workspace, language=language, limit=_LATEST),
        reviews=reviews,
        waiting=waiting_in(workspace, visit.now),
        health=health(),
    )


@signed_in
def program(visit: Visit, name: str) -> HttpResponse:
    """Show one program: the document as it was written, and what it means."""
    found = running_program(visit.workspace, name, language=visit.language)
    if found is None:
        raise Http404
    return show(visit.request, "program.html", visit=visit, place="home", program=found)
