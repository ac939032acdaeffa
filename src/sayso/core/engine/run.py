"""The one loop: due timers first, then the event, each decided and folded in before the next.

Serves live events and imports (`run`) and idle members (`sweep`). It must not store anything.
"""

from collections.abc import Iterable, Sequence

from sayso.core.engine.amounts import NoRate
from sayso.core.engine.decide import decide
from sayso.core.engine.decision import Decided
from sayso.core.engine.due import fire_due, fold_in, subjects_before
from sayso.core.engine.events import REFUND, Arrival, Event
from sayso.core.engine.facts import Facts, NotLoaded
from sayso.core.engine.log import Log, Ran, enter, enter_unknown, remember
from sayso.core.engine.rulebook import Rulebook
from sayso.core.engine.rulings import GiftDoesNotFit

# How the failure of a refund ends whose purchase is not in the log.
NOT_THERE = "which is not known yet"
# What an event says can make it one that cannot be decided; everything else is a defect.
_OF_THE_EVENT = (NoRate, GiftDoesNotFit)


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
            decided = Decided(enter_unknown(arrival, log, rulebook), None, arrival, str(error), is_defect=True)
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
        fold_in(facts, decided.event, decided.decision, log)
        remember(facts, decided.event, decided.decision.earned, source=arrival.source)
    return decided


def _decided(rulebook: Rulebook, facts: Facts, event: Event, arrival: Arrival) -> Decided:
    if event.type == REFUND and arrival.refers_to and not event.refers_to and not event.counts_only:
        return Decided(event, None, arrival, f"refers to {arrival.refers_to}, {NOT_THERE}")
    try:
        decision = decide(rulebook, facts, event)
    except NotLoaded:
        raise
    except Exception as error:
        return Decided(event, None, arrival, f"{type(error).__name__}: {error}", not isinstance(error, _OF_THE_EVENT))
    return Decided(event, decision, arrival)


def sweep(rulebook: Rulebook, facts: Facts, log: Log, subjects: Iterable[int]) -> Ran:
    """Fire the due timers of subjects that had no event of their own."""
    ran = Ran()
    try:
        fire_due(rulebook, facts, log, list(subjects), ran)
    except NotLoaded as error:
        ran.missing = str(error)
    return ran
