"""Who is let in with a form: people, with script or without, and no robot in any number.

Owns the limits. Whoever's browser did the sum of the ticket may come as often as an office or a school does; whoever
has no script waits a moment and comes less often. It must not read what the form says.
"""

from __future__ import annotations

from enum import Enum

from django.http import HttpRequest

from sayso.domains.workspaces.models import Workspace
from sayso.web.callers import client_address
from sayso.web.landing.ticket import Ticket
from sayso.web.throttle import Throttle

# A field that people do not see: whoever fills it in is a program.
TRAP = "fax_number"
PROVEN = ((60.0, 10), (3600.0, 60))
UNPROVEN = ((60.0, 3), (3600.0, 10))
# However many addresses a crowd without script has, a workspace takes so many of it.
UNPROVEN_TOGETHER = ((60.0, 60), (3600.0, 600))
# Nobody reads a page and fills in two fields in less.
LEAST_SECONDS = 3.0


class Gate(Enum):
    """How a form is met."""

    OPEN = "open"
    ROBOT = "robot"
    TOO_SOON = "too soon"
    TOO_MANY = "too many"


class Gatekeeper:
    """The count of one process."""

    def __init__(self) -> None:
        self._proven, self._unproven = Throttle(PROVEN), Throttle(UNPROVEN)
        self._together = Throttle(UNPROVEN_TOGETHER)

    def meet(self, request: HttpRequest, workspace: Workspace, ticket: Ticket) -> Gate:
        """Say how a form that was sent is met, and count it."""
        if request.POST.get(TRAP):
            return Gate.ROBOT
        address = client_address(request.META)
        if ticket.is_proven(request.POST.get("proof", "")):
            return Gate.TOO_MANY if self._proven.take(address) else Gate.OPEN
        if ticket.age_seconds < LEAST_SECONDS:
            return Gate.TOO_SOON
        is_too_many = self._unproven.take(address) or self._together.take(str(workspace.pk))
        return Gate.TOO_MANY if is_too_many else Gate.OPEN


gatekeeper = Gatekeeper()
