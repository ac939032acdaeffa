"""Publishing a program: a checked document becomes the next immutable version, and an event says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from sayso.core.domain_error import DomainError
from sayso.core.engine.events import OUR_OWN, PROGRAM_PUBLISHED, Arrival
from sayso.core.program import changes
from sayso.core.program.calendar import Moment, moment_of
from sayso.core.program.document import Document
from sayso.core.program.parse import Parsed
from sayso.core.program.problems import Problem, in_one_line
from sayso.core.program.review import check_program, contradictions, read_published
from sayso.domains.events.submit import submit
from sayso.domains.programs.models import Program, Version
from sayso.domains.programs.queries import programs_in, published_versions, running_text
from sayso.domains.workspaces.head import locked
from sayso.domains.workspaces.models import Workspace

# What a test workspace begins with occurs before anything else can.
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
# Of a version with other comments, or that holds from earlier on.
_NOTHING_ELSE = "What it says stays the same."


class ProgramRefused(DomainError):
    """The document cannot be published; `problems` says why, each with its place.

    Attributes:
        which: of several documents the one that is refused, from 0.
    """

    def __init__(self, problems: Sequence[Problem], which: int = 0) -> None:
        super().__init__(in_one_line(problems))
        self.problems, self.which = tuple(problems), which


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


@dataclass(frozen=True, slots=True)
class _Act:
    """One act of publishing, with whatever documents: from when they hold, and at what moment it stands in the log."""

    workspace: Workspace
    since: datetime | None
    at: Moment
    approved_by: str
    now: datetime


def publish_program(
    *, workspace: Workspace, text: str, valid_from: datetime | None = None, approved_by: str, now: datetime
) -> Published:
    """Check a written program and publish it as the next version, unless it is the latest one unchanged.

    `publish_programs` says what is meant, with one document.
    """
    return publish_programs(workspace=workspace, texts=[text], valid_from=valid_from, approved_by=approved_by, now=now)[
        0
    ]


def publish_programs(
    *, workspace: Workspace, texts: Sequence[str], valid_from: datetime | None = None, approved_by: str, now: datetime
) -> list[Published]:
    """Check written programs and publish each as its next version, unless it is the latest one unchanged.

    All are published or none. They are held against each other instead of against the versions that they replace, so
    what programs must agree on changes in one act (SEMANTICS 5). They are compared, stored, announced and decided
    under one lock, so that one publishes at a time; what cannot be decided leaves nothing behind, and may be published
    again.

    Args:
        workspace: where they run.
        texts: the documents, each of another program.
        valid_from: they hold for events that occur from this moment on; None is now, or from the beginning in a test
            workspace in which nothing has happened yet, so that any past can be played in it.
        approved_by: who answers for them.
        now: what the workspace's clock shows (`workspaces.clock.now_in`).

    Raises:
        ProgramRefused: one has problems, contradicts another program, or takes something from open referrals.
    """
    read = _read(texts)
    documents = [each.document for each in read if each.document]
    with locked(connection, workspace.pk):
        untouched = _is_untouched(workspace)
        since = valid_from or (None if untouched else now)
        at = moment_of(since or _BEGINNING) if untouched else moment_of(now)
        act = _Act(workspace, since, at, approved_by, now)
        made = []
        for which, (text, parsed) in enumerate(zip(texts, read, strict=True)):
            try:
                made.append(_publish(act, text, parsed, documents))
            except ProgramRefused as error:
                raise ProgramRefused(error.problems, which) from error
        return made


def _read(texts: Sequence[str]) -> list[Parsed]:
    """Read documents that may be published, each of another program."""
    read: list[Parsed] = []
    for which, text in enumerate(texts):
        parsed = check_program(text)
        if parsed.document is None or parsed.errors:
            raise ProgramRefused(parsed.errors, which)
        if any(each.document and each.document.program == parsed.document.program for each in read):
            raise ProgramRefused([Problem(0, 0, "program", "Another document of this act is of this program.")], which)
        read.append(parsed)
    return read


def _publish(act: _Act, text: str, parsed: Parsed, beside: Sequence[Document]) -> Published:
    """Publish one document of an act; `beside` are all of its documents."""
    assert parsed.document is not None
    name = parsed.document.program
    held = _held_already(act.workspace, name, text, act.since)
    if held is not None:
        return Published(name, held.number, held.position, held.summary, already=True)
    version = _store(act.workspace, name, Version(
        text=text, summary=_compare(act.workspace, parsed, beside), approved_by=act.approved_by,
        published_at=act.now, valid_from=act.since,
    ))  # fmt: skip
    return _announce(act, name, version)


def preview_program(*, workspace: Workspace, text: str) -> Published:
    """Say what publishing a written program would do, and do nothing of it.

    Raises:
        ProgramRefused: as publishing it would.
    """
    parsed = check_program(text)
    if parsed.document is None or parsed.errors:
        raise ProgramRefused(parsed.errors)
    name = parsed.document.program
    versions = published_versions(workspace, name)
    if versions and _is_same(versions[-1].text, text):
        latest = versions[-1]
        return Published(name, latest.number, latest.position, latest.summary, already=True)
    return Published(name, versions[-1].number + 1 if versions else 1, 0, _compare(workspace, parsed))


def _held_already(workspace: Workspace, name: str, text: str, since: datetime | None) -> Version | None:
    """The latest version, where it is this very text and holds from no later on: to publish it would change nothing."""
    versions = published_versions(workspace, name)
    latest = versions[-1] if versions else None
    if latest is None or not _is_same(latest.text, text):
        return None
    holds = latest.valid_from is None or (since is not None and latest.valid_from <= since)
    return latest if holds else None


def _is_same(one: str, other: str) -> bool:
    """Whether two texts say the same, however an editor ends their lines."""
    return one.splitlines() == other.splitlines()


def _compare(workspace: Workspace, parsed: Parsed, beside: Sequence[Document] = ()) -> str:
    """Hold a document against what runs, and against those that are published beside it: what it changes, if it may."""
    assert parsed.document is not None
    before = _running(workspace, parsed.document.program)
    _refuse_contradictions(workspace, parsed.document, beside)
    _refuse_taking(before, parsed)
    return _summary(before, parsed)


def _announce(act: _Act, name: str, version: Version) -> Published:
    answer = submit(act.workspace, [_announcement(name, version, act.at)], now=act.now)[0]
    if answer.status != "decided":
        raise ProgramRefused([Problem(0, 0, "", answer.problem)])
    return Published(name, version.number, answer.position, version.summary)


def _running(workspace: Workspace, name: str) -> Parsed | None:
    """The latest published version of a program, read."""
    text = running_text(workspace, name)
    return read_published(text) if text is not None else None


def _refuse_contradictions(workspace: Workspace, document: Document, beside: Sequence[Document]) -> None:
    """Hold a document against every other program as it will run, once those beside it are published too."""
    replaced = {each.program for each in beside}
    names = (each.name for each in programs_in(workspace) if each.name not in replaced)
    running = (_running(workspace, name) for name in names)
    problems = contradictions(document, [*beside, *(each.document for each in running if each and each.document)])
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
    found = changes.changes(_version(before), _version(parsed), language="en")
    return "\n".join(change.sentence for change in found) or _NOTHING_ELSE


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


def _announcement(program: str, version: Version, at: Moment) -> Arrival:
    props: dict[str, Any] = {"program": program, "version": version.number, "approved_by": version.approved_by}
    name = f"publish-{program}-{version.number}"
    return Arrival(OUR_OWN, name, PROGRAM_PUBLISHED, "", at, props=props)
