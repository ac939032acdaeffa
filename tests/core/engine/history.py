"""A small real history for backtests: a year of Bluebell Coffee with sixty customers, and people who decide.

Owns the making of it, seeded. It must not know what the programs make of it.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sayso.core.engine.backtest import LogOutcome, Recorded, stored_in
from sayso.core.engine.compile import compile_program
from sayso.core.engine.events import PROGRAM_PUBLISHED, Arrival
from sayso.core.engine.memory import MemoryStore
from sayso.core.engine.rulebook import CompiledProgram, Edition, Rulebook
from sayso.core.program.calendar import HOUR, Calendar, Moment, moment_of
from tests.core.documents import BRING_A_FRIEND, faultless, part_without

# A budget that is spent within the year, so that the order in which it is drawn on can be seen.
TIGHT = part_without(BRING_A_FRIEND, "messages", "page").replace("amount: 5000 EUR", "amount: 400 EUR")
CALENDAR = Calendar("Europe/Madrid")
START = moment_of(datetime(2027, 1, 2, tzinfo=UTC))
DAY = 24 * HOUR
LAST = START + 500 * DAY
SHOP, STAFF, OURS = "shop", "staff", "sayso"


def compiled(text: str, edition: Edition | None = None) -> CompiledProgram:
    """One version of a document."""
    parsed = faultless(text)
    assert parsed.document is not None
    return compile_program(parsed.document, parsed.conditions, CALENDAR, edition or Edition())


def published(text: str, version: int = 1, at: Moment = START) -> Arrival:
    """The event that publishes a version."""
    props = {"program": faultless(text).document.program, "version": version}  # type: ignore[union-attr]
    return Arrival(OURS, f"published-{version}", PROGRAM_PUBLISHED, "", at, props=props)


def customers(seed: int, count: int = 60) -> list[Arrival]:
    """A year of customers: the first quarter of them recommend the others, who come one after the other."""
    chance, advocates = random.Random(seed), count // 4
    events = []
    for number in range(advocates):
        at = START + number * HOUR
        events.append(Arrival(SHOP, f"code-{number}", "member_updated", f"m{number}", at, props={"code": f"C{number}"}))
        events.append(Arrival(SHOP, f"first-{number}", "purchase", f"m{number}", at + 1, 3000, "EUR"))
    story = _Story(chance, advocates, come=advocates)
    for number in range(count * 6):
        events.append(story.next(f"e{number}", START + 2 * DAY + number * (330 * DAY // (count * 6)), count))
    return events


@dataclass
class _Story:
    """How the year goes on: who has come so far, and what they bought."""

    chance: random.Random
    advocates: int
    come: int
    bought: list[tuple[str, str]] = field(default_factory=list)

    def next(self, name: str, at: Moment, count: int) -> Arrival:
        """Somebody signs up, buys, brings something back or answers a survey."""
        kind, member = self.chance.random(), f"m{self.chance.randrange(self.come)}"
        if kind < 0.2 and self.come < count:
            self.come += 1
            code = f"C{self.chance.randrange(self.advocates // 3)}"
            return Arrival(SHOP, name, "signup", f"m{self.come - 1}", at, referral_code=code)
        if kind < 0.8 or not self.bought:
            self.bought.append((name, member))
            return Arrival(SHOP, name, "purchase", member, at, self.chance.randrange(300, 9000), "EUR")
        if kind < 0.95:
            original, owner = self.chance.choice(self.bought[-8:])
            amount = self.chance.randrange(300, 9000)
            return Arrival(SHOP, name, "refund", owner, at, amount, "EUR", refers_to=original)
        return Arrival(SHOP, name, "survey_answered", member, at, props={"score": self.chance.randrange(11)})


@dataclass
class History:
    """What happened, and the store that it happened in."""

    store: MemoryStore
    arrivals: list[Arrival]

    def log(self) -> Iterator[Recorded]:
        """The log as it is stored, with the reasons given."""
        for each in self.store.decided:
            source = each.arrival.source if each.arrival else OURS
            yield Recorded(source, each.event, each.decision.reasons if each.decision else ())

    def stored(self) -> LogOutcome:
        """What the books hold."""
        return stored_in(self.store.facts, self.store.transfers, self.store.log.clock)


def lived(text: str, arrivals: Iterable[Arrival], *, people: bool = True, until: Moment = LAST) -> History:
    """Let a program run over events, with people deciding about rewards every now and then."""
    store, received = MemoryStore(Rulebook([compiled(text)], CALENDAR)), [published(text)]
    store.receive(received)
    for number, arrival in enumerate(arrivals):
        batch = [arrival, *(_decisions(store, arrival, number) if people else ())]
        store.receive(batch)
        received += batch
        if number % 100 == 99:
            store.move_clock(store.log.clock)
    store.move_clock(until)
    return History(store, received)


def _decisions(store: MemoryStore, after: Arrival, number: int) -> Iterator[Arrival]:
    """What the staff decide now: of the rewards that are open, one is chosen, handed over, used or denied."""
    if number % 7:
        return
    rows, refs = store.facts.rewards.rows.values(), store.facts.members.rows
    for row in [row for row in rows if row.state in ("approved", "issued", "held", "waiting")][number % 3 : 40 : 9]:
        kind, props = _verdict(row, number)
        name = f"{kind}-{number}-{row.id}"
        props |= {"reward": row.id, "by": "Eva"}
        yield Arrival(STAFF, name, kind, refs[row.beneficiary].ref, after.occurred_at, props=props)


def _verdict(row: Any, number: int) -> tuple[str, dict[str, Any]]:
    if row.state == "approved" and row.options:
        return "reward_chosen", {"choice": number % 3}
    if row.state == "approved":
        return "reward_issued", {}
    if row.state == "issued":
        return "reward_redeemed", {}
    return "reward_denied", {"reason": "a mistake"}
