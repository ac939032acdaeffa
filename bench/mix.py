"""The mix of events that every measurement uses: who does what, in which order, the same on every run.

10 % sign-ups with a code, 80 % purchases, 5 % refunds, 5 % survey answers, one member for four events. The program
is `examples/bring-a-friend.yaml`; its advocates appear first, each with a code and an order of their own.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
REFUNDABLE = 500

Fields = dict[str, Any]


@dataclass(frozen=True)
class Crowd:
    """Who takes part: how many members there are, how many of them recommend, and what the company calls them."""

    members: int
    advocates: int
    ref: Callable[[int], str] = "m{}".format


def crowd_for(count: int) -> Crowd:
    """One member for four events, and one in ten of them an advocate."""
    members = max(count // 4, 1)
    return Crowd(members, max(members // ADVOCATES_PER_MEMBER, 1))


def events(count: int, *, crowd: Crowd | None = None, start: datetime = START, seed: int = 7) -> Iterator[Fields]:
    """Events in the import's own form, in the order of their moments.

    Args:
        count: how many, besides what the advocates bring with them.
        crowd: who takes part; `crowd_for(count)` unless said.
        start: when the first of them occurs.
        seed: of the choices, and part of every id.
    """
    chosen, crowd = random.Random(seed), crowd or crowd_for(count)  # noqa: S311 the same choices on every run
    yield from _advocates(crowd, start, seed)
    step, newest = LASTS / count, 0
    recent: list[tuple[str, str]] = []
    for number in range(count):
        base: Fields = {"id": f"e{seed}-{number}", "occurred_at": _moment(start + timedelta(hours=1) + step * number)}
        kind = chosen.random()
        if kind < 0.10:
            code = f"CODE{seed}-{chosen.randrange(crowd.advocates)}"
            yield {**base, "type": "signup", "member": f"new{seed}-{newest}", "referral_code": code}
            newest += 1
        elif kind < 0.90 or not recent:
            fresh = newest and chosen.random() < 0.1
            who = f"new{seed}-{chosen.randrange(newest)}" if fresh else crowd.ref(chosen.randrange(crowd.members))
            recent = [*recent[-REFUNDABLE:], (base["id"], who)]
            yield {**base, "type": "purchase", "member": who, "amount_minor": chosen.randrange(300, 9000), **_MONEY}
        elif kind < 0.95:
            bought, who = chosen.choice(recent)
            amount = chosen.randrange(300, 3000)
            yield {**base, "type": "refund", "member": who, "amount_minor": amount, "refers_to": bought, **_MONEY}
        else:
            who = crowd.ref(chosen.randrange(crowd.members))
            yield {**base, "type": "survey_answered", "member": who, "props": {"score": chosen.randrange(11)}}


_MONEY = {"currency": CURRENCY}


def _advocates(crowd: Crowd, start: datetime, seed: int) -> Iterator[Fields]:
    for number in range(crowd.advocates):
        who = {"member": crowd.ref(number), "occurred_at": _moment(start + timedelta(milliseconds=number))}
        yield {"id": f"code{seed}-{number}", "type": "member_updated", "props": {"code": f"CODE{seed}-{number}"}, **who}
        yield {"id": f"first{seed}-{number}", "type": "purchase", "amount_minor": 2500, **_MONEY, **who}


def _moment(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")
