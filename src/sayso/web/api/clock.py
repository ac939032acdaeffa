"""The clock of a workspace: what it shows, and moving that of a test workspace forward.

Owns no time. What falls due on the way is the engine's.
"""

from django.http import HttpRequest
from pydantic import Field

from sayso.domains.decisions.clock import move_clock
from sayso.web.api.access import Caller, caller_of
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import Flag, In, Out, Sent, Told

routes = Routes("Clock")


class ClockOut(Out):
    """What time it is in the workspace."""

    workspace: str
    kind: str = Field(description="live or test")
    now: Told
    timezone: str = Field(description="In which its days begin and end.", examples=["Europe/Madrid"])
    fired: int = Field(description="How many things fell due on the way.")
    set_aside: int = Field(description="How many of them failed.")


class ClockIn(In):
    """What the clock shall show."""

    now: Sent = Field(examples=["2027-03-01T12:00:00Z"])
    confirm: Flag = Field(False, description="More than five years at once are meant; a clock never goes back.")


@routes.get("/clock", gives=ClockOut)
def get_clock(request: HttpRequest) -> ClockOut:
    """Show what time it is in the workspace."""
    return _out(caller_of(request))


@routes.put("/clock", gives=ClockOut, scope="programs", fails=(409,))
def put_clock(request: HttpRequest, body: ClockIn) -> ClockOut:
    """Move the clock of a test workspace forward.

    Everything that falls due until then happens, each thing at its own time.
    """
    caller = caller_of(request)
    swept = move_clock(workspace=caller.workspace, to=body.now, now=caller.now, confirmed=body.confirm)
    caller.workspace.refresh_from_db()
    return _out(caller, fired=swept.fired, failed=swept.failed)


def _out(caller: Caller, *, fired: int = 0, failed: int = 0) -> ClockOut:
    workspace = caller.workspace
    return ClockOut(
        workspace=workspace.name,
        kind="test" if workspace.is_test else "live",
        now=caller.clock,
        timezone=workspace.timezone,
        fired=fired,
        set_aside=failed,
    )
