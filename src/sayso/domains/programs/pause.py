"""Pausing a program, and letting it go on: it takes no new referrals, and open ones finish (SEMANTICS 24)."""

from datetime import datetime

from sayso.core.engine.decision import Verdict
from sayso.core.engine.events import PROGRAM_PAUSED, PROGRAM_RESUMED
from sayso.core.program.problems import Problem
from sayso.domains.events.act import Actor, Deed, NotSayable, act
from sayso.domains.programs.models import Program
from sayso.domains.programs.queries import program_named
from sayso.domains.workspaces.models import Workspace


def pause_program(*, workspace: Workspace, program: str, actor: Actor, now: datetime) -> Program:
    """Let a program take no new referrals; one that is paused stays so.

    Raises:
        NoSuchProgram: none of this name was ever published.
        NotSayable: the program opens no referrals; one that is all points has nothing to pause.
    """
    return _say(workspace, Deed("pause", PROGRAM_PAUSED, props={"program": program}), actor, now)


def resume_program(*, workspace: Workspace, program: str, actor: Actor, now: datetime) -> Program:
    """Let a paused program take referrals again.

    Raises:
        NoSuchProgram: none of this name was ever published.
        NotSayable: the program opens no referrals; one that is all points has nothing to pause.
    """
    return _say(workspace, Deed("resume", PROGRAM_RESUMED, props={"program": program}), actor, now)


def _say(workspace: Workspace, deed: Deed, actor: Actor, now: datetime) -> Program:
    found = program_named(workspace, str(deed.props["program"]))
    done = act(workspace=workspace, deed=deed, actor=actor, now=now)
    if Verdict.MET not in {reason.verdict for reason in done.reasons}:
        raise NotSayable(
            [Problem(0, 0, "program", f"{found.name} opens no referrals, so nothing of it can be paused.")]
        )
    return found
