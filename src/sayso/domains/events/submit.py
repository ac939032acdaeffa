"""The one call upward: handing events to whoever decides them.

Owns the port. `decisions` puts itself behind it when Django is ready, so that every domain below can submit an event
without knowing it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from sayso.core.engine.events import Arrival
from sayso.domains.events.answer import Answer
from sayso.domains.workspaces.models import Workspace


class Decider(Protocol):
    """Decides arrivals of a workspace and returns one answer for each, in their order."""

    def __call__(self, workspace: int, arrivals: Sequence[Arrival], *, now: datetime) -> Sequence[Answer]: ...


class DeciderOfMany(Protocol):
    """Decides batches of arrivals one after the other, and yields the answers to each when it is recorded."""

    def __call__(
        self, workspace: int, batches: Iterable[Sequence[Arrival]], *, now: datetime
    ) -> Iterator[Sequence[Answer]]: ...


_deciders: list[tuple[Decider, DeciderOfMany]] = []


def set_decider(decider: Decider, of_many: DeciderOfMany) -> None:
    """Put a decider behind the port, in place of any before."""
    _deciders[:] = [(decider, of_many)]


def submit(workspace: Workspace, arrivals: Sequence[Arrival], *, now: datetime) -> Sequence[Answer]:
    """Have events decided and recorded, all of them before this returns.

    Args:
        workspace: where they belong.
        arrivals: checked events (`events.receive`).
        now: the time.

    Returns:
        One answer for each arrival, in their order.
    """
    decider, _ = _deciders[0]
    return decider(workspace.pk, arrivals, now=now)


def submit_many(
    workspace: Workspace, batches: Iterable[Sequence[Arrival]], *, now: datetime
) -> Iterator[Sequence[Answer]]:
    """Have batches of events decided and recorded one after the other, as `submit` does.

    Args:
        batches: the next one is asked for while the one before is being recorded.

    Yields:
        The answers to each batch, as soon as it is recorded.
    """
    _, of_many = _deciders[0]
    return of_many(workspace.pk, batches, now=now)
