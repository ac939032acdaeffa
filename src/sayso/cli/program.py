"""Owns `sayso program`: check, explain, compare and publish a written program, and list its versions.

It must not judge a document: what is wrong with it is the core's word.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.answers import Refused, answer, json_option, written
from sayso.cli.connect import open_workspace, workspace_option
from sayso.cli.group import CommandGroup
from sayso.cli.moments import MOMENT, WrittenMoment, local

if TYPE_CHECKING:
    from sayso.core.program.parse import Parsed
    from sayso.core.program.problems import Problem
    from sayso.domains.programs.models import Version
    from sayso.domains.programs.publish import Published
    from sayso.domains.workspaces.models import Workspace

LANGUAGES = click.Choice(["en", "es", "it", "nl"])
_SIGNS = {"better": "+", "worse": "-", "same": " ", "unclear": "?"}
DOCUMENT = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.group(cls=CommandGroup)
def program() -> None:
    """Check, explain, compare and publish written programs, and list their versions."""


@program.command()
@click.argument("file", type=DOCUMENT)
@json_option
def check(file: Path) -> None:
    """Say everything that is wrong with the program in FILE (- for standard input), line by line.

    The exit code is 1 when something keeps it from being published; notes alone do not.
    """
    parsed = _sound(file)
    data = {"file": str(file), "ok": True, "problems": [each.as_dict() for each in parsed.problems]}
    verdict = f"{file}: {_counted(parsed.problems)}. It may be published."
    answer(data, lambda: "\n".join([*_lines(file, parsed), verdict]))


@program.command()
@click.argument("file", type=DOCUMENT)
@click.option("--language", type=LANGUAGES, default="en", show_default=True, help="The reader's language.")
@json_option
def explain(file: Path, language: str) -> None:
    """Say in plain sentences what the program in FILE means."""
    parsed = _sound(file)
    from sayso.core.program.explain import explain as in_words

    assert parsed.document is not None
    told = in_words(parsed.document, parsed.conditions, language=language)  # type: ignore[arg-type]
    sections = [{"key": each.key, "title": each.title, "paragraphs": each.paragraphs()} for each in told.sections]
    answer({"program": parsed.document.program, "language": language, "sections": sections}, told.as_text)


@program.command()
@click.argument("file", type=DOCUMENT)
@click.option("--against", type=DOCUMENT, metavar="OTHER", help="Compare with OTHER instead of the running version.")
@click.option("--language", type=LANGUAGES, default="en", show_default=True, help="The reader's language.")
@workspace_option
@json_option
def changes(file: Path, against: Path | None, language: str, workspace: str) -> None:
    """Say what FILE changes: in the version that runs now, or in another file.

    Marked are changes that take something from members (-), give them something (+), or cannot be put in order (?).
    Of a program that is not published yet, everything is new.
    """
    new = _sound(file)
    old = _sound(against) if against else _running(workspace, new)
    assert new.document is not None
    name = new.document.program
    if old is None:
        first = f"It would be the first version of {name} in {workspace}: everything in it is new."
        answer({"program": name, "changes": [], "first": True}, lambda: first)
        return
    from sayso.core.program.changes import Version
    from sayso.core.program.changes import changes as compared

    versions = (Version(each.document, each.conditions) for each in (old, new) if each.document)
    found = compared(*versions, language=language)  # type: ignore[arg-type]
    rows = [{"path": each.path, "kind": each.kind, "sentence": each.sentence, "effect": each.effect} for each in found]
    lines = [f"{_SIGNS[each.effect]} {each.sentence}" for each in found]
    answer({"program": name, "changes": rows, "first": False}, lambda: "\n".join(lines) or "Nothing changes.")


@program.command()
@click.argument("files", type=DOCUMENT, nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--from", "valid_from", type=MOMENT, help="From when it holds; now, unless said. In a new test workspace: always."
)
@click.option("--approved-by", default="", metavar="WHO", help="Who answers for it.")
@workspace_option
@json_option
def publish(files: tuple[Path, ...], valid_from: WrittenMoment | None, approved_by: str, workspace: str) -> None:
    """Publish the program in FILE as its next version; it holds for what happens from then on.

    Several files are published in one act, all of them or none: programs that share points so change together when
    these expire. A file that is the latest version unchanged makes none, unless --from lets it hold from earlier on.
    """
    texts = [_text(file) for file in files]
    read = [_checked(file, text) for file, text in zip(files, texts, strict=True)]
    within = open_workspace(workspace)
    from sayso.domains.programs.publish import ProgramRefused, publish_programs
    from sayso.domains.workspaces.clock import now_in

    now = now_in(within, datetime.now(UTC))
    since = valid_from.within(within.zone) if valid_from else None
    # A test workspace in which nothing happened has no clock yet: nothing is ahead of it.
    ahead = (
        local(since, within.zone) if since and since > now and not (within.is_test and within.clock is None) else None
    )
    try:
        made = publish_programs(
            workspace=within,
            texts=[text.decode("utf-8-sig") for text in texts],
            valid_from=since,
            approved_by=approved_by,
            now=now,
        )
    except ProgramRefused as error:
        refused = replace(read[error.which], problems=list(error.problems))
        raise _wrong(files[error.which], refused) from error
    data = [asdict(each) for each in made]
    answer(
        data[0] if len(data) == 1 else {"published": data},
        lambda: "\n".join(_published(each, ahead) + _budget_changed(each, within, now) for each in made),
    )


@program.command()
@click.argument("name", required=False)
@workspace_option
@json_option
def versions(name: str | None, workspace: str) -> None:
    """List the published versions of the program NAME, or of all programs, with what each changed."""
    within = open_workspace(workspace)
    from sayso.domains.programs.queries import programs_in, published_versions

    names = [each.name for each in programs_in(within)]
    if name is not None and name not in names:
        known = f"there are {', '.join(names)}" if names else "nothing is published here yet"
        raise Refused(f"There is no program {name!r} in {workspace}; {known}.")
    found = [(each, version) for each in names if name in (None, each) for version in published_versions(within, each)]
    rows = [_version(each, version, within) for each, version in found]
    answer({"versions": rows}, lambda: _listed(rows) or f"Nothing is published in {workspace} yet.")


def _published(made: Published, ahead: datetime | None) -> str:
    """What was published; `ahead` is the moment from which it holds, where that is still to come."""
    if made.already:
        return f"{made.program} is published already as version {made.version}; nothing changed."
    holds = f" It holds for what happens from {written(ahead)} on." if ahead else ""
    return f"Published {made.program}, version {made.version}.{holds}\n{made.summary}".rstrip()


def _budget_changed(made: Published, workspace: Workspace, now: datetime) -> str:
    """From when another budget counts: what the change itself does is easily taken for what a period brings."""
    from sayso.core.program.explain.voice import voice_of
    from sayso.domains.rewards.budgets import budget_change

    changed = None if made.already else budget_change(workspace, made.program, made.version, now)
    if changed is None:
        return ""
    voice, more = voice_of("en"), changed.after_minor - changed.before_minor
    moved = "rose at once by {}" if more > 0 else "fell at once by {}, at most to nothing"
    said = f"\nWhat is left of the budget {moved.format(voice.minor(abs(more), changed.currency))}."
    if changed.first is None:
        return said
    brings = voice.minor(changed.after_minor, changed.currency)
    return f"{said} The period of {date.fromordinal(changed.first)} is the first that brings {brings}."


def _version(name: str, version: Version, workspace: Workspace) -> dict[str, Any]:
    return {
        "program": name,
        "version": version.number,
        "holds_from": local(version.valid_from, workspace.zone),
        "published_at": local(version.published_at, workspace.zone),
        "approved_by": version.approved_by,
        "summary": version.summary,
    }


def _listed(rows: list[dict[str, Any]]) -> str:
    """One paragraph for each version: when it began to hold, who approved it, what it changed."""
    paragraphs = []
    for each in rows:
        since = written(each["holds_from"]) if each["holds_from"] else "the beginning"
        by = f", approved by {each['approved_by']}" if each["approved_by"] else ""
        published = f"published {written(each['published_at'])}{by}"
        head = f"{each['program']}, version {each['version']}: holds from {since}; {published}"
        changed = each["summary"].splitlines() or (["The first version."] if each["version"] == 1 else [])
        paragraphs.append("\n".join([head, *(f"  {line}" for line in changed)]))
    return "\n".join(paragraphs)


def _running(workspace: str, new: Parsed) -> Parsed | None:
    """The version of the same program that runs in a workspace; None where none was published."""
    assert new.document is not None
    within = open_workspace(workspace)
    from sayso.domains.programs.queries import running_text

    text = running_text(within, new.document.program)
    from sayso.core.program.review import read_published

    return None if text is None else read_published(text)


def _text(file: Path) -> bytes:
    """Read a file; no more of it than a document may have is ever held."""
    from sayso.core.program.yaml_source import MAXIMUM_BYTES

    with sys.stdin.buffer if str(file) == "-" else file.open("rb") as stream:
        return stream.read(MAXIMUM_BYTES + 1)


def checked_text(file: Path) -> bytes:
    """Return the text of a program that may be published.

    Raises:
        Refused: it may not; everything that is wrong is said.
    """
    text = _text(file)
    _checked(file, text)
    return text


def _judged(text: str | bytes) -> Parsed:
    from sayso.core.program.review import check_program

    return check_program(text)


def _checked(file: Path, text: bytes) -> Parsed:
    """Read a document that may be published, or refuse it with everything that is wrong."""
    parsed = _judged(text)
    if parsed.errors or parsed.document is None:
        raise _wrong(file, parsed)
    return parsed


def _sound(file: Path) -> Parsed:
    return _checked(file, _text(file))


def _wrong(file: Path, parsed: Parsed) -> Refused:
    # What needs the whole document is looked at once its shape is right.
    more = [] if parsed.document else ["More may show when these are put right."]
    message = "\n".join([f"{file} cannot be published: {_counted(parsed.problems)}.", *_lines(file, parsed), *more])
    return Refused(message, {"file": str(file), "ok": False, "problems": [each.as_dict() for each in parsed.problems]})


def _lines(file: Path, parsed: Parsed) -> list[str]:
    return [_line(file, each) for each in parsed.problems]


def _line(file: Path, problem: Problem) -> str:
    """One problem as compilers write theirs, so that editors can jump to it."""
    place = f"{file}:{problem.line}:{problem.column}" if problem.line else str(file)
    path = f" {problem.path}:" if problem.path else ""
    advice = f" Write {problem.instead}" if problem.instead else ""
    return f"{place}: {problem.severity}:{path} {problem.message}{advice}"


def _counted(problems: list[Problem]) -> str:
    errors = sum(each.severity == "error" for each in problems)
    notes = len(problems) - errors
    found = [
        f"{count} {name}{'s' if count != 1 else ''}" for count, name in ((errors, "problem"), (notes, "note")) if count
    ]
    return " and ".join(found) or "nothing is wrong"
