"""Webhooks out: endpoints that are told what happens, and what was delivered to each.

Owns how an endpoint and a delivery are written. A secret is in the answer that made it, and nowhere else.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query
from pydantic import Field

from sayso.core.engine.notices import KINDS
from sayso.domains.connectors.webhooks.create import EndpointSettings, change_endpoint, create_endpoint, remove_endpoint
from sayso.domains.connectors.webhooks.disable import disable_endpoint, enable_endpoint
from sayso.domains.connectors.webhooks.models import ENDPOINT_PREFIX, EVERY_KIND, Delivery, Endpoint
from sayso.domains.connectors.webhooks.queries import deliveries_to, delivery_of, endpoint_of, endpoints_in
from sayso.domains.connectors.webhooks.replay import replay_delivery, replay_since
from sayso.domains.connectors.webhooks.rotate import KEEP_HOURS, MOST_HOURS, rotate_secret
from sayso.domains.connectors.webhooks.trial import send_test
from sayso.domains.workspaces.ids import public_id
from sayso.web.api.access import Caller, caller_of
from sayso.web.api.pages import Cursor, Listing, next_of
from sayso.web.api.repeats import carried_out
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import Flag, In, Name, Out, Sent, Told
from sayso.web.problems import Refused, busy

routes = Routes("Webhooks")

SCOPE = "webhooks"
MISSING = (404,)
# Each holds one of the threads that answer for as long as its receiver takes.
MOST_TESTS_AT_ONCE = 8
# No company's receivers keep those of others from being tested.
MOST_TESTS_OF_ONE = 2
_testing: Counter[int] = Counter()
_places = Lock()

EndpointPath = Annotated[str, Path(max_length=40, description="The endpoint's id, `whe_…`.")]
DeliveryPath = Annotated[str, Path(max_length=40, description="The delivery's id, `whd_…`.")]


class EndpointOut(Out):
    """An address of yours that is told what happens."""

    id: str = Field(examples=["whe_0000000006001"])
    url: str
    kinds: list[str]
    description: str
    enabled: bool
    disabled_reason: str
    failures: int = Field(description="How often it failed since it last took something; side by side counts once.")
    held_until: Told | None = Field(description="Until when nothing is sent to it, since it failed or asked for that.")
    created_at: Told | None


class NewEndpointOut(EndpointOut):
    """An endpoint with a secret that was just made."""

    secret: str | None = Field(description="It signs what is sent. Shown this once; null when the request is repeated.")


class EndpointsOut(Out):
    """Every endpoint."""

    items: list[EndpointOut]


class EndpointIn(In):
    """Where an endpoint is, and what it is told."""

    url: str = Field(min_length=1, max_length=2000, description="https", examples=["https://shop.example/sayso"])
    kinds: list[Name] = Field(
        [EVERY_KIND], min_length=1, max_length=100, description=f"{', '.join(KINDS)}, or {EVERY_KIND} for all."
    )
    description: str = Field("", max_length=500, description="For people.")


class SecretIn(In):
    """How long the present secret signs too."""

    keep_hours: int = Field(
        KEEP_HOURS, ge=0, le=MOST_HOURS, strict=True, description="0 ends it at once, for one that leaked."
    )


class ReplayDeliveriesIn(In):
    """What is sent again."""

    since: Sent = Field(description="What happened from this moment on.", examples=["2027-01-31T11:00:00Z"])
    failed_only: Flag = Field(True, description="Only what was given up; else what was delivered too.")


class DeliveryOut(Out):
    """One notice on its way to one endpoint."""

    id: str = Field(description="`webhook-id` of the message, the same on every attempt.")
    endpoint: str
    kind: str
    state: str = Field(description="pending, delivered or failed")
    attempts: int
    status: int = Field(description="The receiver's last answer; 0 for none.")
    problem: str = Field(description="Why the last attempt failed.")
    occurred_at: Told | None
    last_at: Told | None
    next_at: Told | None


class DeliveriesOut(Out):
    """A page of deliveries, the latest first."""

    items: list[DeliveryOut]
    next: Cursor


class ReplayedDeliveriesOut(Out):
    """How much is sent again."""

    deliveries: int


@routes.get("/webhook-endpoints", gives=EndpointsOut, scope=SCOPE)
def get_endpoints(request: HttpRequest) -> EndpointsOut:
    """List the endpoints."""
    return EndpointsOut(items=[_endpoint(row) for row in endpoints_in(caller_of(request).workspace)])


@routes.post("/webhook-endpoints", gives=NewEndpointOut, scope=SCOPE)
def post_endpoint(request: HttpRequest, body: EndpointIn) -> NewEndpointOut:
    """Make an endpoint and show its secret, this once.

    What is sent is signed as Standard Webhooks says.
    """
    caller = caller_of(request)
    return carried_out(request, NewEndpointOut, lambda: _make(caller, body))


@routes.get("/webhook-endpoints/{endpoint}", gives=EndpointOut, scope=SCOPE, fails=MISSING)
def get_endpoint(request: HttpRequest, endpoint: EndpointPath) -> EndpointOut:
    """Show an endpoint."""
    return _endpoint(endpoint_of(workspace=caller_of(request).workspace, endpoint=endpoint))


@routes.put("/webhook-endpoints/{endpoint}", gives=EndpointOut, scope=SCOPE, fails=MISSING)
def put_endpoint(request: HttpRequest, endpoint: EndpointPath, body: EndpointIn) -> EndpointOut:
    """Change where an endpoint is and what it is told.

    Deliveries on their way go to the new address.
    """
    return _endpoint(change_endpoint(workspace=caller_of(request).workspace, endpoint=endpoint, wanted=_wanted(body)))


@routes.delete("/webhook-endpoints/{endpoint}", scope=SCOPE, fails=MISSING)
def delete_endpoint(request: HttpRequest, endpoint: EndpointPath) -> None:
    """Remove an endpoint with everything that was on its way there."""
    remove_endpoint(workspace=caller_of(request).workspace, endpoint=endpoint)


@routes.put("/webhook-endpoints/{endpoint}/pause", gives=EndpointOut, scope=SCOPE, fails=MISSING)
def put_endpoint_pause(request: HttpRequest, endpoint: EndpointPath) -> EndpointOut:
    """Send nothing there for now; deliveries are kept."""
    caller = caller_of(request)
    return _endpoint(disable_endpoint(workspace=caller.workspace, endpoint=endpoint, now=caller.now))


@routes.delete("/webhook-endpoints/{endpoint}/pause", gives=EndpointOut, scope=SCOPE, fails=MISSING)
def delete_endpoint_pause(request: HttpRequest, endpoint: EndpointPath) -> EndpointOut:
    """Send there again, first what was kept."""
    caller = caller_of(request)
    return _endpoint(enable_endpoint(workspace=caller.workspace, endpoint=endpoint, now=caller.now))


@routes.post("/webhook-endpoints/{endpoint}/secrets", gives=NewEndpointOut, scope=SCOPE, fails=MISSING)
def post_secret(request: HttpRequest, endpoint: EndpointPath, body: SecretIn) -> NewEndpointOut:
    """Give an endpoint a new secret and show it, this once; the present one signs too for a time."""
    caller = caller_of(request)
    return carried_out(request, NewEndpointOut, lambda: _rotate(caller, endpoint, body.keep_hours))


@routes.trial("/webhook-endpoints/{endpoint}/tests", gives=DeliveryOut, scope=SCOPE, fails=(404, 409))
def post_test(request: HttpRequest, endpoint: EndpointPath) -> DeliveryOut:
    """Send a test to an endpoint now, and say what came of it.

    Takes as long as the receiver, 15 seconds at most, and is kept among the endpoint's deliveries. Two tests of a
    workspace run at once; while they do, a further one is answered 503.
    """
    caller = caller_of(request)
    with _place_for_a_test(caller.workspace.pk):
        return _delivery(send_test(workspace=caller.workspace, endpoint=endpoint, now=caller.now))


@contextmanager
def _place_for_a_test(workspace: int) -> Iterator[None]:
    with _places:
        if _testing[workspace] >= MOST_TESTS_OF_ONE or _testing.total() >= MOST_TESTS_AT_ONCE:
            raise Refused(busy("Other tests still wait for their receivers; nothing was sent."))
        _testing[workspace] += 1
    try:
        yield
    finally:
        with _places:
            _testing[workspace] -= 1
            if not _testing[workspace]:
                del _testing[workspace]


@routes.get("/webhook-endpoints/{endpoint}/deliveries", gives=DeliveriesOut, scope=SCOPE, fails=MISSING)
def get_deliveries(request: HttpRequest, endpoint: EndpointPath, wanted: Query[Listing]) -> DeliveriesOut:
    """List what was or is to be delivered to an endpoint, the latest first."""
    page = wanted.page()
    found = endpoint_of(workspace=caller_of(request).workspace, endpoint=endpoint)
    rows = deliveries_to(found, before=page.after or None, limit=page.limit)
    return DeliveriesOut(items=[_delivery(row) for row in rows], next=next_of(rows, page, lambda row: row.number))


@routes.post("/webhook-endpoints/{endpoint}/replays", gives=ReplayedDeliveriesOut, scope=SCOPE, fails=MISSING)
def post_deliveries_replay(
    request: HttpRequest, endpoint: EndpointPath, body: ReplayDeliveriesIn
) -> ReplayedDeliveriesOut:
    """Send again what happened since a moment, under the ids that it had."""
    caller = caller_of(request)

    def replay() -> ReplayedDeliveriesOut:
        count = replay_since(
            workspace=caller.workspace,
            endpoint=endpoint,
            since=body.since,
            now=caller.now,
            failed_only=body.failed_only,
        )
        return ReplayedDeliveriesOut(deliveries=count)

    return carried_out(request, ReplayedDeliveriesOut, replay, beside_events=True)


@routes.get("/webhook-deliveries/{delivery}", gives=DeliveryOut, scope=SCOPE, fails=MISSING)
def get_delivery(request: HttpRequest, delivery: DeliveryPath) -> DeliveryOut:
    """Show a delivery."""
    return _delivery(delivery_of(workspace=caller_of(request).workspace, delivery=delivery))


@routes.post("/webhook-deliveries/{delivery}/replays", gives=DeliveryOut, scope=SCOPE, fails=MISSING)
def post_delivery_replay(request: HttpRequest, delivery: DeliveryPath) -> DeliveryOut:
    """Send one delivery again, under the id that it had."""
    caller = caller_of(request)
    return carried_out(
        request,
        DeliveryOut,
        lambda: _delivery(replay_delivery(workspace=caller.workspace, delivery=delivery, now=caller.now)),
    )


def _wanted(body: EndpointIn) -> EndpointSettings:
    return EndpointSettings(body.url, body.kinds, body.description)


def _make(caller: Caller, body: EndpointIn) -> NewEndpointOut:
    made, secret = create_endpoint(workspace=caller.workspace, wanted=_wanted(body), now=caller.now)
    return NewEndpointOut(**dict(_endpoint(made)), secret=secret)


def _rotate(caller: Caller, endpoint: str, keep_hours: int) -> NewEndpointOut:
    changed, secret = rotate_secret(
        workspace=caller.workspace, endpoint=endpoint, now=caller.now, keep_hours=keep_hours
    )
    return NewEndpointOut(**dict(_endpoint(changed)), secret=secret)


def _endpoint(row: Endpoint) -> EndpointOut:
    return EndpointOut(
        id=row.id,
        url=row.url,
        kinds=row.kinds,
        description=row.description,
        enabled=row.disabled_at is None,
        disabled_reason=row.disabled_reason,
        failures=row.failures,
        held_until=row.held_until,
        created_at=row.created_at,
    )


def _delivery(row: Delivery) -> DeliveryOut:
    return DeliveryOut(
        id=row.id,
        endpoint=public_id(ENDPOINT_PREFIX, row.endpoint),
        kind=row.kind,
        state=row.state,
        attempts=row.attempts,
        status=row.last_status,
        problem=row.last_problem,
        occurred_at=row.occurred_at,
        last_at=row.last_at,
        next_at=row.next_at,
    )
