"""Finding workspaces."""

from sayso.domains.workspaces.head import NoSuchWorkspace
from sayso.domains.workspaces.models import Workspace


def all_workspaces() -> list[Workspace]:
    """Return every workspace, in the order in which they were created."""
    return list(Workspace.objects.order_by("pk"))


def workspace_named(name: str) -> Workspace:
    """Return the workspace of this name.

    Raises:
        NoSuchWorkspace: there is none.
    """
    found = Workspace.objects.filter(name=name).first()
    if found is None:
        raise NoSuchWorkspace(f"there is no workspace {name!r}")
    return found


def workspace_numbered(number: int) -> Workspace:
    """Return the workspace with this number.

    Raises:
        NoSuchWorkspace: there is none.
    """
    found = Workspace.objects.filter(pk=number).first()
    if found is None:
        raise NoSuchWorkspace(f"there is no workspace {number}")
    return found
