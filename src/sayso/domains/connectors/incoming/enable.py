"""Trying a mapping on a sample, making it live, and stopping to take messages.

Owns that nothing becomes live which was not seen to make events. It must not store an event.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sayso.core.domain_error import DomainError
from sayso.core.engine.events import Arrival
from sayso.core.program.calendar import moment_of
from sayso.core.program.problems import Problem
from sayso.domains.connectors.incoming.mapping import stored_mapping
from sayso.domains.connectors.incoming.models import Source
from sayso.domains.connectors.incoming.queries import source_named
from sayso.domains.connectors.incoming.translate import Made, Message, read_body, translate
from sayso.domains.events.receive import receive
from sayso.domains.sharing.click import with_touch
from sayso.domains.workspaces.clock import now_in
from sayso.domains.workspaces.models import Workspace

SAMPLE_ID = "sample"


class NotTried(DomainError, ValueError):
    """The mapping made no event from a sample since it was written last."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A message to try a mapping on; it needs no signature."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a mapping made of a sample.

    Attributes:
        events: as they would be sent to the API.
        problems: by rule and field; none, where the mapping may become live.
    """

    events: Sequence[Mapping[str, Any]]
    problems: Sequence[Problem]


def try_mapping(*, workspace: Workspace, name: str, sample: Sample, now: datetime) -> Tried:
    """Show which events the draft of a source's mapping makes of a sample, and store none of them.

    Raises:
        NoSuchSource, NotReadable: as they say.
    """
    source = source_named(workspace=workspace, name=name)
    headers = {name.lower(): value for name, value in sample.headers.items()}
    message = Message(SAMPLE_ID, read_body(sample.body), headers, now_in(workspace, now))
    made = translate(stored_mapping(source.draft), message)
    problems = [problem for each in made for problem in checked(source, workspace, each, now=now)[1]]
    tried = digest(source.draft) if made and not problems else ""
    Source.objects.filter(number=source.number, workspace=workspace).update(tried=tried)
    return Tried([each.event for each in made], problems)


def enable_source(*, workspace: Workspace, name: str, now: datetime) -> Source:
    """Take messages by the mapping that was tried last.

    Raises:
        NoSuchSource, NotTried: as they say.
    """
    source = source_named(workspace=workspace, name=name)
    if source.tried != digest(source.draft):
        raise NotTried(f"the mapping of {name} made no event from a sample yet; try it first")
    source.mapping, source.enabled_at = source.draft, source.enabled_at or now
    source.save(update_fields=["mapping", "enabled_at"])
    return source


def disable_source(*, workspace: Workspace, name: str) -> Source:
    """Take no more messages of a source; whoever sends to it is told that nothing is there.

    Raises:
        NoSuchSource: there is none.
    """
    source = source_named(workspace=workspace, name=name)
    source.enabled_at = None
    source.save(update_fields=["enabled_at"])
    return source


def checked(source: Source, workspace: Workspace, made: Made, *, now: datetime) -> tuple[Arrival | None, list[Problem]]:
    """Return what a rule made as an arrival, or what keeps it from being one, each problem with the rule's name."""
    latest = None if workspace.is_test else moment_of(now)
    found = made.problems or receive(with_touch(made.event, workspace.pk), source=source.name, latest=latest)
    if isinstance(found, Arrival):
        return found, []
    return None, [replace(each, path=f"{made.rule}.{each.path}") for each in found]


def digest(draft: str) -> str:
    """Return what tells one draft of a mapping from another."""
    return sha256(draft.encode()).hexdigest()
