"""The rulebook of a workspace: every published version, compiled and kept in memory until the next publication.

Owns the cache. It must not decide. A rulebook holds what was published up to its head, whatever was published since:
who only reads may hold a head from before.
"""

from functools import lru_cache
from hashlib import sha256
from typing import Any

from sayso.core.engine.compile import compile_program
from sayso.core.engine.events import Arrival
from sayso.core.engine.rulebook import CompiledProgram, Edition, Rulebook
from sayso.core.program.calendar import Calendar, moment_of
from sayso.core.program.review import read_published
from sayso.domains.programs.models import Program, Version
from sayso.domains.workspaces.head import Head

MOST_VERSIONS, MOST_RULEBOOKS = 1024, 128


class BrokenVersion(Exception):
    """A published version cannot be read any more."""


def rulebook_of(head: Head, *, publication: Arrival | None = None) -> Rulebook:
    """Return the rulebook of a workspace as of a head.

    Args:
        head: says which workspace, and how current the rulebook must be.
        publication: the event that is about to publish a version; that version is in the rulebook too.

    Raises:
        BrokenVersion: a stored version does not pass the check.
    """
    if publication is not None:
        return _build(head, publication.props)
    return _cached(_Key(head))


class _Key:
    """A head, compared by what its rulebook depends on."""

    __slots__ = ("head", "key")

    def __init__(self, head: Head) -> None:
        self.head, self.key = head, (head.workspace, head.rulebook, head.timezone)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.key == other.key


@lru_cache(MOST_RULEBOOKS)
def _cached(key: _Key) -> Rulebook:
    return _build(key.head, {})


def _build(head: Head, publishing: dict[str, Any]) -> Rulebook:
    calendar = Calendar(head.timezone)
    names = dict(Program.objects.filter(workspace=head.workspace).values_list("number", "name"))
    compiled = []
    for version in Version.objects.filter(workspace=head.workspace):
        announced = (names[version.program], version.number) == (publishing.get("program"), publishing.get("version"))
        if 0 < version.position <= head.position or announced:
            valid_from = moment_of(version.valid_from) if version.valid_from else 0
            position = version.position or head.position + 1
            edition = Edition(version.program, version.number, valid_from, position)
            compiled.append(compile_version(version.text, head.timezone, edition))
    return Rulebook(compiled, calendar)


@lru_cache(MOST_VERSIONS)
def compile_version(text: str, timezone: str, edition: Edition) -> CompiledProgram:
    """Return a version compiled for a time zone.

    Raises:
        BrokenVersion: it does not pass the check.
    """
    parsed = read_published(text)
    if parsed.document is None or parsed.errors:
        raise BrokenVersion(f"version {edition.version} of program {edition.number}: {parsed.errors[:3]}")
    return compile_program(parsed.document, parsed.conditions, Calendar(timezone), edition)


def mark_published(head: Head, publication: Arrival, position: int) -> None:
    """Give a version its place in the log, in the transaction that decided its publication.

    Args:
        head: the locked head, which takes the new version into its hash over the rulebook.
        publication: the event that published it.
        position: that event's place.
    """
    program = Program.objects.get(workspace=head.workspace, name=publication.props["program"])
    version = Version.objects.get(workspace=head.workspace, program=program.number, number=publication.props["version"])
    Version.objects.filter(workspace=head.workspace, program=program.number, number=version.number).update(
        position=position
    )
    edition = f"{program.number}|{program.name}|{version.number}|{version.valid_from}|{position}|{version.text}"
    head.rulebook = sha256(head.rulebook + edition.encode()).digest()
