"""Where a log stands, and how an arrival or a timer takes its place in it.

Owns positions, the clock and what one run comes to. It must not decide, and what is stored is the stores'.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sayso.core.engine.decision import Decided
from sayso.core.engine.events import REFUND, SPAN, TIMER, Arrival, Event
from sayso.core.engine.facts import Facts
from sayso.core.engine.rows import Earned, Logged, Timer
from sayso.core.engine.rulebook import Rulebook
from sayso.core.program.calendar import HOUR, Moment

# One event moves the clock of a test workspace no further than this: a hundred years, in which all that recurs falls
# due. It is for mistakes such as a year 9999, which would let half a million budget periods begin.
FARTHEST = 36_525 * 24 * HOUR


@dataclass(slots=True)
class Log:
    """Where the log stands: the last position, and the workspace's clock.

    Attributes:
        clock: of a test workspace, moved forward by later events and by hand; of a live one, the time now.
        moves: whether a later event moves the clock.
        listens: the kinds of notice that somebody in the workspace listens to.
    """

    position: int = 0
    clock: Moment = 0
    moves: bool = True
    listens: Collection[str] = ()

    def reach(self, moment: Moment) -> None:
        """Let an event from later move the clock of a test workspace forward."""
        if self.moves and moment > self.clock:
            self.clock = moment

    def beyond(self, moment: Moment) -> bool:
        """Whether a moment lies too far ahead for a clock that runs already."""
        return self.moves and 0 < self.clock < moment - FARTHEST

    def next(self) -> int:
        """The next position."""
        self.position += 1
        return self.position


@dataclass(slots=True)
class Ran:
    """What a run came to.

    Attributes:
        decided: every event and every timer, in the order of their positions.
        taken: how many arrivals were decided or set aside; the rest are the next run's.
        missing: what was not loaded, when that cut the run.
    """

    decided: list[Decided] = field(default_factory=list)
    taken: int = 0
    missing: str = ""


def enter(facts: Facts, arrival: Arrival, log: Log, rulebook: Rulebook) -> Event:
    """Give an arrival its place in the log: its member's number, its day, what it refers to.

    A member who is not known yet gets the number of this position.
    """
    known = facts.identities.find(("ref", arrival.ref)) if arrival.ref else None
    refers_to = facts.positions.find((arrival.source, arrival.refers_to)) if arrival.refers_to else None
    event = enter_unknown(arrival, log, rulebook)
    event.refers_to = refers_to or 0
    if arrival.ref:
        event.member = known.member if known else event.position * SPAN
    return event


def enter_unknown(arrival: Arrival, log: Log, rulebook: Rulebook) -> Event:
    """Give an arrival a place in the log without knowing its member, or what it refers to."""
    return Event(
        position=log.next(),
        type=arrival.type,
        member=0,
        occurred_at=arrival.occurred_at,
        day=rulebook.calendar.day(arrival.occurred_at),
        clock=log.clock,
        ref=arrival.ref,
        external_id=arrival.external_id,
        amount_minor=arrival.amount_minor,
        currency=arrival.currency,
        referral_code=arrival.referral_code,
        props=arrival.props,
        identities=arrival.identities,
        counts_only=arrival.counts_only,
    )


def timer_event(timer: Timer, log: Log, rulebook: Rulebook) -> Event:
    """The event as which a timer stands in the log: it occurred when it fell due."""
    of_member = timer.subject >= SPAN
    return Event(
        position=log.next(),
        type=TIMER,
        member=timer.subject if of_member else 0,
        occurred_at=timer.due_at,
        day=rulebook.calendar.day(timer.due_at),
        clock=log.clock,
        external_id=f"timer-{timer.id}",
        props={"kind": timer.kind, "about": timer.about, "detail": timer.detail, "subject": timer.subject},
    )


def remember(facts: Facts, event: Event, earned: Iterable[Earned], *, source: str) -> None:
    """Keep an event where a later one of the batch may refer to it."""
    key = (source, event.external_id)
    if event.type == REFUND or not (facts.positions.whole or facts.positions.asked.has(key)):
        return
    facts.positions.rows[key] = event.position
    facts.logged.rows[event.position] = Logged(
        event.position, event.type, event.member, event.occurred_at, event.day,
        event.amount_minor, event.currency, event.props, tuple(earned),
    )  # fmt: skip
    if not facts.logged.whole:
        _nothing_hangs_on(facts, event.position)


def _nothing_hangs_on(facts: Facts, position: int) -> None:
    """What is new in this batch has no stored rows to look for."""
    facts.refunded.asked.found.add(position)
    facts.trigger_rewards.asked.found.add(position)
