"""What a receiver reads: the payload of a delivery, and its signature.

Owns the form of both, by Standard Webhooks. Numbers become public ids, and people get their names only now, so that
one who was erased has none, however old the delivery is. It must not send anything.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

from sayso.core.program.calendar import datetime_of
from sayso.domains.connectors.http.message import Outgoing
from sayso.domains.connectors.webhooks.models import Delivery, Endpoint
from sayso.domains.people.models import Member
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.sealing import unseal

TEST_KIND = "webhook.test"
# What the number that a notice is about stands for, by the first part of its kind.
_ABOUT = {"referral": "ref", "reward": "rew"}
_PEOPLE = ("advocate", "friend")


def prepare(delivery: Delivery, endpoint: Endpoint, *, now: datetime) -> Outgoing:
    """Return a delivery as it is sent now, signed with every secret that is live.

    Raises:
        SealBroken: no secret of the endpoint can be opened.
    """
    body = json.dumps(render(delivery), ensure_ascii=False, separators=(",", ":"))
    secrets = [endpoint.secret]
    if endpoint.earlier_secret and endpoint.earlier_until and now < endpoint.earlier_until:
        secrets.append(endpoint.earlier_secret)
    signatures = [Webhook(unseal(secret)).sign(delivery.id, now.astimezone(UTC), body) for secret in secrets]
    headers = {
        "Content-Type": "application/json",
        "webhook-id": delivery.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return Outgoing(endpoint.url, body.encode(), headers=headers)


def render(delivery: Delivery) -> dict[str, Any]:
    """Return the payload of a delivery."""
    return {"type": delivery.kind, "timestamp": _written(delivery.occurred_at), "data": _data(delivery)}


def _data(delivery: Delivery) -> dict[str, Any]:
    told: dict[str, Any] = {name: _value(name, value) for name, value in delivery.data.items() if name not in _PEOPLE}
    people = {name: delivery.data[name] for name in _PEOPLE if name in delivery.data}
    if not people and delivery.member:
        people = {"member": delivery.member}
    prefix = _ABOUT.get(delivery.kind.partition(".")[0])
    if prefix and delivery.about:
        told = {"id": public_id(prefix, delivery.about), **told}
    if delivery.program:
        told["program"] = delivery.program
    return {**told, **_named(delivery.workspace_id, people)}


def _value(name: str, value: Any) -> Any:
    if name == "referral":
        return public_id("ref", value) if value else None
    if name.endswith("_at"):
        return _written(datetime_of(value)) if value else None
    return value


def _named(workspace: int, people: Mapping[str, int]) -> dict[str, Any]:
    found = Member.objects.filter(id__in=set(people.values()), workspace=workspace).exclude(status="erased")
    refs: dict[int, str] = dict(found.values_list("id", "ref"))
    return {
        name: {"id": public_id("mem", number), "ref": refs.get(number) or None} if number else None
        for name, number in people.items()
    }


def _written(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
