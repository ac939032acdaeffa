"""Referrals: reading them, opening one on the word of staff, taking in leads.

Owns how a referral is written. Who is credited is the engine's.
"""

import json
from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query
from pydantic import Field

from sayso.core.engine.states import REFERRAL_STATUSES
from sayso.core.program.calendar import datetime_of
from sayso.domains.people.queries import member_called, merged_numbers, refs_of
from sayso.domains.referrals.attribute import Attribution, attribute_referral
from sayso.domains.referrals.lead import Lead, take_lead
from sayso.domains.referrals.models import Referral
from sayso.domains.referrals.queries import ReferralsWanted, list_referrals, referral_numbered
from sayso.web.api.access import Caller, caller_of
from sayso.web.api.pages import Cursor, Listing, next_of
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import In, Name, Out, PublicId, Told, Words, number_in, told_id, written

routes = Routes("Referrals")

ReferralPath = Annotated[str, Path(max_length=40, description="The referral's id, `ref_…`.")]


class ReferralOut(Out):
    """Advocate, friend and program, from the moment both are known."""

    id: str = Field(examples=["ref_0000000006000"])
    program: str
    version: int = Field(description="The version of the program by which it is judged.")
    advocate: str = Field(description="Your name for who recommended.", examples=["ada"])
    friend: str = Field(description="Your name for who was recommended.", examples=["ben"])
    status: str = Field(description=", ".join(REFERRAL_STATUSES))
    steps: dict[str, str] = Field(description="The steps that were reached, and when.")
    opened_at: Told | None
    completed_at: Told | None


class ReferralsOut(Out):
    """A page of referrals, by when they were opened."""

    items: list[ReferralOut]
    next: Cursor


class OpenedOut(Out):
    """The referrals that were opened, one for each program."""

    items: list[ReferralOut]


class ReferralsListing(Listing):
    """Which referrals are wanted."""

    status: str | None = Field(None, pattern=f"^({'|'.join(REFERRAL_STATUSES)})$", description="Only those like this.")
    member: Name | None = Field(None, description="Only those in which this member recommended or was recommended.")
    program: Name | None = Field(None, description="Only those of this program.")


class AttributionIn(In):
    """Who recommended whom, and why your staff say so."""

    advocate: Name = Field(examples=["ada"])
    friend: Name = Field(examples=["ben"])
    reason: Words = Field(examples=["Ben named Ada on the phone."])
    program: Name | None = Field(None, description="In which program; every one that takes referrals where left out.")
    event: Name | None = Field(
        None, description="The id of the event that made it, `evt_…`: it then takes its step, as if it had come later."
    )
    by: Name | None = Field(None, description="The person of your staff who answers for it.")


class LeadIn(In):
    """Who was recommended and is no customer yet."""

    friend: Name = Field(description="Your name for them, in your CRM for example.", examples=["lead-118"])
    code: Name = Field(description="The code with which the advocate recommends.", examples=["ada-10"])
    email: Name | None = Field(None, examples=["ben@example.com"])
    phone: Name | None = Field(None, examples=["+34 600 000 000"])
    known: dict[str, Any] = Field(
        default_factory=dict, description="What else you want to say; conditions may ask for it.", max_length=50
    )


@routes.get("/referrals", gives=ReferralsOut, fails=(404,))
def get_referrals(request: HttpRequest, wanted: Query[ReferralsListing]) -> ReferralsOut:
    """List referrals."""
    caller, page = caller_of(request), wanted.page()
    members = None
    if wanted.member is not None:
        members = merged_numbers(caller.workspace, member_called(caller.workspace, wanted.member).id)
    rows = list_referrals(caller.workspace, ReferralsWanted(wanted.program, wanted.status, members), page)
    return ReferralsOut(items=_out(caller, rows), next=next_of(rows, page, lambda row: row.id))


@routes.get("/referrals/{referral}", gives=ReferralOut, fails=(404,))
def get_referral(request: HttpRequest, referral: ReferralPath) -> ReferralOut:
    """Show a referral."""
    caller = caller_of(request)
    return _out(caller, [referral_numbered(caller.workspace, number_in(PublicId.referral, referral))])[0]


@routes.post("/referrals", gives=OpenedOut, scope="rewards", fails=(404,))
def post_referral(request: HttpRequest, body: AttributionIn) -> OpenedOut:
    """Open a referral on the word of your staff.

    For a code that was lost or never used. Both are judged as if the code had been there. Where none is opened, the
    answer says why and nothing moves; that it was asked stands in the log.
    Where the two have an open referral, and `event` is an order that came under another of the friend's names before
    the two names were merged, that referral takes its step.
    """
    caller = caller_of(request)
    event = 0 if body.event is None else number_in(PublicId.event, body.event)
    attribution = Attribution(
        advocate=body.advocate, friend=body.friend, reason=body.reason, program=body.program or "", event=event
    )
    rows = attribute_referral(
        workspace=caller.workspace, attribution=attribution, actor=caller.actor(body.by), now=caller.now
    )
    return OpenedOut(items=_out(caller, rows))


@routes.post("/leads", gives=OpenedOut, scope="events", fails=(404,))
def post_lead(request: HttpRequest, body: LeadIn) -> OpenedOut:
    """Take in a lead: it opens its referral once."""
    caller = caller_of(request)
    given = {"email": body.email, "phone": body.phone}
    known = {**body.known, **{name: value for name, value in given.items() if value is not None}}
    lead = Lead(body.friend, body.code, known)
    rows = take_lead(workspace=caller.workspace, lead=lead, actor=caller.actor(), now=caller.now)
    return OpenedOut(items=_out(caller, rows))


def _out(caller: Caller, rows: Sequence[Referral]) -> list[ReferralOut]:
    names = refs_of(caller.workspace, {number for row in rows for number in (row.advocate, row.friend)})
    return [
        ReferralOut(
            id=told_id(PublicId.referral, row.id) or "",
            program=row.program,
            version=row.version,
            advocate=names.get(row.advocate, ""),
            friend=names.get(row.friend, ""),
            status=row.status,
            steps={name: written(datetime_of(at)) for name, at in json.loads(row.steps).items()},
            opened_at=row.opened_at,
            completed_at=row.completed_at,
        )
        for row in rows
    ]
