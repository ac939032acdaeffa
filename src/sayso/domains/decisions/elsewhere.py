"""Refunds that wait for what another system sent: who looks at one is told under whose name its purchase stands.

Owns that sentence. It must not decide, nor change why an event is stored as set aside: `late` finds by that what can
be decided at last.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sayso.core.engine.events import REFUND
from sayso.core.engine.run import NOT_THERE
from sayso.domains.events.models import Event

# As many names as one statement takes well.
_AT_ONCE = 500


class Waits(NamedTuple):
    """An event that was set aside: who sent it, what it refers to, and why it was."""

    source: str
    refers_to: str
    failure: str


def waits_of(event: Event) -> Waits:
    """Return what an event of the log waits for."""
    return Waits(event.source, event.refers_to, event.failure)


def told_why(workspace: int, waiting: Sequence[Waits]) -> list[str]:
    """Return why each event waits; where only another source has what it refers to, with the name of that source.

    Ids are unique within a source, so what a refund refers to is looked for in its own alone (SEMANTICS 32).
    """
    names = {each.refers_to for each in waiting if each.failure.endswith(NOT_THERE)}
    sources = _sources_of(workspace, sorted(names))
    return [_told(each, sources.get(each.refers_to, set()) - {each.source}) for each in waiting]


def _sources_of(workspace: int, names: Sequence[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for first in range(0, len(names), _AT_ONCE):
        there = Event.objects.filter(external_id__in=names[first : first + _AT_ONCE], workspace=workspace)
        for name, source in there.exclude(type=REFUND).values_list("external_id", "source"):
            found[name].add(source)
    return found


def _told(waits: Waits, sources: set[str]) -> str:
    if not sources or not waits.failure.endswith(NOT_THERE):
        return waits.failure
    named = "source" if len(sources) == 1 else "sources"
    return f"{waits.failure}; there is one of the {named} {' and '.join(sorted(sources))}"
