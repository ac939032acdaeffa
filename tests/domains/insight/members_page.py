"""Ada at Bluebell Coffee with everything that a member's page can show, for tests and for looking at the pages.

Owns the making: the example program, three friends who bought, one who signed up, one who tells nothing. It must not
check anything.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from sayso.core.engine.events import Arrival
from sayso.core.program.explain.voice import Language
from sayso.domains.insight.portal.me import Me, look
from sayso.domains.people.queries import member_named
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import START, decide, event, open_bluebell

EXAMPLE = (Path(__file__).parents[3] / "examples" / "bring-a-friend.yaml").read_text(encoding="utf-8")
YES = {"shared": {"given": True, "version": 1, "language": "en"}}


def open_full(name: str = "bluebell") -> Workspace:
    """Bluebell, where Ada recommended Ben, Chloé, Dario, Eva and somebody who is not named."""
    workspace = open_bluebell(EXAMPLE, name=name)
    decide(workspace, [*_ada(), *_bought("Ben", day=1), *_bought("Chloé", day=2), *_bought("Dario", day=12)])
    decide(workspace, [_joined("Eva", day=13), _joined("Noa", day=14, consents={})])
    decide(workspace, [event("a-9", "purchase", "Ada", after=timedelta(days=20), amount_minor=41_000)])
    workspace.refresh_from_db()
    return workspace


def me_in(workspace: Workspace, who: str = "Ada", language: Language = "en") -> Me:
    """Somebody who looks at their page."""
    workspace.refresh_from_db()
    return look(workspace, member_named(workspace, who), language=language, now=START)


def _ada() -> list[Arrival]:
    mailbox = "ada@bluebell.example"
    known = {"code": "ADA-10", "email": mailbox, "attributes": {"first_name": "Ada"}}
    return [
        event("a-1", "signup", "Ada"),
        event("a-2", "member_updated", "Ada", props=known, identities=(("email", mailbox), ("mailbox", mailbox))),
        event("a-3", "purchase", "Ada", after=timedelta(minutes=5), amount_minor=301_000),
    ]


def _joined(who: str, *, day: int, consents: dict[str, Any] = YES) -> Arrival:
    props = {"name": f"{who} Álvarez", "email": f"{who.casefold()[:3]}@bluebell.example", "consents": consents}
    return event(f"{who}-1", "signup", who, after=timedelta(days=day), referral_code="ada-10", props=props)


def _bought(who: str, *, day: int) -> list[Arrival]:
    after = timedelta(days=day, hours=3)
    return [_joined(who, day=day), event(f"{who}-2", "purchase", who, after=after, amount_minor=2500)]
