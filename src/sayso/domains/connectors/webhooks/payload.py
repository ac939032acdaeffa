"""What a receiver reads: the payload of a delivery, and its signature.

Owns the form of both, by Standard Webhooks. Numbers become public ids, and people get their names only now, so that
one who was erased has none, however old the delivery is. It must not send anything.
"""

import json
from collections.abc import Mapping, Sequence
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


def refs_in(deliveries: Sequence[Delivery]) -> dict[int, str]:
    """Return the names of everybody whom deliveries of one workspace are about, by number; who was erased has none."""
    numbers = {number for each in deliveries for number in _people(each).values() if number}
    if not numbers:
        return {}
    found = Member.objects.filter(id__in=numbers, workspace=deliveries[0].workspace_id).exclude(status="erased")
    return dict(found.values_list("id", "ref"))


def prepare(delivery: Delivery, endpoint: Endpoint, *, refs: Mapping[int, str], now: datetime) -> Outgoing:
    """Return a delivery as it is sent now, signed with every secret that is live.

    Args:
        delivery: what is sent.
        endpoint: where to.
        refs: as `refs_in` returned them a moment ago.
        now: the time.

    Raises:
        SealBroken: no secret of the endpoint can be opened.
    """
    body = json.dumps(render(delivery, refs), ensure_ascii=False, separators=(",", ":"))
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


def render(delivery: Delivery, refs: Mapping[int, str]) -> dict[str, Any]:
    """Return the payload of a delivery."""
    return {"type": delivery.kind, "timestamp": _written(delivery.occurred_at), "data": _data(delivery, refs)}


def _people(delivery: Delivery) -> dict[str, int]:
    """Whom a delivery is about, in which part; 0 for nobody."""
    people = {name: delivery.data[name] for name in _PEOPLE if name in delivery.data}
    return people or ({"member": delivery.member} if delivery.member else {})


def _data(delivery: Delivery, refs: Mapping[int, str]) -> dict[str, Any]:
    told: dict[str, Any] = {name: _value(name, value) for name, value in delivery.data.items() if name not in _PEOPLE}
    prefix = _ABOUT.get(delivery.kind.partition(".")[0])
    if prefix and delivery.about:
        told = {"id": public_id(prefix, delivery.about), **told}
    if delivery.program:
        told["program"] = delivery.program
    return {**told, **_named(_people(delivery), refs)}


def _value(name: str, value: Any) -> Any:
    if name == "referral":
        return public_id("ref", value) if value else None
    if name.endswith("_at"):
        return _written(datetime_of(value)) if value else None
    return value


def _named(people: Mapping[str, int], refs: Mapping[int, str]) -> dict[str, Any]:
    return {
        name: {"id": public_id("mem", number), "ref": refs.get(number) or None} if number else None
        for name, number in people.items()
    }


def _written(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
