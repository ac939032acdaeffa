"""Reading the log."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from django.db.models import Count, Q

from sayso.core.domain_error import DomainError
from sayso.domains.events.models import Event, State
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.page import Page

CHUNK = 2000


def events_about(
    workspace: Workspace, members: Collection[int], *, of_nobody: Collection[int], also: Collection[int] = ()
) -> Iterator[Event]:
    """Yield events by their place in the log, each with its stored outcome.

    Args:
        workspace: whose log.
        members: whose events.
        of_nobody: members of whom the workspace's own events are wanted too, as far as something was decided about
            them: what waited for a budget is decided when the budget is refilled, and that is nobody's event.
        also: positions of further events.
    """
    told = Q(*(Q(outcome__contains=str(number)) for number in of_nobody), _connector=Q.OR)
    found = Event.objects.filter(Q(member__in=members) | Q(told, member=0) | Q(position__in=also), workspace=workspace)
    yield from found.order_by("position").iterator(chunk_size=CHUNK)


def events_by_type(workspace: Workspace) -> dict[str, int]:
    """Return how many events of each type the log holds, timers included."""
    found = Event.objects.filter(workspace=workspace).values_list("type")
    return dict(found.annotate(count=Count("position")).order_by("type"))


def set_aside_events(
    workspace: Workspace,
    *,
    positions: Collection[int] | None = None,
    types: Collection[str] = (),
    failure: str = "",
) -> Iterator[Event]:
    """Yield the events that were set aside, by their place in the log.

    Args:
        workspace: whose log.
        positions: only of these places.
        types: only of these; of all where none is given.
        failure: only those that were set aside for exactly this.
    """
    found = Event.objects.filter(workspace=workspace, state=State.SET_ASIDE).order_by("position")
    if positions is not None:
        found = found.filter(position__in=positions)
    if types:
        found = found.filter(type__in=types)
    if failure:
        found = found.filter(failure=failure)
    yield from found.iterator(chunk_size=CHUNK)


def set_aside_for(workspace: Workspace, failure: str) -> bool:
    """Whether any event was set aside for exactly this."""
    return Event.objects.filter(workspace=workspace, state=State.SET_ASIDE, failure=failure).exists()


def moments_of(workspace: Workspace, *, source: str, ids: Collection[str]) -> dict[str, datetime]:
    """Return when those of some events happened that are stored already, by their external ids."""
    if not ids:
        return {}
    found = Event.objects.filter(external_id__in=ids, source=source, workspace=workspace)
    return {name: at for name, at in found.values_list("external_id", "occurred_at") if at is not None}


def stored_under(workspace: Workspace, *, source: str, ids: Collection[str]) -> dict[str, Event]:
    """Return those of some events that are stored already, by their external ids."""
    found = Event.objects.filter(external_id__in=ids, source=source, workspace=workspace)
    return {each.external_id: each for each in found}


class NoSuchEvent(DomainError, LookupError):
    """The log has no such event."""


def event_at(workspace: Workspace, position: int) -> Event:
    """Return the event at a place of the log.

    Raises:
        NoSuchEvent: there is none, or it was decided at a later place.
    """
    found = Event.objects.filter(position=position, workspace=workspace).exclude(state=State.REPLAYED).first()
    if found is None:
        raise NoSuchEvent(f"the log of {workspace.name} has no such event")
    return found


def event_called(workspace: Workspace, name: str, *, source: str) -> Event:
    """Return the event that was sent under an id.

    Args:
        workspace: whose log.
        name: the id that its sender gave it.
        source: in whose name it was sent.

    Raises:
        NoSuchEvent: there is none.
    """
    found = Event.objects.filter(external_id=name, source=source, workspace=workspace).first()
    if found is None:
        raise NoSuchEvent(f"the log of {workspace.name} has no such event of {source}")
    return found


def set_aside_page(workspace: Workspace, page: Page) -> Sequence[Event]:
    """Return a part of the events that were set aside, by their place in the log."""
    found = Event.objects.filter(workspace=workspace, state=State.SET_ASIDE, position__gt=page.after)
    return list(found.order_by("position")[: page.limit])
