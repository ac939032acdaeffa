"""What a receiver is sent: the message about an order, and its signature by Standard Webhooks.

Owns the form. The person's name is put in only now, so that one who was erased has none. It must not send anything.
"""

import json
from datetime import UTC, datetime
from typing import Any, Literal

from standardwebhooks import Webhook

from sayso.domains.connectors.http.message import Outgoing
from sayso.domains.people.queries import refs_of
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.rewards.fulfilment.port import Handover
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.ids import public_id
from sayso.domains.workspaces.sealing import unseal

Question = Literal["fulfilment.check", "fulfilment.order", "fulfilment.status"]


def prepare(question: Question, wanted: Handover) -> Outgoing:
    """Return a message as it is sent now, signed with every secret that is live.

    An order bears its key as the id of the message, on every attempt; questions about it have ids of their own.

    Raises:
        SealBroken: no secret of the provider can be opened.
    """
    data = _key_of(wanted) if question == "fulfilment.status" else {**_key_of(wanted), **_told(wanted)}
    body = {"type": question, "timestamp": _written(wanted.now), "data": data}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    name = wanted.order.key
    if question != "fulfilment.order":
        name = f"{name}.{question.rpartition('.')[2]}.{wanted.order.attempts}"
    signatures = [Webhook(unseal(each)).sign(name, wanted.now.astimezone(UTC), text) for each in _secrets(wanted)]
    headers = {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(int(wanted.now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return Outgoing(str(wanted.settings["url"]), text.encode(), headers=headers)


def _secrets(wanted: Handover) -> list[str]:
    settings = wanted.settings
    earlier = settings.get("earlier_secret")
    live = earlier and wanted.now.timestamp() < settings.get("earlier_until", 0)
    return [settings["secret"], *([earlier] if live else [])]


def _key_of(wanted: Handover) -> dict[str, Any]:
    return {"key": wanted.order.key, "reward": public_id("rew", wanted.order.reward), "item": wanted.order.item}


def _told(wanted: Handover) -> dict[str, Any]:
    reward, workspace = wanted.reward, wanted.workspace
    program = rulebook_of(head_of(workspace)).versions[reward.program, reward.version]
    return {
        "program": reward.program,
        "clause": reward.clause,
        "kind": wanted.item.kind,
        "value": wanted.item.value,
        "cost_minor": wanted.item.cost,
        "currency": program.currency,
        "member": {
            "id": public_id("mem", reward.beneficiary),
            "ref": refs_of(workspace, [reward.beneficiary]).get(reward.beneficiary),
        },
        "test": workspace.is_test,
    }


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
