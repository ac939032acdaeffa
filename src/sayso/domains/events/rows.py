"""How the log, who is named in it, the day tallies and what was refunded stand in their tables.

Owns the columns. It must not read or write them.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sayso.core.engine.rows import Logged, Refunded
from sayso.domains.events.outcome import earned_of
from sayso.domains.workspaces.stored import stored


@dataclass(slots=True)
class Entry:
    """One row of the log; the fields mean what they mean in `events.models.Event`."""

    position: int
    source: str
    external_id: str
    fingerprint: bytes
    type: str
    member: int
    ref: str
    occurred_at: int
    day: int
    clock: int
    amount_minor: int | None
    currency: str
    referral_code: str
    refers_to: str
    refers_to_position: int
    props: dict[str, Any]
    counts_only: bool
    state: int
    outcome: str
    failure: str

    def as_logged(self) -> Logged:
        """Return what a later event that refers to this one may see of it."""
        return Logged(
            position=self.position,
            type=self.type,
            member=self.member,
            occurred_at=self.occurred_at,
            day=self.day,
            amount_minor=self.amount_minor,
            currency=self.currency,
            props=self.props,
            earned=earned_of(self.outcome),
        )


class NamingRow(NamedTuple):
    """One name in one event; the fields mean what they mean in `events.models.Naming`."""

    mark: int
    position: int


@dataclass(slots=True)
class TallyRow:
    """What is counted about one subject on one day; the fields mean what they mean in `events.models.Tally`."""

    subject: int
    measure: str
    currency: str
    day: int
    count: int
    total: int


EVENTS = stored(Entry, "events_event", ("position",), searchable=("props",))
NAMINGS = stored(NamingRow, "events_naming", ("mark", "position"))
TALLIES = stored(TallyRow, "events_tally", ("subject", "measure", "currency", "day"))
REFUNDED = stored(Refunded, "events_refunded", ("position",))
