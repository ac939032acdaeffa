"""Pausing a program, and letting it go on: it takes no new referrals, and open ones finish (SEMANTICS 24)."""

from datetime import datetime

from sayso.core.engine.events import PROGRAM_PAUSED, PROGRAM_RESUMED
from sayso.domains.events.act import Actor, Deed, act
from sayso.domains.programs.models import Program
from sayso.domains.programs.queries import program_named
from sayso.domains.workspaces.models import Workspace


def pause_program(*, workspace: Workspace, program: str, actor: Actor, now: datetime) -> Program:
    """Let a program take no new referrals; one that is paused stays so.

    Raises:
        NoSuchProgram: none of this name was ever published.
    """
    return _say(workspace, Deed("pause", PROGRAM_PAUSED, props={"program": program}), actor, now)


def resume_program(*, workspace: Workspace, program: str, actor: Actor, now: datetime) -> Program:
    """Let a paused program take referrals again.

    Raises:
        NoSuchProgram: none of this name was ever published.
    """
    return _say(workspace, Deed("resume", PROGRAM_RESUMED, props={"program": program}), actor, now)


def _say(workspace: Workspace, deed: Deed, actor: Actor, now: datetime) -> Program:
    found = program_named(workspace, str(deed.props["program"]))
    act(workspace=workspace, deed=deed, actor=actor, now=now)
    return found
