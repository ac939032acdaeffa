"""What an operator should know at once, because something does not work until it is set: each with what to set.

Owns these words. It must not look at what happened; that is `insight`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sayso.domains.outreach.server import why_nothing_is_sent
from sayso.domains.outreach.site_links import page_url
from sayso.domains.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that does not work yet, and what makes it work: lines for a terminal."""

    text: str
    command: str


def notices_for(workspace: Workspace) -> list[Notice]:
    """Return what keeps members of a workspace from being reached."""
    found = []
    if why_nothing_is_sent():
        text = _(
            "No mail server is set: no mail leaves, and nobody can sign in by e-mail. Set one, and start serve again:"
        )
        server = "export SAYSO_MAIL_URL=smtp://user:password@mail.example:587"
        found.append(Notice(text, f"{server}\nexport SAYSO_MAIL_FROM=friends@bluebell.example"))
    if not page_url(workspace, "/"):
        text = _(
            "Nobody said where members find this service: no link can stand in a mail. Say it, and start serve again:"
        )
        found.append(Notice(text, "export SAYSO_PUBLIC_URL=https://friends.example"))
    return found
