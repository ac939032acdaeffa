"""The one call upward: handing events to whoever decides them.

Owns the port. `decisions` puts itself behind it when Django is ready, so that every domain below can submit an event
without knowing it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sayso.core.engine.events import Arrival
from sayso.domains.workspaces.models import Workspace


class Decider(Protocol):
    """Decides arrivals of a workspace and returns one answer for each, in their order."""

    def __call__(self, workspace: int, arrivals: Sequence[Arrival], *, now: datetime) -> Sequence[Any]: ...


_deciders: list[Decider] = []


def set_decider(decider: Decider) -> None:
    """Put a decider behind the port, in place of any before."""
    _deciders[:] = [decider]


def submit(workspace: Workspace, arrivals: Sequence[Arrival], *, now: datetime) -> Sequence[Any]:
    """Have events decided and recorded, all of them before this returns.

    Args:
        workspace: where they belong.
        arrivals: checked events (`events.receive`).
        now: the time.

    Returns:
        One `decisions.answers.Answer` for each arrival, in their order.
    """
    return _deciders[0](workspace.pk, arrivals, now=now)
