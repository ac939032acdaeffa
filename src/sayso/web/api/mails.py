"""Mails over the API: which kinds members get, and what became of each one. No address is told.

Owns how a mail is written. What may be turned on is the switches' to say.
"""

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Path, Query
from pydantic import Field

from sayso.domains.outreach.models import TURNED_ON, Mail, MailState
from sayso.domains.outreach.queries import latest_mails
from sayso.domains.outreach.server import why_nothing_is_sent
from sayso.domains.outreach.switches import set_mail, switches_of
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.models import Workspace
from sayso.web.api.access import caller_of
from sayso.web.api.pages import Cursor, Listing, next_of
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import Flag, In, Out, Told

routes = Routes("Mails")

SCOPE = "programs"
_KINDS = ", ".join(TURNED_ON)

KindPath = Annotated[str, Path(max_length=40, description=f"{_KINDS}.")]
Country = Annotated[str, Field(min_length=2, max_length=2, pattern="^[A-Za-z]{2}$")]


class MailKindOut(Out):
    """One kind of mail, and whether members get it."""

    kind: str = Field(description=_KINDS)
    on: bool
    countries: list[str] = Field(description="ISO 3166: only to people there; empty for everywhere.")


class MailKindsOut(Out):
    """Every kind of mail that can be turned on."""

    kinds: list[MailKindOut]
    problem: str = Field(description="Why no mail leaves this installation; empty where mails do.")


class MailKindIn(In):
    """Whether members get mails of a kind."""

    on: Flag = Field(description="Off is off in every country.")
    countries: list[Country] = Field([], max_length=250, description="Only to people there. For `lead` always named.")


class MailOut(Out):
    """One mail to one member."""

    id: str
    kind: str
    member: str | None = Field(description="The member's id; null where a code was asked for that is nobody's.")
    program: str
    state: str = Field(description="pending, sent, failed or skipped")
    reason: str = Field(description="Why it was not sent, or not yet.")
    attempts: int
    made_at: Told | None
    next_at: Told | None
    ended_at: Told | None


class MailsOut(Out):
    """A page of mails, the latest first."""

    items: list[MailOut]
    next: Cursor


class MailsWanted(Listing):
    """Which mails are wanted."""

    state: Literal["pending", "sent", "failed", "skipped"] | None = Field(None, description="Only these.")


@routes.get("/mail-kinds", gives=MailKindsOut)
def get_mail_kinds(request: HttpRequest) -> MailKindsOut:
    """List which mails members get."""
    return _kinds(caller_of(request).workspace)


@routes.put("/mail-kinds/{kind}", gives=MailKindsOut, scope=SCOPE)
def put_mail_kind(request: HttpRequest, kind: KindPath, body: MailKindIn) -> MailKindsOut:
    """Turn mails of one kind on or off."""
    caller = caller_of(request)
    set_mail(workspace=caller.workspace, kind=kind, on=body.on, now=caller.now, countries=body.countries)
    return _kinds(caller.workspace)


@routes.get("/mails", gives=MailsOut)
def get_mails(request: HttpRequest, wanted: Query[MailsWanted]) -> MailsOut:
    """List the latest mails, and what became of each."""
    page = wanted.page()
    workspace = caller_of(request).workspace
    rows = latest_mails(workspace, state=wanted.state, before=page.after or None, limit=page.limit)
    return MailsOut(items=[_mail(row) for row in rows], next=next_of(rows, page, lambda row: row.number))


def _kinds(workspace: Workspace) -> MailKindsOut:
    on = switches_of(workspace)
    kinds = [
        MailKindOut(kind=kind, on=kind in on, countries=[each for each in on.get(kind, []) if each])
        for kind in map(str, TURNED_ON)
    ]
    return MailKindsOut(kinds=kinds, problem=why_nothing_is_sent())


def _mail(row: Mail) -> MailOut:
    return MailOut(
        id=row.id,
        kind=row.kind,
        member=public_id("mem", row.member) if row.member else None,
        program=row.program,
        state=MailState(row.state),
        reason=row.reason,
        attempts=row.attempts,
        made_at=row.made_at,
        next_at=row.next_at,
        ended_at=row.ended_at,
    )
