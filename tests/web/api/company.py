"""A company that has one of everything that routes speak of, for tests that go over all routes.

Owns the making. It must not ask anything.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sayso.domains.connectors.incoming.create import SourceWanted, create_source
from sayso.domains.connectors.incoming.signatures import Signing
from sayso.domains.connectors.webhooks.create import EndpointSettings, create_endpoint
from sayso.domains.connectors.webhooks.models import Delivery, Endpoint
from sayso.domains.jobs.tasks import start_task
from sayso.domains.referrals.models import Referral
from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.ids import new_number, public_id
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import FRIENDS, START, ada_recommends_ben, decide, open_bluebell
from tests.web.api.calling import secret_of

MAPPING: dict[str, Any] = {"rules": {"paid": {"when": {}, "event": {"type": "purchase", "member": "Ada"}}}}


@dataclass(frozen=True)
class Company:
    """A workspace, and how what it has is called in paths."""

    workspace: Workspace
    names: dict[str, str]


def open_company() -> Company:
    """Bluebell, where Ada recommended Ben."""
    workspace = open_bluebell(FRIENDS)
    decide(workspace, ada_recommends_ben())
    task = start_task(workspace=workspace, kind="backtest", arguments={"text": FRIENDS}, now=datetime.now(UTC))
    endpoint, _ = create_endpoint(
        workspace=workspace, wanted=EndpointSettings("https://bluebell.example/sayso"), now=START
    )
    create_source(workspace=workspace, wanted=SourceWanted("till", Signing("hmac"), MAPPING), now=START)
    secret_of(workspace, "read", name="till")
    names = {
        "purpose": "news",
        "member": "Ada",
        "code": "ada-10",
        "program": "friends",
        "number": "1",
        "name": "till",
        "reward": public_id("rew", Reward.objects.values_list("id", flat=True)[0]),
        "referral": public_id("ref", Referral.objects.values_list("id", flat=True)[0]),
        "event": public_id("evt", 4),
        "task": public_id("tsk", task.id),
        "kind": "coupon",
        "pool": "spring",
        "endpoint": endpoint.id,
        "delivery": _delivery_to(endpoint).id,
    }
    return Company(workspace, names)


def _delivery_to(endpoint: Endpoint) -> Delivery:
    return Delivery.objects.create(
        number=new_number(START), workspace_id=endpoint.workspace_id, endpoint=endpoint.number, kind="member.joined"
    )
