"""Moving the clock of a test workspace forward: everything that falls due in between happens, at its own time."""

from datetime import datetime

from sayso.core.engine.events import CLOCK_MOVED, OUR_OWN, Arrival
from sayso.core.engine.log import FARTHEST
from sayso.core.program.calendar import moment_of
from sayso.domains.decisions.batch import decide_batch
from sayso.domains.decisions.sweep import Swept, sweep
from sayso.domains.workspaces.models import Workspace


class NotATest(Exception):
    """The workspace is live: its clock is everybody's."""


class BackInTime(ValueError):
    """A test workspace's clock moves forward only."""


class TooFarAhead(ValueError):
    """A test workspace's clock moves at most a hundred years at once."""


def move_clock(*, workspace: Workspace, to: datetime, now: datetime) -> Swept:
    """Move the clock of a test workspace, and let everything happen that falls due until then.

    Args:
        workspace: the test workspace.
        to: what its clock shall show.
        now: the time.

    Raises:
        NotATest: the workspace is live.
        BackInTime: its clock stands later already.
        TooFarAhead: that is more than a hundred years from what it shows.
    """
    workspace.refresh_from_db()
    if not workspace.is_test:
        raise NotATest(f"{workspace.name} is live; only the clock of a test workspace can be moved")
    if workspace.clock is not None and to < workspace.clock:
        shown = workspace.clock.astimezone(workspace.zone).isoformat()
        raise BackInTime(f"the clock of {workspace.name} stands at {shown} already")
    moment = moment_of(to)
    if workspace.clock is not None and moment > moment_of(workspace.clock) + FARTHEST:
        raise TooFarAhead(f"the clock of {workspace.name} moves at most 100 years at once")
    decide_batch(workspace.pk, [Arrival(OUR_OWN, f"clock-{moment}", CLOCK_MOVED, "", moment)], now=now)
    return sweep(workspace.pk, now=now)
