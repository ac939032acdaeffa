"""Events as the API's document shows them: one sent in with its decision, and one as it stands in the log.

Owns the words and shapes of both routes. What becomes of a sent one is `intake`'s, which the front door calls before
Django.
"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query
from pydantic import ConfigDict, Field

from sayso.domains.decisions.effects import told_of
from sayso.domains.events.models import Event
from sayso.domains.events.queries import event_at, event_called
from sayso.domains.events.receive import LARGEST_AMOUNT_MINOR
from sayso.domains.workspaces.ids import number_of
from sayso.web.api.access import caller_of
from sayso.web.api.intake import JSON, NDJSON, SCOPE, answer_as_dict, events_view
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import LONGEST, In, Name, Out, PublicId, Sent, Told

routes = Routes("Events")

EventPath = Annotated[
    str, Path(max_length=LONGEST, description="Your own id of the event, percent-encoded, or its id `evt_…`.")
]


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

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    event: str = Field(description="Your id of it.")
    id: str = Field(description="Our id of it, `evt_…`.")
    position: int
    status: Literal["decided"]
    repeated: bool = Field(description="It was stored before; this is what was decided then.")
    member: str | None
    decision: DecisionOut
    note: str = Field(
        "",
        description="Only where nothing came of the event, since no program of the workspace listens to its type, or "
        "none is published: one sentence that says so, with the nearest type.",
    )


class KeptOut(Out):
    """An event that is stored and could not be decided yet. Do not send it again."""

    event: str
    id: str
    position: int
    status: Literal["set_aside"]
    repeated: bool
    detail: str = Field(
        description="What it waits for. A refund is looked for in its own source only; where another one has what it "
        "refers to, that source is named."
    )


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


class EventOut(Out):
    """An event that is stored."""

    event: str = Field(description="Your id of it.")
    id: str = Field(description="Our id of it, `evt_…`.")
    position: int
    source: str = Field(description="In whose name it was sent.")
    type: str
    occurred_at: Told | None
    amount_minor: int | None
    currency: str
    referral_code: str
    refers_to: str
    status: Literal["decided", "set_aside"]
    detail: str = Field(description="What kept it from being decided; empty where it was.")
    member: str | None
    decision: DecisionOut | None = Field(description="Null while it is not decided.")


class EventWanted(In):
    """Which of several events with the same id is meant."""

    source: Name | None = Field(None, description="In whose name it was sent; your key's unless said.")


@routes.get("/events/{path:event}", gives=EventOut, fails=(404,))
def get_event(request: HttpRequest, event: EventPath, wanted: Query[EventWanted]) -> dict[str, Any]:
    """Show an event with what was decided and why.

    The rewards and referrals that it made are shown as they stand now.
    """
    caller = caller_of(request)
    position = number_of(PublicId.event, event)
    if position is None:
        found = event_called(caller.workspace, event, source=wanted.source or caller.key.source)
    else:
        found = event_at(caller.workspace, position)
    return _out(found)


def _out(event: Event) -> dict[str, Any]:
    said = answer_as_dict(told_of(event))
    del said["repeated"]
    return {
        "source": event.source,
        "type": event.type,
        "occurred_at": event.occurred_at,
        "amount_minor": event.amount_minor,
        "currency": event.currency,
        "referral_code": event.referral_code,
        "refers_to": event.refers_to,
        "detail": "",
        "member": None,
        "decision": None,
        **said,
    }
