"""Whoever looks at their own page: who they are, in which language and at what time, and how days are written for them.

Owns what every other module here stands on. It must not look up what a page shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from babel.dates import format_skeleton

from sayso.core.engine.rulebook import CompiledProgram, Rulebook
from sayso.core.program.calendar import Calendar, datetime_of, moment_of
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.voice import Language, Voice, voice_of
from sayso.core.program.scalars import words
from sayso.domains.people.models import Member
from sayso.domains.people.queries import merged_numbers
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.models import Workspace

# English without a country is American to Babel; the program's own sentences are not.
_REGIONS = {"en": "en_GB"}


@dataclass(frozen=True)
class Me:
    """A member who looks at their own page.

    Attributes:
        numbers: under which their history stands, those of members merged into them included.
        now: what the workspace's clock shows.
    """

    workspace: Workspace
    member: Member
    numbers: frozenset[int]
    language: Language
    now: datetime

    @cached_property
    def voice(self) -> Voice:
        """How their language speaks."""
        return voice_of(self.language)

    @cached_property
    def rulebook(self) -> Rulebook:
        """Every version of every program."""
        return rulebook_of(head_of(self.workspace))

    @property
    def calendar(self) -> Calendar:
        """The workspace's days."""
        return self.rulebook.calendar

    @cached_property
    def programs(self) -> Sequence[CompiledProgram]:
        """The version of each program that is in force now, by the program's name."""
        return sorted(
            self.rulebook.running(moment_of(self.now), self.workspace.position + 1), key=lambda each: each.name
        )

    def program(self, name: str) -> CompiledProgram | None:
        """Return the version of a program that is in force now."""
        return next((each for each in self.programs if each.name == name), None)

    def reader(self, program: CompiledProgram) -> Reader:
        """Return for whom a program is written out."""
        return Reader(self.voice, program.document)

    def title(self, program: CompiledProgram) -> str:
        """Return what a program is called."""
        return words(program.document.title, self.language)

    def day(self, at: datetime | None) -> str:
        """Write the day of a moment, with its year where it is another one; nothing for none."""
        if at is None:
            return ""
        local, today = at.astimezone(self.workspace.zone).date(), self.now.astimezone(self.workspace.zone).date()
        return self._written(local, today)

    def last_day(self, end: datetime | None) -> str:
        """Write the last day before a moment that ends something; deadlines are the midnight after it."""
        return self.day(datetime_of(moment_of(end) - 1)) if end is not None else ""

    def _written(self, day: date, today: date) -> str:
        if day.year != today.year:
            return self.voice.date(day)
        return str(format_skeleton("MMMMd", day, locale=_REGIONS.get(self.language, self.language)))


def look(workspace: Workspace, member: Member, *, language: Language, now: datetime) -> Me:
    """Return a member as they look at their own page.

    Args:
        workspace: whose member.
        member: who looks.
        language: in which they read.
        now: the time.
    """
    numbers = frozenset(merged_numbers(workspace, member.id))
    return Me(workspace, member, numbers, language, now_in(workspace, now))
