"""The route of events as the document shows it. What it does is `events`', which the front door calls before Django.

Owns the words and shapes of the route, and nothing that happens there.
"""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from sayso.domains.events.receive import LARGEST_AMOUNT_MINOR
from sayso.web.api.events import JSON, NDJSON, SCOPE, events_view
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import In, Name, Out, Sent

routes = Routes("Events")


class EventIn(In):
    """Something that happened."""

    id: Name = Field(description="Your id of it; the same event sent twice is stored once.", examples=["order-1001"])
    type: str = Field(
        pattern="^[a-z][a-z0-9_]{0,63}$", description="What happened: any name that your programs listen to.",
        examples=["purchase"],
    )  # fmt: skip
    member: Name | None = Field(
        None, description="Your name for whom it is about; left out for what concerns nobody.", examples=["ben"]
    )
    occurred_at: Sent = Field(description="When, with its zone.", examples=["2027-01-31T11:53:26Z"])
    amount_minor: int | None = Field(
        None, ge=0, le=LARGEST_AMOUNT_MINOR, description="What was paid for what counts, in minor units.",
        examples=[2500],
    )  # fmt: skip
    currency: str | None = Field(None, pattern="^[A-Z]{3}$", examples=["EUR"])
    referral_code: Name | None = Field(None, description="The code that the friend came with.", examples=["ada-10"])
    refers_to: Name | None = Field(None, description="Your id of the event that this one is about, for a refund.")
    props: dict[str, Any] | None = Field(None, description="Whatever else you want to say; conditions may ask for it.")


class GrantedOut(Out):
    """A reward that the event granted or changed."""

    id: str
    program: str
    clause: str
    member: str | None
    referral: str | None
    state: str
    cost_minor: int
    due_at: str | None


class EarnedOut(Out):
    """Points that the event earned."""

    program: str
    clause: str
    unit: str
    points: int
    expires_at: str | None


class StepOut(Out):
    """A referral that the event opened or moved on."""

    id: str
    program: str
    status: str
    advocate: str | None
    friend: str | None
    steps: list[str]


class ReasonOut(Out):
    """Why one clause came out as it did."""

    program: str
    version: int
    clause: str
    verdict: str = Field(examples=["met"])
    seen: Any = Field(
        description="What was seen there: a member or reward by id, an amount in minor units, points, a count, a name. "
        "Of a condition that does not hold: the value of its fact, a moment in microseconds since 1970. "
        "`GET /members/{member}/why` says it in words."
    )
    member: str | None


class DecisionOut(Out):
    """What the programs made of the event."""

    rewards: list[GrantedOut]
    points: list[EarnedOut]
    referrals: list[StepOut]
    reasons: list[ReasonOut]


class DecidedOut(Out):
    """An event that is stored and decided."""

    event: str = Field(description="Your id of it.")
    id: str = Field(description="Our id of it, `evt_…`.")
    position: int
    status: Literal["decided"]
    repeated: bool = Field(description="It was stored before; this is what was decided then.")
    member: str | None
    decision: DecisionOut


class KeptOut(Out):
    """An event that is stored and could not be decided yet. Do not send it again."""

    event: str
    id: str
    position: int
    status: Literal["set_aside"]
    repeated: bool
    detail: str


_TAKES: dict[str, Any] = {
    "required": True,
    "content": {
        JSON: {"schema": EventIn.model_json_schema()},
        NDJSON: {"schema": {"type": "string", "description": "One event a line."}},
    },
}


@routes.passed_on("/events", answers={200: DecidedOut, 202: KeptOut}, scope=SCOPE, takes=_TAKES, fails=(409, 415))
def post_event(request: HttpRequest) -> HttpResponse:
    """Store an event and get the decision.

    The same event may be sent again at any time: it is stored once, and answered as the first time. Many at once are
    sent as `application/x-ndjson`, up to 1,000, one a line; the answer then has one line for each, in the same order.
    What staff decide (`reward_approved` for example) also takes the scope of its own route.
    """
    return events_view(request)
