"""Reading programs and their versions."""

from collections.abc import Sequence

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
