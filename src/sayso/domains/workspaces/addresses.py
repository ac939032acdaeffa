"""Whole addresses of a workspace's pages for its members, as they are passed on and stand in mails.

Owns under which host that is. It must not know a page.
"""

from django.conf import settings

from sayso.domains.workspaces.brand import hosts_of
from sayso.domains.workspaces.models import Workspace


def site_root(workspace: Workspace, *, visited: str = "") -> str:
    """Return what every whole address of a workspace's site begins with, without a slash at the end.

    That is the first host that the company named, where it has one of its own, else the installation's public address.

    Args:
        workspace: whose site.
        visited: scheme and host under which somebody reaches the installation just now: it holds where nobody said
            what its public address is.

    Returns:
        The beginning; empty where nobody said, and nobody visits.
    """
    hosts = hosts_of(workspace)
    if hosts:
        return f"https://{hosts[0]}"
    origin = settings.PUBLIC_URL or visited
    return f"{origin}/w/{workspace.name}" if origin else ""
