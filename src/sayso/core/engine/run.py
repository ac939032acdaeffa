"""The one loop: due timers first, then the event, each decided and folded in before the next.

Serves live events and imports (`run`), idle members (`sweep`) and replays (`replay`) alike. Positions and the clock
are its own; what is stored is the stores'.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from sayso.core.engine.decide import decide, decide_timer
from sayso.core.engine.decision import Decided, Decision
from sayso.core.engine.events import REFUND, SPAN, TIMER, Arrival, Event
from sayso.core.engine.evolve import evolve
from sayso.core.engine.facts import Earned, Facts, Logged, NotLoaded, Timer
from sayso.core.engine.notices import notices_of
from sayso.core.engine.rulebook import Rulebook
from sayso.core.program.calendar import HOUR, Moment

# One event moves the clock of a test workspace no further than this: a hundred years, in which all that recurs falls
# due. It is for mistakes such as a year 9999, which would let half a million budget periods begin.
FARTHEST = 36_525 * 24 * HOUR
# So many timers fire in one batch at most; the rest is the next one's, so that no transaction grows without end.
MOST_TIMERS = 2000


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


def run(rulebook: Rulebook, facts: Facts, arrivals: Sequence[Arrival], log: Log) -> Ran:
    """Decide arrivals one after the other.

    A refund of what is not decided yet is set aside until it is (SEMANTICS 32). An event whose decision fails is set
    aside and the next goes on. An event that needs what was not loaded ends the run before it; when nothing
    was decided before it, it is set aside too, since loading again would find no more. One before which very much
    falls due ends the run too. One from too far ahead is set aside and moves no clock.
    """
    ran, position, clock = Ran(), log.position, log.clock
    for arrival in arrivals:
        try:
            decided = _next(rulebook, facts, arrival, log, ran)
        except NotLoaded as error:
            if ran.decided:
                # Timers that fired before it keep their places, and the clock at which they did.
                last, ran.missing = ran.decided[-1].event, str(error)
                log.position, log.clock = last.position, last.clock
                return ran
            log.position, log.clock = position, clock
            decided = Decided(enter_unknown(arrival, log, rulebook), None, arrival, str(error))
        if decided is None:
            return ran
        ran.decided.append(decided)
        ran.taken += 1
    return ran


def _next(rulebook: Rulebook, facts: Facts, arrival: Arrival, log: Log, ran: Ran) -> Decided | None:
    """Decide one arrival after what falls due before it; None when so much does that the batch ends here."""
    if log.beyond(arrival.occurred_at):
        return Decided(
            enter_unknown(arrival, log, rulebook), None, arrival, "lies more than 100 years ahead of the clock"
        )
    log.reach(arrival.occurred_at)
    known = facts.identities.find(("ref", arrival.ref)) if arrival.ref else None
    subjects = subjects_before(rulebook, facts, known.member if known else 0, arrival.referral_code)
    if not fire_due(rulebook, facts, log, subjects, ran):
        return None
    decided = _decided(rulebook, facts, enter(facts, arrival, log, rulebook), arrival)
    if decided.decision:
        _fold_in(facts, decided.event, decided.decision, log)
        remember(facts, decided.event, decided.decision.earned, source=arrival.source)
    return decided


def _fold_in(facts: Facts, event: Event, decision: Decision, log: Log) -> None:
    """Let the next event see what this one changed; what is to be told is found while both states are at hand."""
    if log.listens:
        decision.notices = notices_of(facts, event, decision, log.listens)
    evolve(facts, decision)


def _decided(rulebook: Rulebook, facts: Facts, event: Event, arrival: Arrival) -> Decided:
    if event.type == REFUND and arrival.refers_to and not event.refers_to and not event.counts_only:
        return Decided(event, None, arrival, f"refers to {arrival.refers_to}, which is not known yet")
    try:
        decision = decide(rulebook, facts, event)
    except NotLoaded:
        raise
    except Exception as error:
        return Decided(event, None, arrival, f"{type(error).__name__}: {error}")
    return Decided(event, decision, arrival)


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


def remember(facts: Facts, event: Event, earned: Iterable[Earned], *, source: str) -> None:
    """Keep an event where a later one of the batch may refer to it."""
    key = (source, event.external_id)
    if event.type == REFUND or not (facts.positions.whole or key in facts.positions.asked):
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
    facts.refunded.asked.add(position)
    facts.trigger_rewards.asked.add(position)


def subjects_before(rulebook: Rulebook, facts: Facts, member: int, referral_code: str) -> list[int]:
    """Whose timers are fired before an event: its member's, their advocates', the code owner's, the budgets'.

    Args:
        member: the event's member; 0 while nobody.
        referral_code: the code that the event names, or an empty text.
    """
    subjects = list(rulebook.budget_programs)
    if member:
        subjects.append(member)
        for number in facts.friend_referrals.find(member) or ():
            referral = facts.referrals.find(number)
            if referral:
                subjects.append(referral.advocate)
    if referral_code:
        code = facts.codes.find(referral_code.casefold())
        if code:
            subjects.append(code.member)
    return subjects


def fire_due(rulebook: Rulebook, facts: Facts, log: Log, subjects: Iterable[int], ran: Ran) -> bool:
    """Fire the due timers of some subjects, earliest first, and those that they set in turn.

    A timer that needs what was not loaded ends the batch before it; when it is the first, it is set aside, since
    loading again would find no more.

    Args:
        ran: the batch so far, to which each is added.

    Returns:
        Whether none is due any more; a batch from a store ends when it is long enough.
    """
    decided = ran.decided
    while (timer := _earliest(facts, subjects, log.clock)) is not None:
        if len(decided) - ran.taken >= MOST_TIMERS and not facts.timers.whole:
            return False
        try:
            decided.append(fire(rulebook, facts, log, timer))
        except NotLoaded as error:
            if decided:
                raise
            decided.append(_set_aside(facts, timer_event(timer, log, rulebook), timer, error))
    return True


def fire(rulebook: Rulebook, facts: Facts, log: Log, timer: Timer) -> Decided:
    """Fire one timer; one that fails is set aside, and gone."""
    event = timer_event(timer, log, rulebook)
    try:
        decision = decide_timer(rulebook, facts, event, timer)
    except NotLoaded:
        log.position -= 1
        raise
    except Exception as error:
        return _set_aside(facts, event, timer, error)
    _fold_in(facts, event, decision, log)
    return Decided(event, decision)


def _set_aside(facts: Facts, event: Event, timer: Timer, error: Exception) -> Decided:
    facts.timers.rows[timer.subject].pop(timer.id, None)
    facts.gone.add(timer.id)
    return Decided(event, None, None, f"{type(error).__name__}: {error}")


def _earliest(facts: Facts, subjects: Iterable[int], now: Moment) -> Timer | None:
    first: Timer | None = None
    for subject in subjects:
        if facts.due.get(subject, 0) > now:
            continue
        held = facts.timers.find(subject)
        if not held:
            continue
        mine = min(held.values(), key=order_of)
        facts.due[subject] = mine.due_at
        if mine.due_at <= now and (first is None or order_of(mine) < order_of(first)):
            first = mine
    return first


def order_of(timer: Timer) -> tuple[Moment, int]:
    """By what timers are put in the order in which they fire."""
    return timer.due_at, timer.id


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


def sweep(rulebook: Rulebook, facts: Facts, log: Log, subjects: Iterable[int]) -> Ran:
    """Fire the due timers of subjects that had no event of their own."""
    ran = Ran()
    try:
        fire_due(rulebook, facts, log, list(subjects), ran)
    except NotLoaded as error:
        ran.missing = str(error)
    return ran
