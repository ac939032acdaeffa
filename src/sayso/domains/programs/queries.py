"""Reading programs and their versions."""

from collections.abc import Sequence

from django.db.models import Sum

from sayso.core.domain_error import DomainError
from sayso.core.program.calendar import Moment, moment_of
from sayso.domains.events.models import Tally
from sayso.domains.programs.models import Program, Version
from sayso.domains.workspaces.models import Workspace


def programs_in(workspace: Workspace) -> Sequence[Program]:
    """Return the programs of a workspace, in the order in which they were first published."""
    return list(Program.objects.filter(workspace=workspace).order_by("number"))


def published_versions(workspace: Workspace, name: str) -> Sequence[Version]:
    """Return the published versions of a program, the latest last; none when there is no such program."""
    program = Program.objects.filter(workspace=workspace, name=name).first()
    if program is None:
        return []
    found = Version.objects.filter(workspace=workspace, program=program.number, position__gt=0)
    return list(found.order_by("number"))


def running_text(workspace: Workspace, name: str) -> str | None:
    """Return the document of a program's latest published version; None when there is none."""
    versions = published_versions(workspace, name)
    return versions[-1].text if versions else None


def running_texts(workspace: Workspace) -> Sequence[str]:
    """Return the document of the latest published version of each program."""
    found = (running_text(workspace, program.name) for program in programs_in(workspace))
    return [text for text in found if text is not None]


def held_from(workspace: Workspace) -> Moment:
    """Return when the first version of any program began to hold; 0 for always, or where none is published."""
    found = Version.objects.filter(workspace=workspace, position__gt=0).values_list("valid_from", flat=True)
    return min((moment_of(moment) if moment else 0 for moment in found), default=0)


class NoSuchProgram(DomainError, LookupError):
    """No program of this name, or no such version of it, was ever published."""


def program_named(workspace: Workspace, name: str) -> Program:
    """Return the program of this name.

    Raises:
        NoSuchProgram: none was ever published.
    """
    found = Program.objects.filter(workspace=workspace, name=name).first()
    if found is None or not published_versions(workspace, name):
        raise NoSuchProgram(f"there is no program {name!r} in {workspace.name}")
    return found


def version_numbered(workspace: Workspace, name: str, number: int) -> Version:
    """Return one published version of a program.

    Raises:
        NoSuchProgram: there is none of this number.
    """
    found = next((each for each in published_versions(workspace, name) if each.number == number), None)
    if found is None:
        raise NoSuchProgram(f"there is no version {number} of {name!r} in {workspace.name}")
    return found


def is_paused(workspace: Workspace, program: Program) -> bool:
    """Whether a program takes no new referrals for now (SEMANTICS 24)."""
    counted = Tally.objects.filter(subject=program.number, measure=f"paused/{program.name}", workspace=workspace)
    return (counted.aggregate(times=Sum("count"))["times"] or 0) > 0
