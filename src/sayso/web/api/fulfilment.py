"""Fulfilment: who hands over what the books cannot, pools of codes, and the orders of a reward.

Owns how these are written. How a thing is handed over is the provider's.
"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path
from pydantic import Field

from sayso.domains.rewards.fulfilment.queries import orders_of, providers, stocks
from sayso.domains.rewards.load_codes import load_codes
from sayso.domains.rewards.models import Order, Provider
from sayso.domains.rewards.queries import reward_numbered
from sayso.domains.rewards.set_provider import Scope, name_provider, order_what_waits
from sayso.web.api.access import Caller, caller_of
from sayso.web.api.repeats import carried_out
from sayso.web.api.rewards import RewardPath
from sayso.web.api.routes import Routes
from sayso.web.api.shapes import Flag, In, Name, Out, PublicId, Told, number_in

routes = Routes("Fulfilment")

SCOPE = "rewards"
MOST_CODES = 10_000

KindPath = Annotated[str, Path(max_length=50, description="A kind of gift: coupon, gift_card, service …")]
PoolPath = Annotated[str, Path(max_length=63, description="The pool's name; it is made when it is not there.")]


class ProviderOut(Out):
    """Who hands over the things of a kind."""

    kind: str
    program: str | None = Field(description="Only in this program; null for every one.")
    clause: str | None
    way: str = Field(description="by_hand, pool, generated or webhook")
    pool: str | None
    prefix: str | None
    url: str | None
    asked_first: bool = Field(description="The receiver is asked before a reward is issued.")


class ProvidersOut(Out):
    """Every provider; what is not listed is handed over by people."""

    items: list[ProviderOut]


class ProviderIn(In):
    """Who hands over the things of a kind, and with what."""

    way: Literal["by_hand", "pool", "generated", "webhook"] = Field(description="How.")
    program: Name | None = Field(None, description="Only in this program.")
    clause: Name | None = Field(None, description="Only for this reward of it.")
    pool: Name | None = Field(None, description="For pool: which.")
    prefix: Name | None = Field(None, max_length=20, description="For generated: how codes begin.")
    url: Name | None = Field(None, max_length=2000, description="For webhook: where the receiver listens.")
    check: Flag | None = Field(None, description="For webhook: ask the receiver before a reward is issued.")
    new_secret: Flag | None = Field(None, description="For webhook: make a new secret; the present one lives on 48 h.")


class ProviderSetOut(Out):
    """What was set."""

    kind: str
    way: str
    secret: str | None = Field(
        description="Of a receiver, where a new one was made. Shown this once; null when the request is repeated."
    )
    ordered: int = Field(description="How many things that waited are ordered now.")


class PoolOut(Out):
    """How much a pool of codes holds."""

    pool: str
    loaded: int
    given: int
    left: int
    waiting: int = Field(description="How many orders wait for one of its codes.")
    low: bool


class PoolsOut(Out):
    """Every pool."""

    items: list[PoolOut]


class CodesIn(In):
    """Codes for a pool."""

    codes: list[str] = Field(
        min_length=1, max_length=MOST_CODES, description="Those that are there already are passed over.",
        examples=[["SPRING-1", "SPRING-2"]],
    )  # fmt: skip
    low: int | None = Field(
        None, ge=0, le=10**9, strict=True, description="With fewer left than these the pool is low."
    )


class LoadedOut(Out):
    """What became of the codes."""

    loaded: int
    known: int
    wrong: int = Field(description="How many are no codes.")


class OrderOut(Out):
    """The handing over of one thing of a reward."""

    kind: str
    way: str
    state: str = Field(description="pending, asking, unknown, delivered, failed, refused or cancelled")
    code: str
    reference: str = Field(description="What whoever handed it over calls it.")
    proof: str
    reason: str = Field(description="Why it was refused, failed or waits.")
    attempts: int
    made_at: Told | None
    settled_at: Told | None


class OrdersOut(Out):
    """The orders of one reward."""

    items: list[OrderOut]


@routes.get("/providers", gives=ProvidersOut)
def get_providers(request: HttpRequest) -> ProvidersOut:
    """List who hands over what."""
    return ProvidersOut(items=[_provider(row) for row in providers(caller_of(request).workspace)])


@routes.put("/providers/{kind}", gives=ProviderSetOut, scope=SCOPE, fails=(409,), once=True)
def put_provider(request: HttpRequest, kind: KindPath, body: ProviderIn) -> ProviderSetOut:
    """Say who hands over the things of a kind.

    Rewards that wait for it are ordered at once. `by_hand` leaves them to people again. Where it makes a secret, send
    an `Idempotency-Key`, so that a repeat makes no second one.
    """
    caller = caller_of(request)
    said = {name: value for name in ("pool", "prefix", "url", "check", "new_secret") if (value := getattr(body, name))}
    if body.check is False:
        said["check"] = False
    scope = Scope(kind, body.program or "", body.clause or "")

    def name() -> ProviderSetOut:
        done = name_provider(workspace=caller.workspace, scope=scope, way=body.way, now=caller.now, settings=said)
        return ProviderSetOut(kind=kind, way=done.way, secret=done.once.get("secret"), ordered=0)

    named = carried_out(request, ProviderSetOut, name)
    # Outside of what is done once, since it may be much; a repeat goes on with it.
    return named.model_copy(update={"ordered": order_what_waits(caller.workspace, scope, now=caller.now)})


@routes.get("/coupon-pools", gives=PoolsOut)
def get_pools(request: HttpRequest) -> PoolsOut:
    """Show how much each pool holds."""
    return PoolsOut(
        items=[
            PoolOut(
                pool=each.pool, loaded=each.loaded, given=each.given, left=each.left, waiting=each.waiting, low=each.low
            )
            for each in stocks(caller_of(request).workspace)
        ]
    )


@routes.post("/coupon-pools/{pool}/codes", gives=LoadedOut, scope=SCOPE)
def post_codes(request: HttpRequest, pool: PoolPath, body: CodesIn) -> LoadedOut:
    """Load codes into a pool; orders that wait for them are served at once."""
    caller = caller_of(request)
    return carried_out(request, LoadedOut, lambda: _load(caller, pool, body), beside_events=True)


@routes.get("/rewards/{reward}/orders", gives=OrdersOut, scope=SCOPE, fails=(404,))
def get_orders(request: HttpRequest, reward: RewardPath) -> OrdersOut:
    """Show how far the handing over of a reward is, with its codes."""
    workspace, number = caller_of(request).workspace, number_in(PublicId.reward, reward)
    reward_numbered(workspace, number)
    return OrdersOut(items=[_order(row) for row in orders_of(workspace, [number]).get(number, [])])


def _load(caller: Caller, pool: str, body: CodesIn) -> LoadedOut:
    done = load_codes(
        workspace=caller.workspace, pool=pool, lines=enumerate(body.codes, 1), now=caller.now, low=body.low
    )
    return LoadedOut(loaded=done.new, known=done.known, wrong=done.wrong)


def _provider(row: Provider) -> ProviderOut:
    settings: dict[str, Any] = row.settings
    return ProviderOut(
        kind=row.kind,
        program=row.program or None,
        clause=row.clause or None,
        way=row.way,
        pool=settings.get("pool"),
        prefix=settings.get("prefix"),
        url=settings.get("url"),
        asked_first=bool(settings.get("check")),
    )


def _order(row: Order) -> OrderOut:
    names = ("kind", "way", "state", "code", "reference", "proof", "reason", "attempts", "made_at", "settled_at")
    return OrderOut(**{name: getattr(row, name) for name in names})
