"""Reading sources, and what was not taken of what they sent."""

from datetime import datetime

from sayso.core.domain_error import DomainError
from sayso.domains.connectors.incoming.models import SOURCE_PREFIX, Source, Untaken
from sayso.domains.workspaces.ids import number_of
from sayso.domains.workspaces.models import Workspace


class NoSuchSource(DomainError, LookupError):
    """There is no source of this name or address."""


def sources_in(workspace: Workspace) -> list[Source]:
    """Return the sources of a workspace, in the order of their names."""
    return list(Source.objects.filter(workspace=workspace).order_by("name"))


def source_named(*, workspace: Workspace, name: str) -> Source:
    """Return the source of this name.

    Raises:
        NoSuchSource: there is none.
    """
    found = Source.objects.filter(workspace=workspace, name=name).first()
    if found is None:
        raise NoSuchSource(f"{workspace} has no source {name!r}")
    return found


def source_at(address: str) -> Source:
    """Return the source that sends to an address, whatever its workspace, which the address decides.

    Raises:
        NoSuchSource: there is none, or it is not enabled.
    """
    found = Source.objects.filter(number=number_of(SOURCE_PREFIX, address) or 0).exclude(enabled_at=0).first()
    if found is None:
        raise NoSuchSource("nothing is taken at this address")
    return found


def untaken_by(source: Source, *, since: datetime) -> list[Untaken]:
    """Return how many messages of a source made no event since a day, the latest day first."""
    found = Untaken.objects.filter(source=source.number, workspace=source.workspace_id)
    return list(found.filter(day__gte=since.toordinal()).order_by("-day", "outcome"))
