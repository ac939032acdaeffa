"""Addresses of a company's pages for its members, as they stand in mails, where no request says the host.

Owns the links by which mails are stopped. It must not know a page.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.core import signing

from sayso.domains.workspaces.addresses import site_root
from sayso.domains.workspaces.models import Workspace


def page_url(workspace: Workspace, rest: str) -> str:
    """Return the whole address of a page of a workspace's site; empty where nobody said under which host it is.

    Args:
        workspace: whose page.
        rest: its path, which begins with a slash.
    """
    root = site_root(workspace)
    return f"{root}{rest}" if root else ""


def stop_url(workspace: Workspace, mark: bytes) -> str:
    """Return the address under which the owner of a mailbox stops mails; it works for good, without signing in.

    Args:
        workspace: whose mails.
        mark: of the mailbox, see `marks`.
    """
    token = _signer(workspace).sign(urlsafe_b64encode(mark).decode())
    return page_url(workspace, f"/mail/stop/{token}")


def mark_in(workspace: Workspace, token: str) -> bytes | None:
    """Return the mark of the mailbox that a token was made for; None for one that is forged or another company's."""
    try:
        return urlsafe_b64decode(_signer(workspace).unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def _signer(workspace: Workspace) -> signing.Signer:
    return signing.Signer(salt=f"sayso.outreach.stop.{workspace.pk}")
