"""What a workspace takes for now."""

from datetime import datetime

from sayso.domains.workspaces.models import Workspace


def now_in(workspace: Workspace, now: datetime) -> datetime:
    """Return what the clock of a workspace shows: its own in a test workspace once it runs, else the time."""
    return workspace.clock if workspace.is_test and workspace.clock is not None else now
