"""The mix of events that every measurement uses: who does what, in which order, the same on every run.

10 % sign-ups with a code, 80 % purchases, 5 % refunds, 5 % survey answers, one member for four events. The program
is `examples/bring-a-friend.yaml`; its advocates appear first, each with a code and an order of their own.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "examples" / "bring-a-friend.yaml"
ZONE = "Europe/Madrid"
CURRENCY = "EUR"
START = datetime(2027, 1, 2, 8, tzinfo=UTC)
LASTS = timedelta(days=300)
ADVOCATES_PER_MEMBER = 10
REFUNDABLE = 2000


def events(count: int, *, members: int = 0, seed: int = 7) -> Iterator[dict[str, Any]]:
    """Events in the import's own form, in the order of their moments.

    Args:
        count: how many, besides what the advocates bring with them.
        members: how many members; a quarter of the events unless said.
        seed: of the choices.
    """
    chosen = random.Random(seed)
    members = members or count // 4
    advocates = max(members // ADVOCATES_PER_MEMBER, 1)
    yield from _advocates(advocates)
    step = LASTS / count
    known, newest, recent = members - count // 10, members - count // 10, []
    for number in range(count):
        base = {"id": f"e{number}", "occurred_at": _moment(START + timedelta(hours=1) + step * number)}
        kind = chosen.random()
        if kind < 0.10:
            code = f"CODE{chosen.randrange(advocates)}"
            yield {**base, "type": "signup", "member": f"m{newest}", "referral_code": code}
            newest += 1
        elif kind < 0.90 or not recent:
            who = f"m{chosen.randrange(newest if chosen.random() < 0.5 else max(known, 1))}"
            recent = [*recent[-REFUNDABLE:], (base["id"], who)] if number % 50 == 0 else [*recent, (base["id"], who)]
            yield {**base, "type": "purchase", "member": who, "amount_minor": chosen.randrange(300, 9000), **_MONEY}
        elif kind < 0.95:
            bought, who = chosen.choice(recent)
            amount = chosen.randrange(300, 3000)
            yield {**base, "type": "refund", "member": who, "amount_minor": amount, "refers_to": bought, **_MONEY}
        else:
            who = f"m{chosen.randrange(newest)}"
            yield {**base, "type": "survey_answered", "member": who, "props": {"score": chosen.randrange(11)}}


_MONEY = {"currency": CURRENCY}


def _advocates(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        moment = _moment(START + timedelta(milliseconds=number))
        who = {"member": f"m{number}", "occurred_at": moment}
        yield {"id": f"code-{number}", "type": "member_updated", "props": {"code": f"CODE{number}"}, **who}
        yield {"id": f"first-{number}", "type": "purchase", "amount_minor": 2500, **_MONEY, **who}


def _moment(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")
