"""Moving the clock of a test workspace forward: everything that falls due in between happens, at its own time."""

from datetime import datetime, timedelta

from sayso.core.domain_error import DomainError
from sayso.core.engine.events import CLOCK_MOVED, OUR_OWN, Arrival
from sayso.core.engine.log import FARTHEST
from sayso.core.program.calendar import moment_of
from sayso.domains.decisions.batch import decide_batch
from sayso.domains.decisions.sweep import Swept, sweep
from sayso.domains.workspaces.models import Workspace

# A slip in a date moves the clock for good, so what goes farther at once is said twice.
UNASKED = timedelta(days=5 * 365 + 2)


class NotATest(DomainError):
    """The workspace is live: its clock is everybody's."""


class BackInTime(DomainError, ValueError):
    """A test workspace's clock moves forward only."""


class TooFarAhead(DomainError, ValueError):
    """A test workspace's clock moves at most a hundred years at once, and more than five only where that is meant."""


def move_clock(*, workspace: Workspace, to: datetime, now: datetime, confirmed: bool = False) -> Swept:
    """Move the clock of a test workspace, and let everything happen that falls due until then.

    Args:
        workspace: the test workspace.
        to: what its clock shall show.
        now: the time.
        confirmed: more than five years at once are meant.

    Raises:
        NotATest: the workspace is live.
        BackInTime: its clock stands later already.
        TooFarAhead: that is more than a hundred years from what it shows, or more than five and not confirmed.
    """
    workspace.refresh_from_db()
    if not workspace.is_test:
        raise NotATest(f"the workspace {workspace.name} is live; only the clock of a test workspace can be moved")
    if workspace.clock is not None and to < workspace.clock:
        shown = workspace.clock.astimezone(workspace.zone).isoformat()
        raise BackInTime(f"the clock of {workspace.name} stands at {shown} already")
    moment = moment_of(to)
    if workspace.clock is not None and moment > moment_of(workspace.clock) + FARTHEST:
        raise TooFarAhead(f"the clock of {workspace.name} moves at most 100 years at once")
    if not confirmed and to > (workspace.clock or now) + UNASKED:
        raise TooFarAhead(
            f"{to.astimezone(workspace.zone).date()} is more than 5 years ahead, and a clock never goes back; "
            "confirm that it is meant (--confirm, or confirm: true)"
        )
    decide_batch(workspace.pk, [Arrival(OUR_OWN, f"clock-{moment}", CLOCK_MOVED, "", moment)], now=now)
    return sweep(workspace.pk, now=now)
