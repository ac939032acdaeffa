"""Home, and the page of one program: what runs, in words, and what came of it lately.

Owns what these pages show. It must not count or decide: it asks the rooms that know.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sayso.core.program.explain.voice import Language, voice_of
from sayso.domains.insight.handing_over import waiting_for_people
from sayso.domains.insight.lately import happened_lately
from sayso.domains.insight.programs import Running, running_program, running_programs
from sayso.domains.insight.reviews import rewards_to_review
from sayso.domains.insight.waiting import waiting_in
from sayso.domains.rewards.budgets import BudgetNow, budgets_of
from sayso.domains.workspaces.clock import now_in
from sayso.web.console.notices import notices_for
from sayso.web.console.pages import ConsoleVisit, show, signed_in
from sayso.web.health import Health, health

_LATEST = 12
_MOST_REVIEWS = 20
# What a program is for and what it gives tell it apart; the rest is one click away.
_LEADING = {"program": 2, "rewards": 3, "points": 3}


@dataclass(frozen=True, slots=True)
class Budget:
    """How the budget of a program stands; amounts as the reader writes them.

    Attributes:
        of: what the period was given; empty where more than that is left, from before.
        waiting, cost: how many rewards wait for it, and what they cost.
    """

    left: str
    of: str
    waiting: int
    cost: str

    @classmethod
    def told(cls, budget: BudgetNow, language: Language) -> Budget:
        """Return a budget as Home shows it."""
        voice = voice_of(language)
        parts = (budget.left_minor, budget.period_minor, budget.waiting_minor)
        left, given, cost = (voice.minor(part, budget.currency) for part in parts)
        return cls(left, given if budget.left_minor <= budget.period_minor else "", budget.waiting, cost)


@dataclass(frozen=True, slots=True)
class Summary:
    """A program as Home shows it: by its first sentences."""

    name: str
    title: str
    version: int
    since: object
    lead: tuple[str, ...]
    budget: Budget | None

    @classmethod
    def of(cls, program: Running, budget: Budget | None) -> Summary:
        """Return what Home shows of a program."""
        sections = program.explanation.sections
        lead = [text for each in sections for text in each.paragraphs()[: _LEADING.get(each.key, 0)]]
        return cls(program.name, program.title, program.version, program.since, tuple(lead), budget)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a service needs, and how it is."""

    name: str
    state: str
    is_well: bool


@require_safe
@signed_in
def home(visit: ConsoleVisit) -> HttpResponse:
    """Show what runs: the programs in words, what needs a person, what is not set, what happened lately, and health."""
    workspace, language = visit.workspace, visit.language
    found, waits = health(), waiting_in(workspace, visit.now)
    handing = waiting_for_people(workspace, language=language)
    budgets = {
        each.program: Budget.told(each, language) for each in budgets_of(workspace, now_in(workspace, visit.now))
    }
    return show(
        visit.request,
        "home.html",
        visit=visit,
        place="home",
        programs=[Summary.of(each, budgets.get(each.name)) for each in running_programs(workspace, language=language)],
        short=any(each.waiting for each in budgets.values()),
        latest=happened_lately(workspace, language=language, limit=_LATEST),
        reviews=rewards_to_review(workspace, language=language, limit=_MOST_REVIEWS),
        waiting=waits,
        handing=handing,
        to_hand_over=sum(each.count for each in handing),
        asks=bool(handing or waits.rewards_in_review or waits.set_aside),
        notices=notices_for(workspace),
        health=_parts(found),
        well=set(found.values()) == {"ok"},
    )


@require_safe
@signed_in
def program(visit: ConsoleVisit, name: str) -> HttpResponse:
    """Show one program: the document as it was written, and what it means."""
    found = running_program(visit.workspace, name, language=visit.language)
    if found is None:
        raise Http404
    return show(visit.request, "program.html", visit=visit, place="program", program=found)


def _parts(found: dict[str, Health]) -> list[Part]:
    names = {"database": _("database"), "migrations": _("tables"), "disk": _("disk"), "events": _("events")}
    states: dict[Health, str] = {
        "ok": _("in order"),
        "unreachable": _("cannot be reached"),
        "behind": _("older than this version"),
        "full": _("almost full"),
        "stuck": _("stuck"),
    }
    return [Part(names[name], states[state], state == "ok") for name, state in found.items()]
