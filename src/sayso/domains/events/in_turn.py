"""Looking something up and doing something on the word of it, with nobody else in between.

Owns the turn: nothing else is decided in the workspace meanwhile, and it is kept as a whole or not at all. It must not
know what is looked up or done.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import connection

from sayso.domains.events.act import Undecided
from sayso.domains.workspaces.head import locked
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.retrying import retrying

T = TypeVar("T")


def in_turn(workspace: Workspace, work: Callable[[], T]) -> T:
    """Carry something out in one transaction while nobody else writes to a workspace, and return what it returns.

    Args:
        workspace: where.
        work: what; where the database breaks off it is called again, so what it does goes under a key (`act.Actor`).

    Raises:
        Undecided: something was set aside, which is kept with all that was done before it.
    """
    done = retrying(lambda: _kept(workspace, work))
    if isinstance(done, Undecided):
        raise done
    return done


def _kept(workspace: Workspace, work: Callable[[], T]) -> T | Undecided:
    """What set aside is stored: it must not take the transaction with it."""
    with locked(connection, workspace.pk):
        try:
            return work()
        except Undecided as error:
            return error
