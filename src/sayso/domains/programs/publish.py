"""Publishing a program: a checked document becomes the next immutable version, and an event says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from sayso.core.engine.events import OUR_OWN, PROGRAM_PUBLISHED, Arrival
from sayso.core.program import changes
from sayso.core.program.calendar import Moment, moment_of
from sayso.core.program.document import Document
from sayso.core.program.parse import Parsed
from sayso.core.program.problems import Problem
from sayso.core.program.review import check_program, contradictions
from sayso.domains.events.submit import submit
from sayso.domains.programs.models import Program, Version
from sayso.domains.programs.queries import programs_in, published_versions, running_text
from sayso.domains.workspaces.head import locked
from sayso.domains.workspaces.models import Workspace


class ProgramRefused(Exception):
    """The document cannot be published; `problems` says why, each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Published:
    """A version that holds now.

    Attributes:
        program: its name.
        version: its number, from 1.
        position: place of its publication in the log.
        summary: what it changes, in plain words.
        already: it had been published before, as it stands, and holds since then: nothing was published now.
    """

    program: str
    version: int
    position: int
    summary: str
    already: bool = False


def publish_program(
    *, workspace: Workspace, text: str, valid_from: datetime | None = None, approved_by: str, now: datetime
) -> Published:
    """Check a written program and publish it as the next version, unless it is the latest one unchanged.

    It is compared, stored, announced and decided under one lock, so that one publishes at a time; what cannot be
    decided leaves nothing behind, and may be published again.

    Args:
        workspace: where it runs.
        text: the document.
        valid_from: it holds for events that occur from this moment on; None is now, or from the beginning in a test
            workspace in which nothing has happened yet, so that any past can be played in it.
        approved_by: who answers for it.
        now: what the workspace's clock shows (`workspaces.clock.now_in`).

    Raises:
        ProgramRefused: it has problems, contradicts another program, or takes something from open referrals.
    """
    parsed = check_program(text)
    if parsed.document is None or parsed.errors:
        raise ProgramRefused(parsed.errors)
    with locked(connection, workspace.pk):
        since = valid_from or (None if _is_untouched(workspace) else now)
        held = _held_already(workspace, parsed.document.program, text, since)
        if held is not None:
            return Published(parsed.document.program, held.number, held.position, held.summary, already=True)
        summary = _compare(workspace, parsed)
        version = _store(workspace, parsed.document.program, Version(
            text=text, summary=summary, approved_by=approved_by, published_at=now, valid_from=since,
        ))  # fmt: skip
        return _announce(workspace, parsed.document.program, version, now)


def _held_already(workspace: Workspace, name: str, text: str, since: datetime | None) -> Version | None:
    """The latest version, where it is this very text and holds from no later on: to publish it would change nothing."""
    versions = published_versions(workspace, name)
    latest = versions[-1] if versions else None
    if latest is None or latest.text != text:
        return None
    holds = latest.valid_from is None or (since is not None and latest.valid_from <= since)
    return latest if holds else None


def _compare(workspace: Workspace, parsed: Parsed) -> str:
    """Hold a document against what runs: what it changes, unless it may not."""
    assert parsed.document is not None
    before = _running(workspace, parsed.document.program)
    _refuse_contradictions(workspace, parsed.document)
    _refuse_taking(before, parsed)
    return _summary(before, parsed)


def _announce(workspace: Workspace, name: str, version: Version, now: datetime) -> Published:
    at = _moment(workspace, version, now)
    answer = submit(workspace, [_announcement(name, version, at)], now=now)[0]
    if answer.status != "decided":
        raise ProgramRefused([Problem(0, 0, "", answer.problem)])
    return Published(name, version.number, answer.position, version.summary)


def _running(workspace: Workspace, name: str) -> Parsed | None:
    """The latest published version of a program, read."""
    text = running_text(workspace, name)
    return check_program(text) if text is not None else None


def _refuse_contradictions(workspace: Workspace, document: Document) -> None:
    running = (_running(workspace, program.name) for program in programs_in(workspace))
    problems = contradictions(document, [each.document for each in running if each and each.document])
    if problems:
        raise ProgramRefused(problems)


def _refuse_taking(before: Parsed | None, parsed: Parsed) -> None:
    """A version for everyone may only improve the terms of open referrals (SEMANTICS 18)."""
    if before is None or parsed.document is None or parsed.document.applies_to != "everyone":
        return
    taken = changes.takes_something(_version(before), _version(parsed), language="en")
    if taken:
        raise ProgramRefused([Problem(0, 0, change.path, change.sentence) for change in taken])


def _version(parsed: Parsed) -> changes.Version:
    assert parsed.document is not None
    return changes.Version(parsed.document, parsed.conditions)


def _summary(before: Parsed | None, parsed: Parsed) -> str:
    if before is None or before.document is None:
        return ""
    return "\n".join(change.sentence for change in changes.changes(_version(before), _version(parsed), language="en"))


def _store(workspace: Workspace, name: str, version: Version) -> Version:
    """Give the program and the version their numbers; a number is never given to another text."""
    program = Program.objects.filter(workspace=workspace, name=name).first()
    if program is None:
        highest = Program.objects.filter(workspace=workspace).aggregate(last=Max("number"))["last"] or 0
        program = Program.objects.create(workspace=workspace, number=highest + 1, name=name)
    held = Version.objects.filter(workspace=workspace, program=program.number)
    version.workspace, version.program = workspace, program.number
    version.number = (held.aggregate(last=Max("number"))["last"] or 0) + 1
    version.save(force_insert=True)
    return version


def _is_untouched(workspace: Workspace) -> bool:
    """Whether it is a test workspace whose clock has not started."""
    workspace.refresh_from_db()
    return workspace.is_test and workspace.clock is None


def _moment(workspace: Workspace, version: Version, now: datetime) -> Moment:
    """When a version is published: now; but what a test workspace begins with occurs when it begins to hold."""
    if not _is_untouched(workspace):
        return moment_of(now)
    return moment_of(version.valid_from) if version.valid_from else 0


def _announcement(program: str, version: Version, at: Moment) -> Arrival:
    props: dict[str, Any] = {"program": program, "version": version.number, "approved_by": version.approved_by}
    name = f"publish-{program}-{version.number}"
    return Arrival(OUR_OWN, name, PROGRAM_PUBLISHED, "", at, props=props)
