"""How moments, numbers and documents are written on a page, in the reader's language and the workspace's time zone.

Owns the writing alone. It must not read anything from a store.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_datetime, format_timedelta, get_timezone_location
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from sayso.core.program.explain.voice import voice_of
from sayso.domains.workspaces.clock import now_in
from sayso.web.console.event_words import event_name, event_sentence, failure_sentence, is_ours

if TYPE_CHECKING:
    from sayso.domains.insight.lately import Happened
    from sayso.web.console.pages import ConsoleVisit

register = template.Library()
register.filter(is_ours)
register.filter(failure_sentence)

_ENTRY = re.compile(r"^(?P<space>\s*(?:- )?)(?P<key>[\w.-]+)(?P<rest>:(?:\s.*)?)$")


@register.filter
def moment(value: datetime, visit: ConsoleVisit) -> str:
    """Write a day with its time."""
    return format_datetime(value.astimezone(visit.workspace.zone), "medium", locale=_locale(visit))


@register.filter
def day(value: datetime, visit: ConsoleVisit) -> str:
    """Write the day of a moment."""
    return voice_of(visit.language).date(value.astimezone(visit.workspace.zone).date())


@register.filter
def ago(value: datetime | None, visit: ConsoleVisit) -> str:
    """Write how long ago a moment was by the workspace's clock, with the moment itself on hover."""
    if value is None:
        return ""
    passed = value - now_in(visit.workspace, visit.now)
    if abs(passed) < timedelta(minutes=1):
        said = gettext("just now")
    else:
        said = format_timedelta(passed, granularity="minute", add_direction=True, locale=_locale(visit))
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), moment(value, visit), said)


@register.filter
def event(name: str, visit: ConsoleVisit) -> str:
    """Write what a type of event is called."""
    return event_name(name, visit.language)


@register.filter
def did(happened: Happened, visit: ConsoleVisit) -> str:
    """Write what an event of the workspace itself did; empty for one of a member."""
    return event_sentence(happened, moment(happened.occurred_at, visit) if happened.occurred_at else "")


@register.filter
def number(value: int, visit: ConsoleVisit) -> str:
    """Write a whole number."""
    return voice_of(visit.language).number(value)


@register.filter
def spelled(value: int, visit: ConsoleVisit) -> str:
    """Write a small number as a word."""
    return voice_of(visit.language).spelled(value)


@register.filter
def zone(name: str) -> str:
    """Write a time zone as its place is called."""
    return "UTC" if name == "UTC" else get_timezone_location(name, locale=get_language() or "en", return_city=True)


@register.filter
def marked(text: str) -> SafeString:
    """Lay out a sentence in which names stand between backticks."""
    parts = enumerate(text.split("`"))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", each) if at % 2 else each,) for at, each in parts)
    )


@register.filter
def yaml(text: str) -> SafeString:
    """Lay a written program out line by line, its keys and remarks marked."""
    return format_html_join("", '<span class="l">{}</span>', ((_laid_out(line),) for line in text.splitlines()))


def _locale(visit: ConsoleVisit) -> str:
    """English without a country is American to Babel; the program's own sentences are not."""
    return "en_GB" if visit.language == "en" else visit.language


def _laid_out(line: str) -> str:
    if line.lstrip().startswith("#"):
        return format_html('<span class="c">{}</span>', line)
    found = _ENTRY.match(line)
    if found is None:
        return line or mark_safe("&nbsp;")
    return format_html('{}<span class="k">{}</span>{}', found["space"], found["key"], found["rest"])
