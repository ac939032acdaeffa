"""Programs: checking a document, explaining it, its versions, publishing, pausing, and backtesting a draft.

Owns how versions and explanations are written. What a document means is the core's.
"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Query
from pydantic import Field

from sayso.core.program.explain import explain
from sayso.core.program.explain.voice import Language
from sayso.core.program.parse import Parsed
from sayso.core.program.problems import Problem
from sayso.core.program.review import check_program, read_published
from sayso.domains.decisions.backtest_task import BACKTEST
from sayso.domains.jobs.tasks import start_task
from sayso.domains.programs.models import Program, Version
from sayso.domains.programs.pause import pause_program, resume_program
from sayso.domains.programs.publish import ProgramRefused, Published, preview_program, publish_program
from sayso.domains.programs.queries import (
    is_paused,
    program_named,
    programs_in,
    published_versions,
    version_numbered,
)
from sayso.domains.workspaces.models import Workspace
from sayso.web.api.access import Caller, caller_of
from sayso.web.api.repeats import carried_out
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import Flag, In, Name, Out, Sent, Told
from sayso.web.api.tasks import TaskOut, task_out

routes = Routes("Programs")

SCOPE = "programs"
LONGEST_DOCUMENT = 200_000

ProgramPath = Annotated[str, Path(max_length=200, description="The program's name, as its document says it.")]
Document = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_DOCUMENT,
        description="The written program, YAML.",
        examples=["sayso: 1\nprogram: stars\ntitle: Stars\ncurrency: EUR\n"],
    ),
]


class DocumentIn(In):
    """A written program."""

    document: Document


class ExplanationIn(DocumentIn):
    """A written program, and in which language to say what it means."""

    language: Language = Field("en", description="The reader's language.")


class PublicationIn(DocumentIn):
    """A written program that shall hold."""

    valid_from: Sent | None = Field(
        None, description="It holds for events that occur from this moment on; now, where left out."
    )
    approved_by: Name | None = Field(None, description="Who answers for it; the key's name where left out.")
    dry_run: Flag = Field(False, description="Only say what would change, and publish nothing.")


class FoundOut(Out):
    """One thing to change in a document, or to know."""

    line: int
    column: int
    path: str
    message: str
    instead: str
    severity: Literal["error", "note"]


class CheckOut(Out):
    """What a document says about itself."""

    ok: bool = Field(description="It may be published; notes do not keep it from that.")
    program: str | None = Field(description="Its name; null where it could not be read.")
    problems: list[FoundOut]


class SectionOut(Out):
    """A part of a program in plain words."""

    key: str
    title: str
    paragraphs: list[str]


class ExplanationOut(Out):
    """A whole program in plain words."""

    program: str
    language: str
    sections: list[SectionOut]


class ProgramOut(Out):
    """A program."""

    program: str
    version: int = Field(description="The latest version.")
    paused: bool = Field(description="It takes no new referrals for now.")
    document: str


class ProgramsOut(Out):
    """Every program."""

    items: list[ProgramOut]


class VersionOut(Out):
    """One immutable published state of a program."""

    program: str
    version: int
    summary: str = Field(description="What it changed, in plain words.")
    approved_by: str
    valid_from: Told | None = Field(description="It holds for events from then on; null: from the beginning.")
    published_at: Told | None
    document: str


class VersionsOut(Out):
    """The versions of a program, the first one first."""

    items: list[VersionOut]


class PublicationOut(Out):
    """What was published, or would be."""

    program: str
    version: int
    summary: str = Field(description="What it changes, in plain words.")
    already: bool = Field(description="It was the latest version before: nothing was published now.")
    dry_run: bool


class ExplanationWanted(In):
    """In which language."""

    language: Language = Field("en", description="The reader's language.")


@routes.check("/program-checks", gives=CheckOut)
def post_program_check(request: HttpRequest, body: DocumentIn) -> CheckOut:
    """Say everything that is wrong with a document."""
    parsed = check_program(body.document)
    found = [FoundOut(**each.as_dict()) for each in parsed.problems]
    name = parsed.document.program if parsed.document else None
    return CheckOut(ok=not parsed.errors and name is not None, program=name, problems=found)


@routes.check("/explanations", gives=ExplanationOut)
def post_explanation(request: HttpRequest, body: ExplanationIn) -> ExplanationOut:
    """Say in plain words what a document means."""
    return _explained(_readable(body.document), body.language)


@routes.get("/programs", gives=ProgramsOut)
def get_programs(request: HttpRequest) -> ProgramsOut:
    """List the programs."""
    workspace = caller_of(request).workspace
    rows = [row for row in programs_in(workspace) if published_versions(workspace, row.name)]
    return ProgramsOut(items=[_program(workspace, row) for row in rows])


@routes.get("/programs/{program}", gives=ProgramOut, fails=(404,))
def get_program(request: HttpRequest, program: ProgramPath) -> ProgramOut:
    """Show a program with its latest document."""
    workspace = caller_of(request).workspace
    return _program(workspace, program_named(workspace, program))


@routes.get("/programs/{program}/explanation", gives=ExplanationOut, fails=(404,))
def get_program_explanation(
    request: HttpRequest, program: ProgramPath, wanted: Query[ExplanationWanted]
) -> ExplanationOut:
    """Say in plain words what the latest version of a program means."""
    workspace = caller_of(request).workspace
    program_named(workspace, program)
    return _explained(read_published(published_versions(workspace, program)[-1].text), wanted.language)


@routes.get("/programs/{program}/versions", gives=VersionsOut, fails=(404,))
def get_versions(request: HttpRequest, program: ProgramPath) -> VersionsOut:
    """List the versions of a program."""
    workspace = caller_of(request).workspace
    program_named(workspace, program)
    return VersionsOut(items=[_version(program, row) for row in published_versions(workspace, program)])


@routes.get("/programs/{program}/versions/{number}", gives=VersionOut, fails=(404,))
def get_version(
    request: HttpRequest, program: ProgramPath, number: Annotated[int, Path(ge=1, le=65_535)]
) -> VersionOut:
    """Show one version of a program."""
    return _version(program, version_numbered(caller_of(request).workspace, program, number))


@routes.post("/programs/{program}/versions", gives=PublicationOut, scope=SCOPE)
def post_version(request: HttpRequest, program: ProgramPath, body: PublicationIn) -> PublicationOut:
    """Publish the next version of a program.

    It is checked, compared with what runs, and refused with every problem named. With `dry_run` nothing is published.
    """
    caller = caller_of(request)
    _same_name(program, body.document)
    if body.dry_run:
        return _published(preview_program(workspace=caller.workspace, text=body.document), dry_run=True)
    return carried_out(request, PublicationOut, lambda: _published(_publish(caller, body), dry_run=False))


@routes.put("/programs/{program}/pause", gives=ProgramOut, scope=SCOPE, fails=(404, 409))
def put_pause(request: HttpRequest, program: ProgramPath) -> ProgramOut:
    """Pause a program: it takes no new referrals, and open ones finish."""
    caller = caller_of(request)
    row = pause_program(workspace=caller.workspace, program=program, actor=caller.actor(), now=caller.now)
    return _program(caller.workspace, row)


@routes.delete("/programs/{program}/pause", gives=ProgramOut, scope=SCOPE, fails=(404, 409))
def delete_pause(request: HttpRequest, program: ProgramPath) -> ProgramOut:
    """Let a paused program take referrals again."""
    caller = caller_of(request)
    row = resume_program(workspace=caller.workspace, program=program, actor=caller.actor(), now=caller.now)
    return _program(caller.workspace, row)


@routes.post("/backtests", gives=TaskOut, scope=SCOPE)
def post_backtest(request: HttpRequest, body: DocumentIn) -> TaskOut:
    """Run a draft over everything that happened, and say what would have been different.

    Answers with a task; its result is the report. Nothing is published and no books are touched.
    """
    caller = caller_of(request)
    _readable(body.document)
    given = {"text": body.document}
    return carried_out(
        request,
        TaskOut,
        lambda: task_out(start_task(workspace=caller.workspace, kind=BACKTEST, arguments=given, now=caller.now)),
    )


def _publish(caller: Caller, body: PublicationIn) -> Published:
    return publish_program(
        workspace=caller.workspace,
        text=body.document,
        valid_from=body.valid_from,
        approved_by=body.approved_by or caller.key.name,
        now=caller.clock,
    )


def _published(made: Published, *, dry_run: bool) -> PublicationOut:
    return PublicationOut(
        program=made.program, version=made.version, summary=made.summary, already=made.already, dry_run=dry_run
    )


def _readable(text: str) -> Parsed:
    parsed = check_program(text)
    if parsed.document is None or parsed.errors:
        raise ProgramRefused(parsed.errors)
    return parsed


def _same_name(name: str, text: str) -> None:
    parsed = _readable(text)
    assert parsed.document is not None
    if parsed.document.program != name:
        message = f"The document is of the program {parsed.document.program}, and this is the place of {name}."
        raise ProgramRefused([Problem(0, 0, "program", message, name)])


def _explained(parsed: Parsed, language: Language) -> ExplanationOut:
    assert parsed.document is not None
    told = explain(parsed.document, parsed.conditions, language=language)
    sections = [SectionOut(key=each.key, title=each.title, paragraphs=each.paragraphs()) for each in told.sections]
    return ExplanationOut(program=parsed.document.program, language=language, sections=sections)


def _program(workspace: Workspace, row: Program) -> ProgramOut:
    latest = published_versions(workspace, row.name)[-1]
    paused = is_paused(workspace, row)
    return ProgramOut(program=row.name, version=latest.number, paused=paused, document=latest.text)


def _version(program: str, row: Version) -> VersionOut:
    told: dict[str, Any] = {
        name: getattr(row, name) for name in ("summary", "approved_by", "valid_from", "published_at")
    }
    return VersionOut(program=program, version=row.number, document=row.text, **told)
