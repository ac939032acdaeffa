"""Webhooks in: messages of other systems that become events by a mapping, which is tried before it is live.

Owns how a source is written, and that nobody says by a message what their key may not say. A secret is in the answer
that made it, and nowhere else.
"""

import json
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path
from pydantic import Field

from sayso.domains.connectors.incoming.create import (
    SourceWanted,
    change_mapping,
    create_source,
    remove_source,
    replace_secret,
)
from sayso.domains.connectors.incoming.enable import Sample, disable_source, enable_source, try_mapping
from sayso.domains.connectors.incoming.mapping import Mapping as CheckedMapping
from sayso.domains.connectors.incoming.mapping import check_mapping, stored_mapping, types_made
from sayso.domains.connectors.incoming.models import Source
from sayso.domains.connectors.incoming.queries import source_named, sources_in, untaken_by
from sayso.domains.connectors.incoming.signatures import Signing
from sayso.web.api.access import Caller, caller_of
from sayso.web.api.intake import SCOPE as EVENTS
from sayso.web.api.intake import SCOPE_OF
from sayso.web.api.repeats import carried_out
from sayso.web.api.routes import ProblemPart, Routes
from sayso.web.api.shapes import In, Name, Out, Told, Words
from sayso.web.problems import Refused, scope_missing

routes = Routes("Incoming")

SCOPE = "webhooks"
MISSING = (404,)
_UNTAKEN_SHOWN = timedelta(days=30)

NamePath = Annotated[str, Path(max_length=63, description="The source's name.")]
Mapping = Annotated[
    dict[str, Any],
    Field(
        description="For which messages a rule is, and where in them each field of its event stands.",
        max_length=10,
        examples=[
            {
                "rules": {
                    "paid": {
                        "when": {"type": "order.paid"},
                        "event": {"type": "purchase", "member": {"path": "customer.id"}},
                    }
                }
            }
        ],
    ),
]


class SigningIn(In):
    """How the messages are signed; what is left out is as the scheme usually has it."""

    scheme: Literal["standard_webhooks", "stripe", "shopify", "hmac"] = Field(description="Whose way it is.")
    header: Name = Field("X-Signature", description="For hmac: where the signature stands.")
    encoding: Literal["hex", "base64"] = Field("hex", description="For hmac.")
    prefix: str = Field("", max_length=50, description="For hmac: what stands before the signature.")
    timestamp_header: str = Field("", max_length=100, description="For hmac: where the signed time stands, if it is.")


class SourceIn(In):
    """A system that sends messages."""

    name: Name = Field(max_length=63, description="The source of its events.", examples=["webshop"])
    signing: SigningIn = Field(description="How its messages are signed.")
    mapping: Mapping
    secret: str = Field("", max_length=500, description="With what they are signed; left out, one is made.")


class MappingIn(In):
    """What the messages mean."""

    mapping: Mapping


class SourceSecretIn(In):
    """With what messages are signed from now on."""

    secret: Words = Field(max_length=500, description="As the sender shows it.")


class SampleIn(In):
    """A message to try the mapping on; it needs no signature."""

    body: Any = Field(
        description="What the message says.", examples=[{"type": "order.paid", "customer": {"id": "ben"}}]
    )
    headers: dict[str, str] = Field(default_factory=dict, max_length=50, description="Its headers, where rules ask.")


class UntakenOut(Out):
    """How many messages made no event on one day."""

    day: str
    outcome: str = Field(description="ignored, refused or differs")
    count: int
    last_id: str
    last_problem: str


class SourceOut(Out):
    """A system that sends messages to an address of its own."""

    name: str
    address: str = Field(description="Where it sends: POST here.", examples=["/hooks/whs_0000000006001"])
    scheme: str
    enabled: bool
    draft: dict[str, Any] = Field(description="The mapping as it was written last.")
    live: dict[str, Any] | None = Field(description="The mapping that is live; null before the first.")
    enabled_at: Told | None
    untaken: list[UntakenOut] = Field(description="What made no event in the last 30 days.")


class NewSourceOut(SourceOut):
    """A source that was just made."""

    secret: str | None = Field(description="Shown this once; null when the request is repeated.")


class SourcesOut(Out):
    """Every source."""

    items: list[SourceOut]


class TrialOut(Out):
    """What the mapping makes of a sample; nothing was stored."""

    events: list[dict[str, Any]] = Field(description="As they would be sent to the API.")
    problems: list[ProblemPart]


@routes.get("/incoming-sources", gives=SourcesOut, scope=SCOPE)
def get_sources(request: HttpRequest) -> SourcesOut:
    """List the systems that send messages."""
    caller = caller_of(request)
    return SourcesOut(items=[_out(row, caller.now) for row in sources_in(caller.workspace)])


@routes.post("/incoming-sources", gives=NewSourceOut, scope=SCOPE)
def post_source(request: HttpRequest, body: SourceIn) -> NewSourceOut:
    """Make an address for a system that sends messages.

    It takes nothing before its mapping was tried on a sample and activated. What messages become are events, so this
    takes the scope `events` too, and `members` where a rule makes `member_updated`; as do its mapping, its secret and
    its activation.
    """
    caller = caller_of(request)
    _check_may_become(caller, check_mapping(body.mapping))
    return carried_out(request, NewSourceOut, lambda: _make(caller, body))


@routes.get("/incoming-sources/{name}", gives=SourceOut, scope=SCOPE, fails=MISSING)
def get_source(request: HttpRequest, name: NamePath) -> SourceOut:
    """Show a source."""
    caller = caller_of(request)
    return _out(source_named(workspace=caller.workspace, name=name), caller.now)


@routes.delete("/incoming-sources/{name}", scope=SCOPE, fails=MISSING)
def delete_source(request: HttpRequest, name: NamePath) -> None:
    """Remove a source; its events stay in the log."""
    remove_source(workspace=caller_of(request).workspace, name=name)


@routes.put("/incoming-sources/{name}/mapping", gives=SourceOut, scope=SCOPE, fails=MISSING)
def put_mapping(request: HttpRequest, name: NamePath, body: MappingIn) -> SourceOut:
    """Write a new draft of the mapping; the live one stays until the draft was tried and activated.

    Takes the scopes that making a source with this mapping takes.
    """
    caller = caller_of(request)
    _check_may_become(caller, check_mapping(body.mapping))
    return _out(change_mapping(workspace=caller.workspace, name=name, mapping=body.mapping), caller.now)


@routes.put("/incoming-sources/{name}/secret", gives=SourceOut, scope=SCOPE, fails=MISSING)
def put_source_secret(request: HttpRequest, name: NamePath, body: SourceSecretIn) -> SourceOut:
    """Take messages signed with another secret, and none signed with the one before.

    Takes the scopes that making the source takes: whoever has the secret can send what the mapping makes events of.
    """
    caller = caller_of(request)
    _check_may_let_in(caller, name)
    return _out(replace_secret(workspace=caller.workspace, name=name, secret=body.secret), caller.now)


@routes.trial("/incoming-sources/{name}/trials", gives=TrialOut, scope=SCOPE, fails=MISSING)
def post_trial(request: HttpRequest, name: NamePath, body: SampleIn) -> TrialOut:
    """Show which events the draft makes of a sample, and store none of them.

    A draft that makes one without a problem may be activated.
    """
    caller = caller_of(request)
    sample = Sample(json.dumps(body.body).encode(), body.headers)
    tried = try_mapping(workspace=caller.workspace, name=name, sample=sample, now=caller.now)
    problems = [
        ProblemPart(path=each.path, message=each.message, instead=each.instead, line=each.line)
        for each in tried.problems
    ]
    return TrialOut(events=[dict(each) for each in tried.events], problems=problems)


@routes.put("/incoming-sources/{name}/activation", gives=SourceOut, scope=SCOPE, fails=(404, 409))
def put_activation(request: HttpRequest, name: NamePath) -> SourceOut:
    """Take messages by the draft, which made events from a sample.

    Takes the scopes that making the source takes.
    """
    caller = caller_of(request)
    _check_may_let_in(caller, name)
    return _out(enable_source(workspace=caller.workspace, name=name, now=caller.now), caller.now)


@routes.delete("/incoming-sources/{name}/activation", gives=SourceOut, scope=SCOPE, fails=MISSING)
def delete_activation(request: HttpRequest, name: NamePath) -> SourceOut:
    """Take no more messages; whoever sends is told that nothing is there."""
    caller = caller_of(request)
    return _out(disable_source(workspace=caller.workspace, name=name), caller.now)


def _check_may_let_in(caller: Caller, name: str) -> None:
    source = source_named(workspace=caller.workspace, name=name)
    _check_may_become(caller, *(stored_mapping(each) for each in (source.draft, source.mapping) if each))


def _check_may_become(caller: Caller, *mappings: CheckedMapping) -> None:
    """Check that a key may send itself what messages become by some mappings.

    Raises:
        Refused: it has not the scope that sending one of those events takes.
    """
    types = frozenset[str]().union(*map(types_made, mappings))
    for scope in sorted({EVENTS, *(SCOPE_OF[each] for each in types if each in SCOPE_OF)}):
        if not caller.key.may(scope):
            raise Refused(scope_missing(scope))


def _make(caller: Caller, body: SourceIn) -> NewSourceOut:
    wanted = SourceWanted(body.name, Signing(**body.signing.model_dump()), body.mapping, body.secret)
    made, secret = create_source(workspace=caller.workspace, wanted=wanted, now=caller.now)
    return NewSourceOut(**dict(_out(made, caller.now)), secret=None if body.secret else secret)


def _out(row: Source, now: datetime) -> SourceOut:
    untaken = untaken_by(row, since=now - _UNTAKEN_SHOWN)
    return SourceOut(
        name=row.name,
        address=f"/hooks/{row.id}",
        scheme=row.scheme,
        enabled=row.enabled_at is not None,
        draft=json.loads(row.draft),
        live=json.loads(row.mapping) if row.mapping else None,
        enabled_at=row.enabled_at,
        untaken=[
            UntakenOut(
                day=datetime.fromordinal(each.day).date().isoformat(),
                outcome=each.outcome,
                count=each.count,
                last_id=each.last_id,
                last_problem=each.last_problem,
            )
            for each in untaken
        ],
    )
